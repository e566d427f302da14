package io.aihub.requirement.api;

import java.time.Instant;
import java.util.List;

/**
 * What a script requires, and what has come of it.
 *
 * @param sha256 of the text in UTF-8
 * @param text the lines of {@code requirements.txt}
 * @param pins empty unless ready; also where clients have all of it
 * @param code stable name of what stands in the way, or stood there at the last attempt; null where
 *     there is nothing
 * @param reason the same in the reader's language
 * @param machine that is at it, or was last; or null
 * @param resolvedAt when it became ready or was refused; null before
 * @param warnings what of it is known to fail once it is used, in the reader's language
 */
public record RequirementsView(
    String sha256,
    String text,
    RequirementsState state,
    List<PackagePin> pins,
    String code,
    String reason,
    String machine,
    Instant resolvedAt,
    List<String> warnings) {}
