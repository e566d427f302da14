package io.aihub.web.task;

/**
 * What a person says to a step in the life of a task.
 *
 * @param comment up to 1,000 characters; required where a task is rejected
 */
public record Decision(String comment) {}
