package io.aihub.client.script;

import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
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

  private WeakData(Map<K, V> first) {
    first.forEach((key, value) -> values.put(key, new WeakReference<>(value)));
  }

  /**
   * GraalPy notes by node what it knows of calls into Java, in a map of weak keys; but the values
   * know their nodes, so that none is ever let go of, nor the module that it is of. Puts one of
   * these in its place.
   *
   * @param language a {@code PythonLanguage}
   * @return what was put there
   * @throws ReflectiveOperationException where it has no such map
   */
  static Map<?, ?> putIn(Object language) throws ReflectiveOperationException {
    Field calls = CompiledCode.field(language.getClass(), "interopCallDataMap");
    Map<?, ?> known = (Map<?, ?>) calls.get(language);
    synchronized (known) {
      WeakData<?, ?> weak = new WeakData<>(known);
      calls.set(language, weak);
      return weak;
    }
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
