package io.aihub.web.task.soap;

import io.aihub.task.api.TargetSharer;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;

/** An unfinished task that writes where another one does; the elements are those of REST. */
@SuppressWarnings("UnusedVariable") // JAXB reads the fields
@XmlType(name = "TargetSharer")
public class TargetSharerType {

  @XmlElement(required = true)
  private long id;

  @XmlElement(required = true)
  private String name;

  @XmlElement(required = true)
  private String submitter;

  @XmlElement(required = true)
  private TaskStateType state;

  @XmlElement(required = true)
  private String targetPath;

  @XmlElement(required = true)
  private boolean overwrite;

  protected TargetSharerType() {} // for JAXB

  static TargetSharerType of(TargetSharer sharer) {
    TargetSharerType type = new TargetSharerType();
    type.id = sharer.id();
    type.name = sharer.name();
    type.submitter = sharer.submitter();
    type.state = TaskStateType.valueOf(sharer.state().name());
    type.targetPath = sharer.targetPath();
    type.overwrite = sharer.overwrite();
    return type;
  }
}
