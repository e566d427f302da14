package io.aihub.web.task.soap;

import jakarta.xml.bind.annotation.XmlEnum;
import jakarta.xml.bind.annotation.XmlType;

/** The states of a try-out. The constants are those of {@link io.aihub.tryout.api.TryOutState}. */
@XmlEnum
@XmlType(name = "TryOutState")
public enum TryOutStateType {
  SUBMITTED,
  RUNNING,
  DONE,
  EXPIRED
}
