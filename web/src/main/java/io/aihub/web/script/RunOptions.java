package io.aihub.web.script;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;

/** How a script is to be run, as a form has it. */
public class RunOptions implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final Pattern BETWEEN = Pattern.compile("[\\s,;\uff0c\uff1b\u3001]+");

  private String allowedHosts;
  private boolean javaWire = true;

  /** The hosts one by one; none for any. */
  public List<String> hosts() {
    return allowedHosts == null
        ? List.of()
        : BETWEEN.splitAsStream(allowedHosts).filter(host -> !host.isEmpty()).toList();
  }

  /** The hosts as they were written, one a line or with commas between them. */
  public String getAllowedHosts() {
    return allowedHosts;
  }

  public void setAllowedHosts(String allowedHosts) {
    this.allowedHosts = allowedHosts;
  }

  /** Whether requests go through Java's connections; else through Python's own sockets. */
  public boolean isJavaWire() {
    return javaWire;
  }

  public void setJavaWire(boolean javaWire) {
    this.javaWire = javaWire;
  }
}
