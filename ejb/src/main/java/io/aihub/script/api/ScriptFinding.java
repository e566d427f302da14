package io.aihub.script.api;

/**
 * Something in a script's source that its author should know, though it may be right.
 *
 * @param line from 1
 * @param column in characters, from 1
 * @param code its stable name, for programs
 * @param detail the same in the reader's language, line and column included
 */
public record ScriptFinding(int line, int column, String code, String detail) {}
