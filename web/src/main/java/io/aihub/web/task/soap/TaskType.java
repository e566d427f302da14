package io.aihub.web.task.soap;

import io.aihub.task.api.TaskView;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlSchemaType;
import jakarta.xml.bind.annotation.XmlType;
import java.util.List;
import javax.xml.datatype.XMLGregorianCalendar;

/** A task as SOAP answers it; the elements are those of {@code TaskView}. */
@SuppressWarnings("UnusedVariable") // JAXB reads the fields
@XmlType(name = "Task")
public class TaskType {

  @XmlElement(required = true)
  private long id;

  @XmlElement(required = true)
  private String name;

  @XmlElement(required = true)
  private PriorityType priority;

  @XmlElement(required = true)
  @XmlSchemaType(name = "dateTime")
  private XMLGregorianCalendar expectedDeliveryAt;

  private String project;

  @XmlElement(required = true)
  private String submitter;

  @XmlElement(required = true)
  private String receiver;

  @XmlElement(required = true)
  private String machineTag;

  @XmlElement(required = true)
  private String indexAddress;

  @XmlElement(required = true)
  private IndexCharsetType indexCharset;

  @XmlElement(required = true)
  private String targetPath;

  @XmlElement(required = true)
  private String manifestPath;

  @XmlElement(required = true)
  private String purpose;

  @XmlElement(required = true)
  private String scriptSha256;

  @XmlElement(required = true)
  private boolean overwrite;

  private List<String> allowedHost;

  @XmlElement(required = true)
  private boolean javaWire;

  @XmlElement(required = true)
  private TaskStateType state;

  @XmlElement(required = true)
  @XmlSchemaType(name = "dateTime")
  private XMLGregorianCalendar createdAt;

  @XmlSchemaType(name = "dateTime")
  private XMLGregorianCalendar approvedAt;

  @XmlSchemaType(name = "dateTime")
  private XMLGregorianCalendar finishedAt;

  private List<TargetSharerType> sharesTargetWith;

  protected TaskType() {} // for JAXB

  static TaskType of(TaskView task) {
    TaskType type = new TaskType();
    type.id = task.id();
    type.name = task.name();
    type.priority = PriorityType.valueOf(task.priority().name());
    type.expectedDeliveryAt = XmlTime.of(task.expectedDeliveryAt());
    type.project = task.project();
    type.submitter = task.submitter();
    type.receiver = task.receiver();
    type.machineTag = task.machineTag();
    type.indexAddress = task.indexAddress();
    type.indexCharset = IndexCharsetType.valueOf(task.indexCharset().name());
    type.targetPath = task.targetPath();
    type.manifestPath = task.manifestPath();
    type.purpose = task.purpose();
    type.scriptSha256 = task.scriptSha256();
    type.overwrite = task.overwrite();
    type.allowedHost = task.allowedHosts();
    type.javaWire = task.javaWire();
    type.state = TaskStateType.valueOf(task.state().name());
    type.createdAt = XmlTime.of(task.createdAt());
    type.approvedAt = XmlTime.of(task.approvedAt());
    type.finishedAt = XmlTime.of(task.finishedAt());
    if (task.sharesTargetWith() != null) {
      type.sharesTargetWith = task.sharesTargetWith().stream().map(TargetSharerType::of).toList();
    }
    return type;
  }
}
