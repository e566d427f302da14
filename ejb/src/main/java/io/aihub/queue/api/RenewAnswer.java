package io.aihub.queue.api;

import java.util.List;

/**
 * The lease goes on.
 *
 * @param secondsToLive time until it expires unless renewed again
 * @param stop true where the task was cancelled: the worker gives the untried lines back
 * @param withdrawn lines that went to other workers, because this one was slow: they need not be
 *     done, and results for them count for nothing; never null
 */
public record RenewAnswer(int secondsToLive, boolean stop, List<Long> withdrawn) {}
