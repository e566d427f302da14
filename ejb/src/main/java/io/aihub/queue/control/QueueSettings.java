package io.aihub.queue.control;

import java.time.Duration;

/**
 * The queue's configuration, {@code aihub.queue.*}.
 *
 * @param leaseTime how long a lease lives unless renewed
 * @param lineTimeLimit how long one line may take
 * @param maxAttempts attempts at a line before it has failed for good
 * @param retryBase the longest wait before the second attempt; doubled for each further one
 * @param retryMax the longest wait before any attempt, unless the origin asks for more
 * @param pollInterval how soon a worker asks again where there was nothing to hand out
 * @param segmentCacheBytes memory for the text of segments
 * @param verifyUploads whether a success is looked up in storage before it is counted; false only
 *     for benchmarks and where every machine is trusted
 */
public record QueueSettings(
    Duration leaseTime,
    Duration lineTimeLimit,
    int maxAttempts,
    Duration retryBase,
    Duration retryMax,
    Duration pollInterval,
    long segmentCacheBytes,
    boolean verifyUploads) {

  /** What stands where nothing is configured. */
  public static final QueueSettings DEFAULTS =
      new QueueSettings(
          Duration.ofSeconds(120),
          Duration.ofSeconds(600),
          3,
          Duration.ofSeconds(10),
          Duration.ofSeconds(3600),
          Duration.ofSeconds(5),
          64L << 20,
          true);
}
