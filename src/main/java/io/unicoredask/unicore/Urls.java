package io.unicoredask.unicore;

import java.net.URI;
import java.util.ArrayList;

/** A list of URLs that becomes so long and no longer, already while it is read. */
final class Urls extends ArrayList<URI> {

  static final int MOST = 100_000;

  private static final long serialVersionUID = 1L;

  @Override
  public boolean add(URI url) {
    if (size() >= MOST) {
      throw new IllegalStateException("a list of more than " + MOST + " URLs");
    }
    return super.add(url);
  }
}
