package io.aihub.queue.api;

import java.util.List;

/** One grant for each file asked for, in the same order. */
public record UploadAnswer(List<UploadGrant> grants) {}
