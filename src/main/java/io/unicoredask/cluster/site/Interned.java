package io.unicoredask.cluster.site;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Values of which there is one for each key as long as somebody uses it, and none afterwards: there
 * are never more than are in use, however many keys there have been.
 *
 * @param <K> what tells them apart
 * @param <V> the kind of value; never null
 */
public final class Interned<K, V> {

  private final Function<K, V> maker;
  private final Map<K, WeakReference<V>> known = new HashMap<>();

  /**
   * @param maker makes one; what it throws is thrown on, and not remembered
   */
  public Interned(Function<K, V> maker) {
    this.maker = maker;
  }

  /** The one of this key. */
  public synchronized V get(K key) {
    WeakReference<V> kept = known.get(key);
    V value = kept == null ? null : kept.get();
    if (value == null) {
      known.values().removeIf(one -> one.get() == null);
      value = maker.apply(key);
      known.put(key, new WeakReference<>(value));
    }
    return value;
  }

  /** How many are known, those among them that nobody has used since the last was made. */
  synchronized int size() {
    return known.size();
  }
}
