package io.aihub.task.api;

/**
 * How urgent a task is. The order of the constants is the order of the queue, least urgent first;
 * the database keeps the ordinal.
 */
public enum Priority {
  LOW,
  MEDIUM,
  HIGH
}
