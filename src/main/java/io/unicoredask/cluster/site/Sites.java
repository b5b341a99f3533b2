package io.unicoredask.cluster.site;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The configured sites, by name. */
public final class Sites {

  private final Map<String, Site> byName;

  /** Takes the sites there are; each name once. */
  public Sites(Collection<Site> sites) {
    this.byName =
        sites.stream()
            .collect(
                Collectors.toMap(
                    site -> site.unicore().name(),
                    Function.identity(),
                    (one, other) -> {
                      throw new IllegalArgumentException(
                          "two sites are named '%s'".formatted(one.unicore().name()));
                    },
                    TreeMap::new));
  }

  /** Their names, in order. */
  public Set<String> names() {
    return byName.keySet();
  }

  /**
   * The site of that name.
   *
   * @throws IllegalStateException if there is none, as when it was taken out of the configuration
   *     while clusters run there
   */
  public Site get(String name) {
    Site site = byName.get(name);
    if (site == null) {
      throw new IllegalStateException(
          "site '%s' is not configured (any more); configured are %s. Add it again under"
                  .formatted(name, names())
              + " unicore-dask.sites and retry.");
    }
    return site;
  }
}
