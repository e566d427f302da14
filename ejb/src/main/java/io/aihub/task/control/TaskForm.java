package io.aihub.task.control;

import io.aihub.script.control.HostList;
import io.aihub.shared.InputCheck;
import io.aihub.task.api.NewTask;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/**
 * The rules of the new task form (seed: 提交下载任务) that need no look into the database.
 *
 * <p>Checking never throws: it gathers, so that the sender hears of every field at once.
 */
public final class TaskForm {

  private static final Pattern NAME = Pattern.compile("[\\p{IsHan}A-Za-z0-9_-]{1,32}");
  private static final Pattern INDEX_ADDRESS =
      Pattern.compile("s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/(?<key>.+)", Pattern.DOTALL);
  private static final int MAX_KEY_BYTES = 1024;
  private static final int MAX_PURPOSE = 4000;

  private TaskForm() {}

  /**
   * The form with its texts trimmed, its time cut to seconds and its path normalised; only good
   * where nothing was rejected.
   */
  public static NewTask check(NewTask form, Instant now, InputCheck check) {
    String name = check.requiredName("name", form.name(), NAME, "task.name.invalid");
    Instant delivery = checkDelivery(form.expectedDeliveryAt(), now, check);
    String project = check.optionalText("project", form.project(), 64);
    String index = checkIndex(form.indexAddress(), check);
    String target = TargetPath.check(check, "targetPath", form.targetPath());
    String purpose = check.requiredText("purpose", form.purpose(), MAX_PURPOSE);
    boolean bySha = form.scriptSha256() != null && !form.scriptSha256().isBlank();
    boolean bySource = form.script() != null && !form.script().isBlank();
    if (bySha == bySource) {
      check.reject("script", bySha ? "task.script.both" : "task.script.none");
    }
    boolean requires = form.requirements() != null && !form.requirements().isBlank();
    if (requires && !bySource) {
      check.reject("requirements", "task.requirements.alone");
    }
    return new NewTask(
        name,
        form.priority(),
        delivery,
        form.type(),
        project,
        form.receiver(),
        form.machineTag(),
        index,
        form.indexCharset(),
        target,
        purpose,
        bySha ? form.scriptSha256().strip() : null,
        bySource ? form.script() : null,
        requires ? form.requirements() : null,
        form.overwrite(),
        HostList.check(form.allowedHosts(), check),
        form.javaWire());
  }

  private static Instant checkDelivery(Instant wanted, Instant now, InputCheck check) {
    if (wanted == null) {
      check.reject("expectedDeliveryAt", "input.required", "expectedDeliveryAt");
      return null;
    }
    Instant delivery = wanted.truncatedTo(ChronoUnit.SECONDS);
    if (delivery.isBefore(now.truncatedTo(ChronoUnit.SECONDS))) {
      check.reject("expectedDeliveryAt", "task.expectedDeliveryAt.past", delivery);
    } else if (delivery.isAfter(now.plus(36_500, ChronoUnit.DAYS))) {
      check.reject("expectedDeliveryAt", "task.expectedDeliveryAt.far", delivery);
    }
    return delivery;
  }

  /** The address of an index file, trimmed; only good where nothing was rejected. */
  public static String checkIndex(String value, InputCheck check) {
    if (value == null || value.isBlank()) {
      check.reject("indexAddress", "input.required", "indexAddress");
      return null;
    }
    String address = value.strip();
    var matcher = INDEX_ADDRESS.matcher(address);
    if (!matcher.matches()
        || !address.codePoints().allMatch(InputCheck::isOneLine)
        || matcher.group("key").getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
      check.reject("indexAddress", "task.indexAddress.invalid");
      return null;
    }
    return address;
  }
}
