package io.unicoredask.tunnel;

import io.netty.util.NetUtil;
import java.util.regex.Pattern;

/**
 * This machine, as its local ports are listened on and named.
 *
 * @param bindAddress the address that is listened on, IPv4 or IPv6, without brackets. Anything but
 *     a loopback address opens the services behind the ports to whoever reaches this machine.
 * @param publicHost the name or address that others reach the ports by, an IPv6 address without
 *     brackets; null for the address that is listened on, or for 127.0.0.1 if that is all of them,
 *     since no name is known then to lead here from elsewhere
 */
public record LocalHost(String bindAddress, String publicHost) {

  private static final String LOOPBACK = "127.0.0.1";
  private static final int LONGEST_NAME = 253;

  /** Labels of letters, digits and hyphens, of which the last is no number. */
  private static final Pattern NAME =
      Pattern.compile(
          "([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*"
              + "(?![0-9]+\\.?$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.?");

  /**
   * Checks both; a blank public host is none.
   *
   * @throws IllegalArgumentException if one of them is not as described above; the message begins
   *     with {@code bind-address} or {@code public-host}
   */
  public LocalHost {
    bindAddress = withoutBrackets(bindAddress);
    if (!isAddress(bindAddress)) {
      throw new IllegalArgumentException(
          "bind-address = %s is not allowed; it is an IPv4 or IPv6 address of this machine, such as"
                  .formatted(bindAddress)
              + " 127.0.0.1, or 0.0.0.0 or :: for all of them");
    }
    if (publicHost == null || publicHost.isBlank()) {
      publicHost = null;
    } else {
      publicHost = withoutBrackets(publicHost);
      checkPublic(publicHost);
    }
  }

  private static void checkPublic(String host) {
    boolean isName = host.length() <= LONGEST_NAME && NAME.matcher(host).matches();
    if (!isName && !isAddress(host) || isAny(host)) {
      throw new IllegalArgumentException(
          "public-host = %s is not allowed; it is a host name or an IPv4 or IPv6 address that leads"
                  .formatted(host)
              + " to this machine, such as dask.example.org, without scheme, port and path");
    }
  }

  private static String withoutBrackets(String host) {
    String text = host == null ? "" : host.strip();
    return text.startsWith("[") && text.endsWith("]") && text.indexOf(':') > 0
        ? text.substring(1, text.length() - 1)
        : text;
  }

  private static boolean isAddress(String text) {
    // What stands behind a % is an interface of this machine, and means nothing elsewhere.
    return NetUtil.isValidIpV4Address(text)
        || text.indexOf('%') < 0 && text.indexOf('[') < 0 && NetUtil.isValidIpV6Address(text);
  }

  private static boolean isAny(String address) {
    return isAddress(address)
        && NetUtil.createInetAddressFromIpAddressString(address).isAnyLocalAddress();
  }

  /** 127.0.0.1. */
  public static LocalHost loopback() {
    return new LocalHost(LOOPBACK, null);
  }

  /** Whether others reach the ports, and nothing says by which name. */
  public boolean isMisleading() {
    return isAny(bindAddress) && publicHost == null;
  }

  /** Whether others than the users of this machine can reach the ports. */
  public boolean isOpen() {
    return !NetUtil.createInetAddressFromIpAddressString(bindAddress).isLoopbackAddress();
  }

  /** A loopback address: the one that is listened on, if it is one. */
  String closedAddress() {
    return isOpen() ? LOOPBACK : bindAddress;
  }

  /** Where this process itself reaches the ports, as it is written in URLs. */
  public String ownHost() {
    return inUrl(isAny(bindAddress) ? LOOPBACK : bindAddress);
  }

  /** Where others reach them, as it is written in URLs: an IPv6 address is in brackets. */
  public String publicHostInUrl() {
    return publicHost == null ? ownHost() : inUrl(publicHost);
  }

  private static String inUrl(String host) {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }
}
