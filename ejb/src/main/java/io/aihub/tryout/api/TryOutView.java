package io.aihub.tryout.api;

import java.time.Instant;
import java.util.List;

/**
 * A try-out and what has come of it so far.
 *
 * @param allowedHosts none for all that are public
 * @param machine the machine that took it, or null
 * @param lines every line of it, with results where there are some; null in lists
 * @param succeeded how many lines brought a file
 * @param failed how many did not
 * @param estimatedLines how many lines the index has, judged by its beginning; null where that
 *     can't be told
 * @param estimatedBytes how much the whole index would bring, judged by the lines tried; null
 *     before the first
 */
public record TryOutView(
    long id,
    TryOutState state,
    String scriptSha256,
    String machineTag,
    String indexAddress,
    List<String> allowedHosts,
    boolean javaWire,
    String submitter,
    String submitterName,
    Instant submittedAt,
    String machine,
    Instant startedAt,
    Instant finishedAt,
    int wanted,
    int succeeded,
    int failed,
    Long estimatedLines,
    Long estimatedBytes,
    List<TryOutLineView> lines) {}
