package io.aihub.client.wire;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.hc.core5.util.TimeValue;

/** The connections of this process's scripts. Thread-safe. */
public final class Wire implements AutoCloseable {

  /** A script that makes up a new bundle at every line must not grow the process. */
  private static final int MAX_BUNDLES = 16;

  private static final TimeValue IDLE = TimeValue.ofSeconds(30);

  private final NetworkRules rules;
  private final BodyMemory memory;
  private final Path spools;
  private final Pool trustingAll;
  private final Map<String, Pool> trusting = new ConcurrentHashMap<>();

  /**
   * No connections yet.
   *
   * @param rules where scripts may connect to
   * @param memory for bodies that are read in one piece
   * @param spools an existing folder, where such bodies may be until they are whole
   */
  public Wire(NetworkRules rules, BodyMemory memory, Path spools) {
    this.rules = rules;
    this.memory = memory;
    this.spools = spools;
    this.trustingAll = Pool.trustingAll(rules);
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
  public Pool trustingAll() {
    return trustingAll;
  }

  /**
   * For https with certificates of a bundle.
   *
   * @param pem the certificates to trust
   * @throws IOException where there are none in it, or too many bundles are in use
   */
  public Pool trusting(byte[] pem) throws IOException {
    String hash = hash(pem);
    Pool known = trusting.get(hash);
    if (known != null) {
      return known;
    }
    synchronized (trusting) {
      if (trusting.containsKey(hash)) {
        return trusting.get(hash);
      }
      if (trusting.size() >= MAX_BUNDLES) {
        throw new IOException("too many bundles");
      }
      Pool made = Pool.trusting(pem, rules);
      trusting.put(hash, made);
      return made;
    }
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
    return Stream.concat(Stream.of(trustingAll), trusting.values().stream());
  }

  private static String hash(byte[] pem) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(pem));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
