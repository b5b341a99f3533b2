package io.unicoredask.tunnel;

import java.util.concurrent.atomic.LongAdder;

/**
 * How many bytes have gone through all tunnels to a site.
 *
 * @param up from clients
 * @param down to clients
 */
record ByteCounts(LongAdder up, LongAdder down) {

  ByteCounts() {
    this(new LongAdder(), new LongAdder());
  }
}
