package io.aihub.client.script;

import java.lang.ref.WeakReference;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;

/**
 * A map that keeps neither its keys nor its values from being collected: for values that refer to
 * their keys, which would stay for good in a {@link WeakHashMap}, and that their keys hold.
 * Thread-safe.
 */
final class WeakData<K, V> extends AbstractMap<K, V> {

  private final Map<K, WeakReference<V>> values = new WeakHashMap<>();

  WeakData(Map<K, V> first) {
    first.forEach((key, value) -> values.put(key, new WeakReference<>(value)));
  }

  @Override
  public synchronized V get(Object key) {
    WeakReference<V> value = values.get(key);
    return value == null ? null : value.get();
  }

  @Override
  public synchronized V computeIfAbsent(K key, Function<? super K, ? extends V> make) {
    V known = get(key);
    if (known != null) {
      return known;
    }
    V made = make.apply(key);
    if (made != null) {
      values.put(key, new WeakReference<>(made));
    }
    return made;
  }

  @Override
  public synchronized int size() {
    return values.size();
  }

  /** A copy. */
  @Override
  public synchronized Set<Entry<K, V>> entrySet() {
    Map<K, V> there = new HashMap<>();
    values.forEach(
        (key, value) -> {
          V data = value.get();
          if (key != null && data != null) {
            there.put(key, data);
          }
        });
    return there.entrySet();
  }
}
