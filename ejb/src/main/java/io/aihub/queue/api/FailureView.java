package io.aihub.queue.api;

import java.time.Instant;

/**
 * An entry of the failure log: a line whose last attempt failed.
 *
 * @param line its number in the index file
 * @param text the line itself, cut after 2,000 characters
 * @param isFinal false while it waits to be tried again
 * @param attempts attempts made so far
 * @param failureClass class of the last failure
 * @param message what went wrong, in a sentence
 * @param output the end of what the script printed, or null
 * @param machine name of the machine of the last attempt, or null
 * @param at when the last attempt ended
 * @param nextAttemptAt when it is due again, or null
 */
public record FailureView(
    long line,
    String text,
    boolean isFinal,
    int attempts,
    FailureClass failureClass,
    String message,
    String output,
    String machine,
    Instant at,
    Instant nextAttemptAt) {}
