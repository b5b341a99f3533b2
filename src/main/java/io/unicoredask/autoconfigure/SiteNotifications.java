package io.unicoredask.autoconfigure;

import io.unicoredask.unicore.RefusedTokenException;
import io.unicoredask.unicore.TokenCheck;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what one site has sent from what others send in its name. */
class SiteNotifications {

  private static final Logger LOG = LoggerFactory.getLogger(SiteNotifications.class);
  private static final Pattern BEARER = Pattern.compile("(?i:Bearer) +(\\S+)");
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final UnicoreSite site;
  private final TokenCheck tokens;
  private final AtomicLong loggedAt = new AtomicLong(System.nanoTime() - PAUSE.toNanos());

  SiteNotifications(UnicoreSite site) {
    this.site = site;
    this.tokens = new TokenCheck(site);
  }

  /**
   * Returns if the site has sent it. Logs what it refuses, though not each of many.
   *
   * @param authorization the header; null if there is none
   * @throws RefusedTokenException if the site has not
   * @throws UnicoreException if the site cannot be asked for its certificate now
   */
  void require(String authorization) {
    Matcher bearer = BEARER.matcher(authorization == null ? "" : authorization.trim());
    try {
      tokens.require(bearer.matches() ? bearer.group(1) : "");
    } catch (RefusedTokenException | UnicoreException e) {
      log(e);
      throw e;
    }
  }

  private void log(RuntimeException e) {
    long now = System.nanoTime();
    long last = loggedAt.get();
    if (now - last >= PAUSE.toNanos() && loggedAt.compareAndSet(last, now)) {
      LOG.warn(
          "A notification in the name of site '{}' was not taken, as others may be in the next"
              + " minute; its token cannot be trusted: {}",
          site.name(),
          e.getMessage());
    }
  }

  /**
   * The job that is told of, relative to the site's base URL; nothing if it is none of the site.
   */
  Optional<URI> job(URI href) {
    try {
      return Optional.of(site.relative(href));
    } catch (UnicoreException e) {
      return Optional.empty();
    }
  }
}
