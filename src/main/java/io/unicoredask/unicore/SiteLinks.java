package io.unicoredask.unicore;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Tells the site's own URLs from all others, and writes them relative to the base URL or in full.
 *
 * <p>A site may go by several names, so its URLs are known by their path, which is below that of
 * the base URL. Whatever host they name, they become URLs of the base URL's host: nothing else ever
 * gets the credentials.
 */
final class SiteLinks {

  private static final Pattern LEADING_SLASHES = Pattern.compile("^/+");

  /** What leads nowhere else, however it is read, as nearly all segments do. */
  private static final Pattern PLAIN = Pattern.compile("[\\w-]+(\\.[\\w-]+)*");

  private final String site;
  private final URI base;

  /**
   * @param base as {@link #base} made it
   */
  SiteLinks(String site, URI base) {
    this.site = site;
    this.base = base;
  }

  /**
   * Brings a base URL into the form that links are compared with.
   *
   * @throws IllegalArgumentException if it cannot be a base URL
   */
  static URI base(String site, URI url) {
    if (!isWeb(url) || url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "site '%s': the base URL %s is not of the form https://host:port/SITE/rest/core"
              .formatted(site, printable(url)));
    }
    List<String> segments = segments(url.getRawPath());
    if (segments.stream().anyMatch(SiteLinks::leadsElsewhere)) {
      throw new IllegalArgumentException(
          "site '%s': the base URL %s has a path that is not plain"
              .formatted(site, printable(url)));
    }
    return URI.create(origin(url) + url.getRawPath().replaceFirst("/+$", ""));
  }

  /**
   * The URL in full, its scheme, host and port those of the base URL.
   *
   * @param url relative to the base URL, or in full
   * @throws UnicoreException if the URL is not below the base URL
   */
  URI resolve(URI url) {
    String relative = relative(url).toString();
    boolean isBase = relative.isEmpty() || relative.startsWith("?");
    return URI.create(base + (isBase ? "" : "/") + relative);
  }

  /**
   * The URL without the base URL; empty for the base URL itself.
   *
   * @param url relative to the base URL, or in full
   * @throws UnicoreException if the URL is not below the base URL
   */
  URI relative(URI url) {
    if (url == null || !isOurs(url)) {
      throw new UnicoreException(
          site,
          "link",
          url == null ? base : printable(url),
          0,
          false,
          "no request was made: this URL is not below the site's base URL "
              + base
              + ". Check where the URL comes from, and whether the base URL has the path that the"
              + " site's own links have",
          null);
    }
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return URI.create(below(url) + query);
  }

  /**
   * The URL of a file.
   *
   * @throws IllegalArgumentException if the path leads out of the storage
   */
  URI file(URI storage, String path) {
    List<String> segments = segments(withoutLeadingSlashes(path));
    if (segments.stream().anyMatch(name -> Set.of("", ".", "..").contains(name))) {
      throw new IllegalArgumentException(
          "site '%s': '%s' is not the path of a file below %s".formatted(site, path, storage));
    }
    URI files = resolve(storage);
    return URI.create(
        files
            + "/files/"
            + segments.stream().map(SiteLinks::encode).collect(Collectors.joining("/")));
  }

  /** Percent-encodes all but letters, digits, {@code -}, {@code .} and {@code _}. */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
  }

  private boolean isOurs(URI url) {
    return (isWeb(url) && isBelow(url.getRawPath()) || isRelative(url))
        && url.getRawFragment() == null
        && !segments(below(url)).get(0).contains(":")
        && segments(url.getRawPath()).stream().noneMatch(SiteLinks::leadsElsewhere);
  }

  private boolean isBelow(String path) {
    return path.equals(base.getRawPath()) || path.startsWith(base.getRawPath() + "/");
  }

  private String below(URI url) {
    String path = url.getRawPath();
    return url.isAbsolute()
        ? withoutLeadingSlashes(path.substring(base.getRawPath().length()))
        : path;
  }

  private static String withoutLeadingSlashes(String path) {
    return LEADING_SLASHES.matcher(path).replaceFirst("");
  }

  private static boolean isRelative(URI url) {
    return !url.isAbsolute() && url.getRawAuthority() == null && !url.getRawPath().startsWith("/");
  }

  private static boolean isWeb(URI url) {
    return url.getHost() != null
        && url.getRawUserInfo() == null
        && ("https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme()));
  }

  private static String origin(URI url) {
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    String port = url.getPort() == -1 || url.getPort() == usual ? "" : ":" + url.getPort();
    return scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + port;
  }

  private static List<String> segments(String path) {
    return Arrays.asList(path.split("/", -1));
  }

  /** Some servers decode before they split, take a backslash for a slash, or drop {@code ;x}. */
  private static boolean leadsElsewhere(String segment) {
    if (PLAIN.matcher(segment).matches()) {
      return false;
    }
    String decoded = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    String name = decoded.replaceFirst(";.*$", "");
    return name.equals(".")
        || name.equals("..")
        || decoded.contains("/")
        || decoded.contains("\\")
        || decoded.toLowerCase(Locale.ROOT).matches(".*%(2e|2f|5c).*");
  }

  /** A URL without what may be secret in it. */
  private static URI printable(URI url) {
    if (url.isOpaque() || url.getHost() == null) {
      return URI.create((url.getScheme() == null ? "" : url.getScheme() + ":") + "...");
    }
    return URI.create(
        url.getScheme()
            + "://"
            + url.getHost()
            + (url.getPort() == -1 ? "" : ":" + url.getPort())
            + url.getRawPath());
  }
}
