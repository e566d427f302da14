package io.aihub.web.task;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LedgerView;
import io.aihub.queue.api.TaskLimits;
import io.aihub.task.api.TaskView;
import io.aihub.task.api.TransitionView;
import java.util.List;
import java.util.Map;

/**
 * Everything about one task but its failure log.
 *
 * @param failuresByClass how many lines have failed for good; classes without any are left out
 * @param transitions oldest first
 */
public record TaskDetail(
    TaskView task,
    TaskLimits limits,
    LedgerView ledger,
    Map<FailureClass, Long> failuresByClass,
    List<TransitionView> transitions) {}
