package io.aihub.task.api;

import java.time.Instant;
import java.util.List;

/**
 * The form of a new task. Values are checked by {@code TaskService.create}, which names the field
 * that breaks a rule.
 *
 * @param name 1 to 32 characters: Chinese, letters, digits, {@code _} and {@code -}
 * @param priority null means low
 * @param expectedDeliveryAt wanted delivery time, to the second; required and not in the past
 * @param type null means data download
 * @param project name of the R&D project, or null
 * @param receiver username of the person who approves; never the submitter
 * @param machineTag tag of the download servers
 * @param indexAddress {@code s3://bucket/key} of the index file
 * @param indexCharset null means UTF-8
 * @param targetPath where the files go, relative to the target bucket
 * @param purpose what the data is for, its estimated size and so on; the receiver decides by it
 * @param scriptSha256 an uploaded script version; null where {@code script} carries the source
 *     itself
 * @param script source of the download script, stored as a new version; null where {@code
 *     scriptSha256} names one
 * @param requirements the text of a {@code requirements.txt} for {@code script}, or null
 * @param overwrite whether files that an earlier task left under the target path may be replaced;
 *     null means no
 * @param allowedHosts the only hosts that the script may reach: names, {@code *.example.org} for
 *     all below one, addresses; null or empty for all that are public
 * @param javaWire false where the script's requests are to go over Python's own sockets; null means
 *     true
 */
public record NewTask(
    String name,
    Priority priority,
    Instant expectedDeliveryAt,
    TaskType type,
    String project,
    String receiver,
    String machineTag,
    String indexAddress,
    IndexCharset indexCharset,
    String targetPath,
    String purpose,
    String scriptSha256,
    String script,
    String requirements,
    Boolean overwrite,
    List<String> allowedHosts,
    Boolean javaWire) {}
