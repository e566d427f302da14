package io.aihub.queue.api;

import java.util.List;

/**
 * What came of checking every task.
 *
 * @param tasks how many were checked
 * @param faults those that are off
 */
public record LedgerReport(int tasks, List<LedgerCheck> faults) {}
