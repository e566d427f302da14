package io.aihub.script.api;

import java.time.Instant;

/**
 * A version of a download script, without its source.
 *
 * @param sha256 of the source in UTF-8: 64 lower-case hexadecimal digits
 * @param name the file name it was uploaded with
 * @param note what its author wrote on it, or null
 * @param author username of the first who uploaded it
 */
public record ScriptView(
    String sha256, String name, String note, String author, String authorName, Instant createdAt) {}
