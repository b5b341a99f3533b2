package io.unicoredask.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobDetails;
import io.unicoredask.unicore.JobNotFoundException;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.SiteInfo;
import io.unicoredask.unicore.SiteOffer;
import io.unicoredask.unicore.SiteProxy;
import io.unicoredask.unicore.Storage;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import io.unicoredask.unicore.UserCredentialException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A site in memory, on which jobs queue until they are aborted. Each call is noted, {@code "abort
 * jobs/1"} for instance, and may have something happen in its place.
 */
public final class FakeSite implements UnicoreSite {

  private final String name;
  private final List<String> calls;
  private final Map<URI, Job> jobs = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, byte[]> files = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<URI, JobDetails> details = Collections.synchronizedMap(new LinkedHashMap<>());
  private final List<ObjectNode> submitted = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean directoriesReady = true;
  private volatile Set<String> queues = Set.of();
  private final Map<String, List<Runnable>> scripted =
      Collections.synchronizedMap(new LinkedHashMap<>());

  public FakeSite(String name) {
    this(name, Collections.synchronizedList(new ArrayList<>()));
  }

  /** Notes its calls among others. */
  public FakeSite(String name, List<String> calls) {
    this.name = name;
    this.calls = calls;
  }

  public List<String> calls() {
    return List.copyOf(calls);
  }

  public long calls(String beginning) {
    return calls().stream().filter(call -> call.startsWith(beginning)).count();
  }

  /** Has the next call of this kind do something first, which may throw. */
  public FakeSite next(String call, Runnable doing) {
    scripted
        .computeIfAbsent(call, key -> Collections.synchronizedList(new ArrayList<>()))
        .add(doing);
    return this;
  }

  /** Has the next call of this kind be refused. */
  public FakeSite refuses(String call, int status) {
    return next(
        call,
        () -> {
          throw new UnicoreException(
              name, "GET", URI.create(call.replace(' ', '/')), status, status >= 500, "no", null);
        });
  }

  /** Adds a job. */
  public URI add(String job, JobStatus status, String... tags) {
    URI url = URI.create("jobs/" + job);
    set(url, status, List.of(tags));
    return url;
  }

  /** Adds a job, or puts it in place of what it was. */
  public URI put(String job, Job as) {
    URI url = URI.create("jobs/" + job);
    jobs.put(url, as);
    return url;
  }

  /** What the batch system says of a job from now on; null for nothing. */
  public FakeSite says(URI url, JobDetails said) {
    if (said == null) {
      details.remove(url);
    } else {
      details.put(url, said);
    }
    return this;
  }

  /** Has a job write a file; all of them share a directory. */
  public FakeSite has(String file, String content) {
    files.put(file, content.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Whether it is known yet where the directories of jobs are. */
  public void directoriesAreReady(boolean ready) {
    directoriesReady = ready;
  }

  /** Says which queues there are; none says nothing of them. */
  public void offers(String... names) {
    queues = Set.of(names);
  }

  /** The descriptions of the jobs that were submitted. */
  public List<ObjectNode> submitted() {
    return List.copyOf(submitted);
  }

  public void set(URI url, JobStatus status) {
    set(url, status, jobs.containsKey(url) ? jobs.get(url).tags() : List.of());
  }

  private void set(URI url, JobStatus status, List<String> tags) {
    jobs.put(
        url,
        new Job(
            status,
            "",
            null,
            "slurm-1",
            "BATCH",
            "batch",
            null,
            tags,
            URI.create("storages/1"),
            URI.create("forward")));
  }

  private void called(String what) {
    calls.add(what);
    happens(what);
  }

  private void happens(String what) {
    List<Runnable> first = scripted.get(what);
    if (first == null) {
      first = scripted.get(what.split(" ")[0]);
    }
    if (first != null && !first.isEmpty()) {
      first.remove(0).run();
    }
  }

  @Override
  public Optional<UserCredentialException> userCredentialProblem() {
    try {
      called("credential");
      return Optional.empty();
    } catch (UserCredentialException e) {
      return Optional.of(e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public URI baseUrl() {
    return URI.create("https://" + name + ".example.org/HPC/rest/core");
  }

  @Override
  public URI resolve(URI url) {
    return URI.create(baseUrl() + "/" + url);
  }

  @Override
  public URI relative(URI url) {
    return url;
  }

  @Override
  public SiteInfo info() {
    called("info");
    return new SiteInfo("HPC", "11.1", true, "CN=us", "user", "us");
  }

  @Override
  public X509Certificate certificate() {
    throw new AssertionError("no test expects this call");
  }

  @Override
  public SiteOffer offer() {
    happens("offer");
    return new SiteOffer(queues, Set.of());
  }

  @Override
  public URI submit(ObjectNode job) {
    List<String> tags = new ArrayList<>();
    job.path("Tags").forEach(tag -> tags.add(tag.asText()));
    URI url = URI.create("jobs/" + (jobs.size() + 1));
    submitted.add(job);
    set(url, JobStatus.QUEUED, tags);
    called("submit");
    return url;
  }

  @Override
  public URI submitInto(URI allocation, ObjectNode job) {
    called("into " + allocation);
    return submit(job);
  }

  @Override
  public Job job(URI job) {
    called("job " + job);
    if (!jobs.containsKey(job)) {
      throw new JobNotFoundException(name, job);
    }
    return jobs.get(job);
  }

  @Override
  public Optional<JobDetails> details(URI url, Job job) {
    called("details " + url);
    return Optional.ofNullable(details.get(url));
  }

  @Override
  public List<URI> jobs(String... tags) {
    called("jobs");
    return jobs.entrySet().stream()
        .filter(job -> job.getValue().tags().containsAll(List.of(tags)))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public void abort(URI job) {
    called("abort " + job);
    if (!jobs.containsKey(job)) {
      job(job);
    }
    set(job, JobStatus.FAILED);
  }

  @Override
  public Storage storage(URI storage) {
    called("storage " + storage);
    return new Storage(directoriesReady, "/scratch/");
  }

  @Override
  public Optional<byte[]> file(URI storage, String path) {
    called("file " + path);
    return Optional.ofNullable(files.get(path));
  }

  @Override
  public void deleteFile(URI storage, String path) {
    called("delete " + path);
    files.remove(path);
  }

  @Override
  public Optional<byte[]> homeFile(String file) {
    called("home read");
    return Optional.ofNullable(files.get("~/" + file));
  }

  @Override
  public void writeHomeFile(String file, byte[] content) {
    called("home write");
    files.put("~/" + file, content);
  }

  @Override
  public OptionalLong size(URI storage, String path) {
    byte[] file = files.get(path);
    return file == null ? OptionalLong.empty() : OptionalLong.of(file.length);
  }

  @Override
  public Optional<byte[]> part(URI storage, String path, long first, int count) {
    return Optional.ofNullable(files.get(path))
        .map(file -> Arrays.copyOfRange(file, (int) first, (int) first + count));
  }

  @Override
  public Optional<String> tail(URI storage, String path, int maxBytes) {
    return Optional.ofNullable(files.get(path))
        .map(file -> new String(file, StandardCharsets.UTF_8));
  }

  @Override
  public Optional<SiteProxy> proxy(URI url) {
    return Optional.empty();
  }

  @Override
  public Map<String, String> authentication() {
    return Map.of();
  }
}
