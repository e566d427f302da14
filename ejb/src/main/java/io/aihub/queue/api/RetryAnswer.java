package io.aihub.queue.api;

import io.aihub.task.api.TaskView;

/**
 * Failed lines are going to be tried again.
 *
 * @param task the task, in progress
 * @param lines how many lines
 */
public record RetryAnswer(TaskView task, long lines) {}
