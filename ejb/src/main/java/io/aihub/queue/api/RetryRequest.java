package io.aihub.queue.api;

import java.util.List;

/**
 * Which failed lines of a task are to be tried again, all their attempts anew.
 *
 * @param classes only lines that failed like this; null or empty: whatever the class
 * @param lines only these lines, numbered from 1, up to 1,000 of them; null or empty: all
 * @param comment why, up to 1,000 characters, for the history of the task; may be null
 */
public record RetryRequest(List<FailureClass> classes, List<Long> lines, String comment) {}
