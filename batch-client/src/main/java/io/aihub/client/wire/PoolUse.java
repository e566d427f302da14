package io.aihub.client.wire;

/**
 * Keeps a pool from being given up until a request has its connection there; the connection keeps
 * it from then on.
 */
public final class PoolUse implements AutoCloseable {

  private final Pool pool;
  private final String bundle;
  private final Runnable end;

  PoolUse(Pool pool, String bundle, Runnable end) {
    this.pool = pool;
    this.bundle = bundle;
    this.end = end;
  }

  public Pool pool() {
    return pool;
  }

  /** What {@link Wire#trusting(String)} knows the pool's bundle by. */
  public String bundle() {
    return bundle;
  }

  @Override
  public void close() {
    end.run();
  }
}
