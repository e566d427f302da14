package io.aihub.queue.entity;

/**
 * Names a segment: a run of lines of one task's index.
 *
 * @param no from 1
 */
public record SegmentId(long taskId, int no) {}
