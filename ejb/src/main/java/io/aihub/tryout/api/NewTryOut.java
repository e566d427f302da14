package io.aihub.tryout.api;

import io.aihub.task.api.IndexCharset;
import java.util.List;

/**
 * The wish to see what a script does with the first lines of an index.
 *
 * @param scriptSha256 the version
 * @param machineTag whose machines may do it
 * @param indexAddress {@code s3://bucket/key}
 * @param indexCharset null means UTF-8
 * @param lines how many, 1 to 100; null means 10
 * @param allowedHosts as in a task
 * @param javaWire as in a task
 */
public record NewTryOut(
    String scriptSha256,
    String machineTag,
    String indexAddress,
    IndexCharset indexCharset,
    Integer lines,
    List<String> allowedHosts,
    Boolean javaWire) {}
