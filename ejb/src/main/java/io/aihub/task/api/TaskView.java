package io.aihub.task.api;

import java.time.Instant;
import java.util.List;

/**
 * A task as people and programs read it; the fields are those of {@link NewTask}, and what became
 * of it.
 *
 * @param manifestPath the folder of the manifest's parts, relative to the target bucket
 * @param sharesTargetWith other unfinished tasks whose files may meet those of this one, the newest
 *     first and no more than the latest 20; empty for a task that has ended itself; null where
 *     tasks are listed
 */
public record TaskView(
    long id,
    String name,
    Priority priority,
    Instant expectedDeliveryAt,
    TaskType type,
    String project,
    String submitter,
    String submitterName,
    String receiver,
    String receiverName,
    String machineTag,
    String indexAddress,
    IndexCharset indexCharset,
    String targetPath,
    String manifestPath,
    String purpose,
    String scriptSha256,
    boolean overwrite,
    List<String> allowedHosts,
    boolean javaWire,
    TaskState state,
    Instant createdAt,
    Instant approvedAt,
    Instant finishedAt,
    List<TargetSharer> sharesTargetWith) {

  /** The folder below target paths that the server keeps for itself: manifests are in it. */
  public static final String MANIFEST_FOLDER = "_manifest";

  /** The folder at the top of the target bucket where the server keeps its working copies. */
  public static final String OWN_FOLDER = "_aihub";
}
