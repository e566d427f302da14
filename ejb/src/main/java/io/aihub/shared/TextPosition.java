package io.aihub.shared;

/**
 * A place in a text that somebody handed in, as editors count.
 *
 * @param line from 1
 * @param column in characters, from 1
 */
public record TextPosition(int line, int column) {}
