package io.unicoredask.unicore;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.unicore.Answers.Base;
import io.unicoredask.unicore.Answers.Factory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** A site over HTTP. */
final class FeignUnicoreSite implements UnicoreSite {

  /** What the site itself takes for a page. */
  private static final int PAGE = 200;

  /** Too many requests, a session that is gone, a site that is down. */
  private static final Set<Integer> MAY_PASS = Set.of(429, 432, 503);

  private final SiteSettings settings;
  private final UnicoreApi api;
  private final SecuritySessions sessions;
  private final SiteLinks links;

  /** Known once it was found. */
  private volatile URI home;

  private final DetailsSupport support = new DetailsSupport(System::nanoTime);

  /** That of the batch system's times; null until a job has shown it. */
  private volatile ZoneOffset zone;

  FeignUnicoreSite(SiteSettings settings, UnicoreApi api, SecuritySessions sessions) {
    this.settings = settings;
    this.api = api;
    this.sessions = sessions;
    this.links = new SiteLinks(settings.name(), settings.baseUrl());
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public URI baseUrl() {
    return settings.baseUrl();
  }

  @Override
  public URI resolve(URI url) {
    return links.resolve(url);
  }

  @Override
  public URI relative(URI url) {
    return links.relative(url);
  }

  @Override
  public SiteInfo info() {
    Base base = api.base();
    SiteInfo info = base.toSiteInfo();
    if (info.role() == null || "anonymous".equals(info.role())) {
      sessions.forget();
      throw nobody(
          base.client().authenticationMethod() == null
              ? "the site does not know the credentials and takes us for anonymous. Check %s, and"
                      .formatted(settings.credential().hint())
                  + " whether the site takes credentials of this kind"
              : "the site knows us as '%s', but has no role for us. Ask its operators to map this name"
                  .formatted(info.dn()));
    }
    if (info.uid() == null) {
      sessions.forget();
      throw nobody(
          "the site knows us as '%s', role %s, but has no Unix login for us. Ask its operators to map"
                  .formatted(info.dn(), info.role())
              + " this name, or check the user preferences");
    }
    return info;
  }

  private UnicoreException nobody(String reason) {
    if (settings.user() != null) {
      return new UserCredentialException(
          name(), settings.user(), "GET " + baseUrl(), 0, false, reason);
    }
    return new UnicoreException(name(), "GET", baseUrl(), 0, false, reason, null);
  }

  @Override
  public Optional<UserCredentialException> userCredentialProblem() {
    if (settings.user() == null) {
      return Optional.empty();
    }
    try {
      sessions.end();
      info();
      return Optional.empty();
    } catch (UserCredentialException e) {
      return Optional.of(e);
    } catch (UnicoreException e) {
      // It cannot be asked now.
      return Optional.empty();
    }
  }

  @Override
  public X509Certificate certificate() {
    return api.certificate();
  }

  @Override
  public SiteOffer offer() {
    List<URI> factories = notAnonymous(api.factories().factories());
    Set<String> queues = new LinkedHashSet<>();
    Set<String> applications = new LinkedHashSet<>();
    for (URI url : factories) {
      Factory factory = api.factory(links.resolve(url));
      queues.addAll(factory.resources().keySet());
      applications.addAll(factory.applicationNames());
    }
    return new SiteOffer(queues, applications);
  }

  @Override
  public URI submit(ObjectNode job) {
    return links.relative(api.submit(job));
  }

  @Override
  public URI submitInto(URI allocation, ObjectNode job) {
    return links.relative(api.submitInto(links.resolve(allocation), job));
  }

  @Override
  public Job job(URI job) {
    return api.job(links.resolve(job)).toJob(links);
  }

  @Override
  public Optional<JobDetails> details(URI url, Job job) {
    if (!support.isWorthAsking()) {
      return Optional.empty();
    }
    try {
      Map<String, String> answer = api.details(links.resolve(url));
      support.answered();
      ZoneOffset known = job == null ? null : JobDetails.zone(answer, job.submitted());
      zone = known == null ? zone : known;
      return JobDetails.read(answer, job == null ? null : job.batchSystemId(), zone);
    } catch (UnicoreException e) {
      if (e.status() == 0 || MAY_PASS.contains(e.status())) {
        throw e;
      }
      // A site that does not tell, or a job that the batch system has forgotten.
      support.refused();
      return Optional.empty();
    }
  }

  @Override
  public List<URI> jobs(String... tags) {
    Set<URI> all = new LinkedHashSet<>();
    List<URI> page;
    boolean isNew;
    int offset = 0;
    do {
      page = api.jobs(offset, PAGE, joined(tags)).jobs();
      isNew = all.addAll(page.stream().map(links::relative).toList());
      if (all.size() > Urls.MOST) {
        throw new UnicoreException(
            name(), "GET", links.resolve(URI.create("jobs")), 200, true, tooMany(), null);
      }
      offset += PAGE;
    } while (isNew && page.size() >= PAGE);
    return notAnonymous(List.copyOf(all));
  }

  private static String tooMany() {
    return "the answer makes no sense: more than %d jobs. Delete jobs that are over at the site"
        .formatted(Urls.MOST);
  }

  /** An empty list is also what somebody unknown gets, so it is believed of no one else. */
  private List<URI> notAnonymous(List<URI> urls) {
    if (urls.isEmpty()) {
      info();
    }
    return urls;
  }

  private static String joined(String... tags) {
    for (String tag : tags) {
      if (tag.isEmpty() || tag.indexOf(',') >= 0) {
        throw new IllegalArgumentException(
            "the tag '" + tag + "' is empty or holds a comma, which separates tags");
      }
    }
    return tags.length == 0 ? null : SiteLinks.encode(String.join(",", tags));
  }

  @Override
  public void abort(URI job) {
    try {
      api.abort(links.resolve(job), Map.of());
    } catch (JobNotFoundException e) {
      // there is nothing left to abort
    }
  }

  @Override
  public Storage storage(URI storage) {
    return api.storage(links.resolve(storage)).toStorage();
  }

  @Override
  public Optional<byte[]> file(URI storage, String path) {
    URI file = links.file(storage, path);
    return ifThere(() -> api.content(file));
  }

  @Override
  public void deleteFile(URI storage, String path) {
    // A site answers 500 to who deletes what is not there.
    if (size(storage, path).isPresent()) {
      api.delete(links.file(storage, path));
    }
  }

  @Override
  public Optional<byte[]> homeFile(String name) {
    URI storage = home();
    Optional<byte[]> content = file(storage, name);
    if (content.isEmpty()) {
      // Throws if it is the storage that is gone.
      storage(storage);
    }
    return content;
  }

  @Override
  public void writeHomeFile(String name, byte[] content) {
    api.write(links.file(home(), name), content);
  }

  private URI home() {
    if (home == null) {
      List<URI> storages = notAnonymous(api.storages().storages());
      home =
          storages.stream()
              .map(links::relative)
              .filter(storage -> storage.getRawPath().matches("storages/HOME/*"))
              .findFirst()
              .orElseThrow(() -> noHome(storages));
    }
    return home;
  }

  private UnicoreException noHome(List<URI> storages) {
    return new NoHomeException(name(), links.resolve(URI.create("storages")), storages);
  }

  @Override
  public OptionalLong size(URI storage, String path) {
    URI file = links.file(storage, path);
    return ifThere(() -> api.file(file).size()).stream().mapToLong(Long::longValue).findAny();
  }

  @Override
  public Optional<byte[]> part(URI storage, String path, long first, int count) {
    URI file = links.file(storage, path);
    return ifThere(() -> part(api.part(file, first, first + count - 1), first, count));
  }

  /** A server may send the whole file in place of a part. */
  private static byte[] part(byte[] sent, long first, int count) {
    if (sent.length <= count) {
      return sent;
    }
    int from = (int) Math.min(first, sent.length);
    return Arrays.copyOfRange(sent, from, Math.min(from + count, sent.length));
  }

  @Override
  public Optional<String> tail(URI storage, String path, int maxBytes) {
    URI file = links.file(storage, path);
    return ifThere(() -> text(lastBytes(file, maxBytes), maxBytes));
  }

  private byte[] lastBytes(URI file, int count) {
    try {
      return api.tail(file, count);
    } catch (ShortFileException e) {
      return api.content(file);
    }
  }

  private static String text(byte[] bytes, int maxBytes) {
    int start = Math.max(0, bytes.length - maxBytes);
    while (start < bytes.length && bytes.length >= maxBytes && isInsideCharacter(bytes[start])) {
      start++;
    }
    return PlainText.lines(new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8));
  }

  private static boolean isInsideCharacter(byte utf8) {
    return (utf8 & 0xC0) == 0x80;
  }

  private static <T> Optional<T> ifThere(Supplier<T> read) {
    try {
      return Optional.of(read.get());
    } catch (MissingFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public Map<String, String> authentication() {
    return sessions.authentication();
  }

  @Override
  public Optional<SiteProxy> proxy(URI url) {
    return settings.proxies().to(url);
  }

  @Override
  public String toString() {
    return "UnicoreSite[name=%s, baseUrl=%s]".formatted(name(), baseUrl());
  }
}
