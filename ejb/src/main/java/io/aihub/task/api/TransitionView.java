package io.aihub.task.api;

import java.time.Instant;

/**
 * One step in the life of a task.
 *
 * @param from null for the first
 * @param actor username, or {@code system}
 * @param actorName the name to show
 * @param comment what the person wrote, or null
 * @param reason why the system did it, in the reader's language, or null
 */
public record TransitionView(
    TaskState from,
    TaskState to,
    String actor,
    String actorName,
    Instant at,
    String comment,
    String reason) {}
