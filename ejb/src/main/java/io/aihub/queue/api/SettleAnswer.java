package io.aihub.queue.api;

/**
 * The report was counted.
 *
 * @param succeeded lines counted as succeeded, now verified in storage
 * @param retrying lines that failed and will be tried again
 * @param failed lines that failed for good
 * @param givenBack lines that went back untried
 * @param next the lines to do next, or null: none were asked for, or there are none
 * @param retryAfterSeconds when to ask again where {@code next} is null; null where none were asked
 *     for
 */
public record SettleAnswer(
    int succeeded,
    int retrying,
    int failed,
    int givenBack,
    LeaseGrant next,
    Integer retryAfterSeconds) {}
