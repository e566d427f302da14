package io.aihub.tryout.api;

import io.aihub.script.api.ScriptOptions;
import java.util.List;

/**
 * A try-out that a machine is given. It runs the lines one after the other, uploads nothing, and
 * reports each as it is done; as long as it is at it, its status reports name it.
 *
 * @param lineTimeLimitSeconds how long one line may take
 * @param options how the script is to be run; null for the usual way
 */
public record TryOutOffer(
    long id,
    String scriptSha256,
    int lineTimeLimitSeconds,
    List<SampleLine> lines,
    ScriptOptions options) {}
