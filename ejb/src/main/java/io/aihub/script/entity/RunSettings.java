package io.aihub.script.entity;

import io.aihub.script.api.ScriptOptions;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.List;

/** How a script is run, beside which version: a part of a task and of a try-out. */
@Embeddable
public class RunSettings {

  private static final String SPACE = " "; // no host has one

  @Column(name = "allowed_hosts")
  private String allowedHosts;

  @Column(name = "java_wire")
  private boolean javaWire;

  protected RunSettings() {} // for JPA

  /**
   * Settings that have been checked.
   *
   * @param allowedHosts null or none for any host that is public
   * @param javaWire false where requests go over Python's own sockets; null means true
   */
  public RunSettings(List<String> allowedHosts, Boolean javaWire) {
    boolean any = allowedHosts == null || allowedHosts.isEmpty();
    this.allowedHosts = any ? null : String.join(SPACE, allowedHosts);
    this.javaWire = !Boolean.FALSE.equals(javaWire);
  }

  /** None for any host that is public. */
  public List<String> allowedHosts() {
    return allowedHosts == null ? List.of() : List.of(allowedHosts.split(SPACE));
  }

  public boolean isJavaWire() {
    return javaWire;
  }

  /** What a client has to be told of them; null where they are as usual. */
  public ScriptOptions options() {
    return ScriptOptions.of(allowedHosts(), javaWire);
  }

  /** The same of the columns as they stand in the database. */
  public static ScriptOptions options(String allowedHosts, boolean javaWire) {
    RunSettings settings = new RunSettings();
    settings.allowedHosts = allowedHosts;
    settings.javaWire = javaWire;
    return settings.options();
  }
}
