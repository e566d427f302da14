package io.aihub.script.boundary;

import io.aihub.identity.control.UserRepository;
import io.aihub.identity.entity.UserAccount;
import io.aihub.requirement.api.RequirementsState;
import io.aihub.requirement.control.RequirementRepository;
import io.aihub.requirement.entity.RequirementSet;
import io.aihub.script.api.ScriptFinding;
import io.aihub.script.api.ScriptView;
import io.aihub.script.control.BroughtModules;
import io.aihub.script.control.Finding;
import io.aihub.script.control.ScriptRepository;
import io.aihub.script.control.ScriptReview;
import io.aihub.script.control.ScriptSource;
import io.aihub.script.entity.ScriptVersion;
import io.aihub.shared.ConflictException;
import io.aihub.shared.InputCheck;
import io.aihub.shared.InvalidException;
import io.aihub.shared.NotFoundException;
import io.aihub.shared.Page;
import io.aihub.shared.PageRequest;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Locale;

/**
 * The versions of download scripts (下载脚本), each known by the SHA-256 of what was handed in: its
 * source, and its {@code requirements.txt} where there is one.
 */
@Stateless
public class ScriptService {

  /** The name of a script that came without one. */
  public static final String DEFAULT_NAME = "download.py";

  /** The largest source that is kept. */
  public static final int MAX_BYTES = ScriptSource.MAX_BYTES;

  @Inject private ScriptRepository scripts;
  @Inject private RequirementRepository requirements;
  @Inject private UserRepository users;
  @Inject private Clock clock;

  /**
   * Keeps a version of a script. The same source with the same requirements is the same version,
   * with the name, note and author of the first time.
   *
   * @param name its file name, up to 128 characters; null means {@link #DEFAULT_NAME}
   * @param source up to 1 MiB of UTF-8: Python that defines {@code download} and imports what
   *     clients have, or what may come with the requirements
   * @param requirementsSha256 what it needs beside what clients have, kept before; null: nothing
   * @param note up to 1,000 characters, or null
   * @throws InvalidException with the field {@code script}, {@code requirements}, {@code name} or
   *     {@code note}
   */
  public ScriptView upload(
      String actor, String name, byte[] source, String requirementsSha256, String note) {
    UserAccount author = users.actor(actor);
    InputCheck check = new InputCheck();
    String fileName = check.optionalText("name", name, 128);
    String remark = check.optionalText("note", note, 1000);
    RequirementSet required = required(requirementsSha256, check);
    check.finish();
    ScriptSource checked = ScriptSource.of("script", source, BroughtModules.of(required));
    return view(
        scripts.keep(
            new ScriptVersion(
                fileName == null ? DEFAULT_NAME : fileName,
                checked.text(),
                required,
                remark,
                author,
                clock.instant())));
  }

  private RequirementSet required(String sha256, InputCheck check) {
    if (sha256 == null || sha256.isBlank()) {
      return null;
    }
    RequirementSet required = requirements.find(sha256).orElse(null);
    if (required == null) {
      check.reject("requirements", "requirements.unknown", sha256);
    }
    return required;
  }

  public ScriptView get(String sha256) {
    return view(version(sha256));
  }

  /**
   * The source. Its UTF-8 bytes have the SHA-256 that the version is known by, unless it has
   * requirements.
   */
  public String source(String sha256) {
    return version(sha256).source();
  }

  /**
   * Newest first.
   *
   * @param limit 1 to 500
   */
  public Page<ScriptView> list(int offset, int limit) {
    Page<ScriptVersion> page = scripts.page(new PageRequest(offset, limit));
    return new Page<>(
        page.items().stream().map(ScriptService::view).toList(), page.offset(), page.total());
  }

  /**
   * What a version requires beside what clients have.
   *
   * @return SHA-256 of its requirements
   * @throws NotFoundException it has none
   */
  public String requirements(String sha256) {
    RequirementSet required = version(sha256).requirements();
    if (required == null) {
      throw new NotFoundException("requirements.none", sha256);
    }
    return required.sha256();
  }

  /**
   * What its author should know of a version that was accepted; empty where there is nothing. With
   * requirements that are resolved, also that they don't bring what is imported, see {@link
   * #requireUsable}; with some that can't be installed, nothing of what they might have brought.
   *
   * @param reader language of the details
   */
  public List<ScriptFinding> warnings(String sha256, Locale reader) {
    ScriptVersion script = version(sha256);
    boolean refused = isRefused(script.requirements());
    return review(script).stream()
        .filter(finding -> finding.at() != null)
        .filter(finding -> !(refused && finding.reason().code().equals(ScriptReview.AWAITED)))
        .map(
            finding ->
                new ScriptFinding(
                    finding.at().line(),
                    finding.at().column(),
                    finding.reason().code(),
                    finding.reason().message(reader)))
        .toList();
  }

  /**
   * Makes sure that clients can run a version: that what it requires can be installed, and brings
   * what it imports.
   *
   * @throws ConflictException saying what is in the way
   */
  public void requireUsable(String sha256) {
    ScriptVersion script = version(sha256);
    RequirementSet required = script.requirements();
    if (required == null) {
      return;
    }
    if (isRefused(required)) {
      throw new ConflictException(required.reason());
    }
    if (required.state() != RequirementsState.READY) {
      throw new ConflictException("requirements.awaited");
    }
    review(script).stream()
        .filter(Finding::error)
        .findFirst()
        .ifPresent(
            missing -> {
              throw new ConflictException(missing.reason());
            });
  }

  /**
   * Whether nothing is known that keeps clients from running a version: since it was accepted, what
   * it requires may have turned out not to be installable, or not to bring what it imports.
   */
  public boolean isSound(String sha256) {
    ScriptVersion script = version(sha256);
    return !isRefused(script.requirements()) && review(script).stream().noneMatch(Finding::error);
  }

  private static boolean isRefused(RequirementSet required) {
    return required != null && required.state() == RequirementsState.REFUSED;
  }

  private static List<Finding> review(ScriptVersion script) {
    return ScriptReview.of(script.source(), BroughtModules.of(script.requirements()));
  }

  private ScriptVersion version(String sha256) {
    return scripts.find(sha256).orElseThrow(() -> new NotFoundException("script.unknown", sha256));
  }

  private static ScriptView view(ScriptVersion script) {
    RequirementSet required = script.requirements();
    return new ScriptView(
        script.sha256(),
        script.name(),
        script.note(),
        script.author().username(),
        script.author().displayName(),
        script.createdAt(),
        required == null ? null : required.sha256(),
        required == null ? null : required.state());
  }
}
