package io.aihub.web.identity;

/** The roles; a caller's groups have the same names. */
public final class Roles {

  /** A person with an account. */
  public static final String USER = "USER";

  /** A person who also makes accounts, machines and projects. */
  public static final String ADMIN = "ADMIN";

  /** A download server. */
  public static final String MACHINE = "MACHINE";

  private Roles() {}
}
