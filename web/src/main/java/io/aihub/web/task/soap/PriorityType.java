package io.aihub.web.task.soap;

import jakarta.xml.bind.annotation.XmlEnum;
import jakarta.xml.bind.annotation.XmlType;

/**
 * How urgent a task is, least urgent first. The constants are those of {@link
 * io.aihub.task.api.Priority}.
 */
@XmlEnum
@XmlType(name = "Priority")
public enum PriorityType {
  LOW,
  MEDIUM,
  HIGH
}
