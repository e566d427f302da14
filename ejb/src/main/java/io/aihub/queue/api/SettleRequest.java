package io.aihub.queue.api;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.UUID;

/**
 * A worker reports on every line of its lease and asks for the next ones.
 *
 * @param sequence the number the lease had when it was granted
 * @param report made up by the client for each report and kept when the same report is sent again
 *     because its answer was lost; the server answers a repeat as it answered the first, and
 *     refuses a second report
 * @param results exactly one for each leased line
 * @param nextCapacity how many lines to lease next, 0 to 1000; 0 ends the lease
 */
public record SettleRequest(
    long sequence,
    @NotNull UUID report,
    @NotNull List<@NotNull @Valid LineResult> results,
    @Min(0) @Max(1000) int nextCapacity) {}
