package io.aihub.queue.api;

/**
 * The lease goes on.
 *
 * @param secondsToLive time until it expires unless renewed again
 * @param stop true where the task was cancelled: the worker gives the untried lines back
 */
public record RenewAnswer(int secondsToLive, boolean stop) {}
