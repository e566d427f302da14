package io.aihub.tryout.api;

/**
 * A line that is tried.
 *
 * @param line its number in the index, from 1
 * @param text without its terminator
 */
public record SampleLine(long line, String text) {}
