package io.aihub.web.task.soap;

import jakarta.xml.bind.annotation.XmlEnum;
import jakarta.xml.bind.annotation.XmlType;

/** Why a line failed. The constants are those of {@link io.aihub.queue.api.FailureClass}. */
@XmlEnum
@XmlType(name = "FailureClass")
public enum FailureClassType {
  DNS,
  CONNECT,
  TIMEOUT,
  TLS,
  HTTP_4xx,
  HTTP_429,
  HTTP_5xx,
  SCRIPT,
  RETURNED_NONE,
  OUTPUT,
  CLASH,
  UPLOAD,
  LOST,
  INDEX
}
