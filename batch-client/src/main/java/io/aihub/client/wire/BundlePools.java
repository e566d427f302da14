package io.aihub.client.wire;

import io.aihub.client.lifecycle.Hashes;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pool for each bundle of certificates that scripts trust, up to a number: then the one that was
 * unused for longest makes room, and a script that makes up a new bundle at every line neither
 * grows the process nor keeps others from theirs. Thread-safe.
 */
final class BundlePools {

  private final int room;
  private final NetworkRules rules;
  private final Object making = new Object();

  /** By the bundle's hash, the one looked up last comes last. */
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Entry {
    private final Pool pool;
    private int users;

    Entry(Pool pool) {
      this.pool = pool;
    }
  }

  /** No pools yet, and later up to {@code room}. */
  BundlePools(int room, NetworkRules rules) {
    this.room = room;
    this.rules = rules;
  }

  /** The pool of a bundle that was used before; null where it has made room since. */
  synchronized PoolUse use(String hash) {
    Entry entry = entries.get(hash);
    if (entry == null) {
      return null;
    }
    entry.users++;
    return new PoolUse(entry.pool, hash, () -> end(entry));
  }

  /**
   * The pool of a bundle.
   *
   * @throws IOException where there is no certificate in it, or all pools are in use
   */
  PoolUse use(byte[] pem) throws IOException {
    String hash = Hashes.sha256(pem);
    synchronized (making) { // contexts that start at the same time want the same one
      PoolUse known = use(hash);
      return known == null ? use(hash, Pool.trusting(pem, rules)) : known;
    }
  }

  private synchronized PoolUse use(String hash, Pool made) throws IOException {
    if (entries.size() >= room && !dropUnused()) {
      made.close();
      throw new IOException("too many bundles are in use");
    }
    entries.put(hash, new Entry(made));
    return use(hash);
  }

  private boolean dropUnused() {
    for (Iterator<Entry> longestFirst = entries.values().iterator(); longestFirst.hasNext(); ) {
      Entry entry = longestFirst.next();
      if (entry.users == 0 && entry.pool.leased() == 0) {
        longestFirst.remove();
        entry.pool.close();
        return true;
      }
    }
    return false;
  }

  private synchronized void end(Entry entry) {
    entry.users--;
  }

  synchronized List<Pool> pools() {
    return entries.values().stream().map(entry -> entry.pool).toList();
  }
}
