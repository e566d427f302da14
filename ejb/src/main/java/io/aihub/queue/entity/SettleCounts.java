package io.aihub.queue.entity;

/** How the lines of one report were counted. */
public record SettleCounts(int succeeded, int retrying, int failed, int givenBack) {

  public static final SettleCounts NONE = new SettleCounts(0, 0, 0, 0);
}
