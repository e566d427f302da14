package io.aihub.web.task;

import io.aihub.task.api.Priority;

/** How urgent a task is from now on. */
public record NewPriority(Priority priority) {}
