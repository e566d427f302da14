package io.aihub.script.api;

import io.aihub.requirement.api.RequirementsState;
import java.time.Instant;

/**
 * A version of a download script, without its source.
 *
 * @param sha256 what it is known by, 64 lower-case hexadecimal digits: of the source in UTF-8; with
 *     requirements of the source, a NUL and their text
 * @param name the file name it was uploaded with
 * @param note what its author wrote on it, or null
 * @param author username of the first who uploaded it
 * @param requirementsSha256 of the {@code requirements.txt} that it needs, or null
 * @param requirements how far the packages in it are; null where it needs none
 */
public record ScriptView(
    String sha256,
    String name,
    String note,
    String author,
    String authorName,
    Instant createdAt,
    String requirementsSha256,
    RequirementsState requirements) {}
