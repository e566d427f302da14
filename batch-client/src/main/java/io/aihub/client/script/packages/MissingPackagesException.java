package io.aihub.client.script.packages;

/**
 * The packages that a script requires can't be installed on this machine now. Why may pass: an
 * index that doesn't answer, say.
 */
public class MissingPackagesException extends Exception {

  private static final long serialVersionUID = 1L;

  public MissingPackagesException(String message) {
    super(message);
  }
}
