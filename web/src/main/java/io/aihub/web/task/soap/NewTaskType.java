package io.aihub.web.task.soap;

import io.aihub.task.api.IndexCharset;
import io.aihub.task.api.NewTask;
import io.aihub.task.api.Priority;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlSchemaType;
import jakarta.xml.bind.annotation.XmlType;
import java.util.List;
import javax.xml.datatype.XMLGregorianCalendar;

/** The form of a new task; the elements are those of {@code NewTask}. */
@XmlType(name = "NewTask")
public class NewTaskType {

  @XmlElement(required = true)
  private String name;

  private PriorityType priority;

  @XmlElement(required = true)
  @XmlSchemaType(name = "dateTime")
  private XMLGregorianCalendar expectedDeliveryAt;

  private String project;

  @XmlElement(required = true)
  private String receiver;

  @XmlElement(required = true)
  private String machineTag;

  @XmlElement(required = true)
  private String indexAddress;

  private IndexCharsetType indexCharset;

  @XmlElement(required = true)
  private String targetPath;

  @XmlElement(required = true)
  private String purpose;

  private String scriptSha256;
  private String script;
  private String requirements;
  private Boolean overwrite;
  private List<String> allowedHost;
  private Boolean javaWire;

  protected NewTaskType() {} // for JAXB

  NewTask toForm() {
    return new NewTask(
        name,
        priority == null ? null : Priority.valueOf(priority.name()),
        XmlTime.toInstant(expectedDeliveryAt),
        null,
        project,
        receiver,
        machineTag,
        indexAddress,
        indexCharset == null ? null : IndexCharset.valueOf(indexCharset.name()),
        targetPath,
        purpose,
        scriptSha256,
        script,
        requirements,
        overwrite,
        allowedHost,
        javaWire);
  }
}
