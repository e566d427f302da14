package io.aihub.script.boundary;

import io.aihub.identity.control.UserRepository;
import io.aihub.identity.entity.UserAccount;
import io.aihub.script.api.ScriptFinding;
import io.aihub.script.api.ScriptView;
import io.aihub.script.control.ScriptRepository;
import io.aihub.script.control.ScriptReview;
import io.aihub.script.control.ScriptSource;
import io.aihub.script.entity.ScriptVersion;
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

/** The versions of download scripts (下载脚本), each known by the SHA-256 of its source. */
@Stateless
public class ScriptService {

  /** The name of a script that came without one. */
  public static final String DEFAULT_NAME = "download.py";

  /** The largest source that is kept. */
  public static final int MAX_BYTES = ScriptSource.MAX_BYTES;

  @Inject private ScriptRepository scripts;
  @Inject private UserRepository users;
  @Inject private Clock clock;

  /**
   * Keeps a version of a script. The same source again is the same version, with the name, note and
   * author of the first time.
   *
   * @param name its file name, up to 128 characters; null means {@link #DEFAULT_NAME}
   * @param source up to 1 MiB of UTF-8: Python that defines {@code download} and imports what
   *     clients have
   * @param note up to 1,000 characters, or null
   * @throws InvalidException with the field {@code script}, {@code name} or {@code note}
   */
  public ScriptView upload(String actor, String name, byte[] source, String note) {
    UserAccount author = users.actor(actor);
    InputCheck check = new InputCheck();
    String fileName = check.optionalText("name", name, 128);
    String remark = check.optionalText("note", note, 1000);
    check.finish();
    ScriptSource checked = ScriptSource.of("script", source);
    return view(
        scripts.keep(
            new ScriptVersion(
                checked.sha256(),
                fileName == null ? DEFAULT_NAME : fileName,
                checked.text(),
                remark,
                author,
                clock.instant())));
  }

  public ScriptView get(String sha256) {
    return view(version(sha256));
  }

  /** The source; its UTF-8 bytes have the SHA-256 it is known by. */
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
   * What its author should know of a version that was accepted; empty where there is nothing.
   *
   * @param reader language of the details
   */
  public List<ScriptFinding> warnings(String sha256, Locale reader) {
    return ScriptReview.of(source(sha256)).stream()
        .filter(finding -> finding.at() != null)
        .map(
            finding ->
                new ScriptFinding(
                    finding.at().line(),
                    finding.at().column(),
                    finding.reason().code(),
                    finding.reason().message(reader)))
        .toList();
  }

  private ScriptVersion version(String sha256) {
    return scripts.find(sha256).orElseThrow(() -> new NotFoundException("script.unknown", sha256));
  }

  private static ScriptView view(ScriptVersion script) {
    return new ScriptView(
        script.sha256(),
        script.name(),
        script.note(),
        script.author().username(),
        script.author().displayName(),
        script.createdAt());
  }
}
