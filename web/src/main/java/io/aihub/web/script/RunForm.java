package io.aihub.web.script;

import io.aihub.task.api.IndexCharset;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** On what, where and how a script is to be run, as the forms of tasks and try-outs have it. */
public class RunForm implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final Pattern BETWEEN = Pattern.compile("[\\s,;\uff0c\uff1b\u3001]+");

  private String machineTag;
  private String indexAddress;
  private IndexCharset indexCharset = IndexCharset.UTF_8;
  private String allowedHosts;
  private boolean javaWire = true;

  /** The hosts one by one; none for any. */
  public List<String> hosts() {
    return allowedHosts == null
        ? List.of()
        : BETWEEN.splitAsStream(allowedHosts).filter(host -> !host.isEmpty()).toList();
  }

  public String getMachineTag() {
    return machineTag;
  }

  public void setMachineTag(String machineTag) {
    this.machineTag = machineTag;
  }

  public String getIndexAddress() {
    return indexAddress;
  }

  public void setIndexAddress(String indexAddress) {
    this.indexAddress = indexAddress;
  }

  public IndexCharset[] getCharsets() {
    return IndexCharset.values();
  }

  public IndexCharset getIndexCharset() {
    return indexCharset;
  }

  public void setIndexCharset(IndexCharset indexCharset) {
    this.indexCharset = indexCharset;
  }

  /** The name of the charset, as a link has it. */
  public String getCharsetName() {
    return indexCharset.name();
  }

  /** Takes the charset of a link; one that there isn't is passed over. */
  public void setCharsetName(String name) {
    Arrays.stream(IndexCharset.values())
        .filter(charset -> charset.name().equals(name))
        .findFirst()
        .ifPresent(this::setIndexCharset);
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
