package io.aihub.queue.api;

/**
 * One line to download.
 *
 * @param line its number in the index file, from 1
 * @param attempt number of this attempt, from 1
 * @param text the line without its terminator
 */
public record LeasedLine(long line, int attempt, String text) {}
