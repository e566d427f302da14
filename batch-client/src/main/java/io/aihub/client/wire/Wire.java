package io.aihub.client.wire;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hc.core5.util.TimeValue;

/** The connections of this process's scripts. Thread-safe. */
public final class Wire implements AutoCloseable {

  private static final int MAX_BUNDLES = 16;

  private static final TimeValue IDLE = TimeValue.ofSeconds(30);

  private final BodyMemory memory;
  private final Path spools;
  private final Pool trustingAll;
  private final BundlePools trusting;

  /**
   * No connections yet.
   *
   * @param rules where scripts may connect to
   * @param memory for bodies that are read in one piece
   * @param spools an existing folder, where such bodies may be until they are whole
   */
  public Wire(NetworkRules rules, BodyMemory memory, Path spools) {
    this.memory = memory;
    this.spools = spools;
    trustingAll = Pool.trustingAll(rules);
    trusting = new BundlePools(MAX_BUNDLES, rules);
  }

  /**
   * A place for one script's requests.
   *
   * @param gate what its task lets it reach
   * @param log is told what becomes of them
   */
  public WireSession newSession(HostGate gate, SentLog log) {
    return new WireSession(gate, log, memory.newClaim(), spools);
  }

  /** For plain http, and for https where nobody wants a certificate looked at. */
  public PoolUse trustingAll() {
    return new PoolUse(trustingAll, "", () -> {});
  }

  /**
   * For https with certificates of a bundle.
   *
   * @param pem the certificates to trust
   * @throws IOException where there are none in it, or too many bundles are in use
   */
  public PoolUse trusting(byte[] pem) throws IOException {
    return trusting.use(pem);
  }

  /**
   * The same, cheaper, for a bundle that was used before.
   *
   * @param bundle what {@link PoolUse#bundle} has called it
   * @return null where its pool was given up since
   */
  public PoolUse trusting(String bundle) {
    return trusting.use(bundle);
  }

  /** Gives up connections that no one has used for half a minute. To be called now and then. */
  public void closeIdle() {
    pools().forEach(pool -> pool.closeIdle(IDLE));
  }

  /** How many connections are in use by a request or an answer that isn't read to its end. */
  public int leased() {
    return pools().mapToInt(Pool::leased).sum();
  }

  @Override
  public void close() {
    pools().forEach(Pool::close);
  }

  private Stream<Pool> pools() {
    return Stream.concat(Stream.of(trustingAll), trusting.pools().stream());
  }
}
