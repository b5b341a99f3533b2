package io.unicoredask.unicore;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One UNICORE site as one user sees it. Instances are safe for use by many threads.
 *
 * <p>Every URL returned, of a job for instance, is relative to {@link #baseUrl()}: {@code
 * jobs/4711}. It stays good when the site goes by another name. A URL given to a method may be
 * relative as well, or one in full whose path lies below that of the base URL, whatever name of the
 * site is in it. Anything else is refused before a request is made, and requests are made to the
 * base URL's host only, so that credentials never leave the site they belong to.
 *
 * <p>Every text returned is free of control characters, all but the tail of a file in one line; see
 * {@link PlainText}.
 *
 * <p>Every method throws {@link UnicoreException} when the site refuses or cannot be reached.
 */
public interface UnicoreSite {

  /** The name this site has in the configuration. */
  String name();

  /** The URL of the site's core services, {@code https://host:port/SITE/rest/core}. */
  URI baseUrl();

  /**
   * A URL of this site in full, for people and for what connects to the site by itself.
   *
   * @param url relative to the base URL, or in full
   * @throws UnicoreException if it is not below the base URL
   */
  URI resolve(URI url);

  /**
   * A URL of this site as this client's methods return it, to compare it with those.
   *
   * @param url relative to the base URL, or in full
   * @throws UnicoreException if it is not below the base URL
   */
  URI relative(URI url);

  /**
   * Says what the site is and who we are there.
   *
   * @throws UnicoreException if the site takes us for nobody (role {@code anonymous}), which it
   *     does without complaint when the credentials are unknown to it; also if it has no Unix login
   *     for us
   */
  SiteInfo info();

  /**
   * Looks whether it is somebody's own credential that keeps them from being let in, by being shown
   * it anew.
   *
   * @return what is wrong; nothing if the site takes it, cannot be asked, or was shown its own
   */
  default Optional<UserCredentialException> userCredentialProblem() {
    return Optional.empty();
  }

  /** The certificate whose key the site signs its tokens with. */
  X509Certificate certificate();

  /** The queues and applications that the site offers this user. */
  SiteOffer offer();

  /**
   * Submits a job.
   *
   * @param job the job description, as UNICORE documents it; sent as it is
   * @return the job's URL, {@code jobs/4711} for instance
   */
  URI submit(ObjectNode job);

  /**
   * Submits a job into a running allocation.
   *
   * @param allocation the URL of a job of type {@code ALLOCATE}
   * @param job the job description
   * @return the new job's URL
   */
  URI submitInto(URI allocation, ObjectNode job);

  /**
   * Reads a job's state.
   *
   * @throws JobNotFoundException if the site knows no such job (any more)
   */
  Job job(URI job);

  /**
   * Asks the batch system about a job, through UNICORE. That takes a command at the site, some 70
   * ms.
   *
   * @param url the job's URL
   * @param job the job as it was last read; null if it was not, which costs its times until those
   *     of another have shown the site's time zone
   * @return nothing if the site does not tell, or not as Slurm does, or of another job; also of one
   *     on the login node, or one that the batch system has forgotten since its end
   */
  Optional<JobDetails> details(URI url, Job job);

  /**
   * The URLs of all jobs of this user that carry every one of the tags, however many pages the site
   * needs to list them. An empty list is made sure of: somebody anonymous would get one, too, and
   * is an error here as in {@link #info()}.
   *
   * @param tags without commas, which separate tags; none for all jobs
   * @throws UnicoreException also if there are more than 100,000
   * @throws IllegalArgumentException if a tag is empty or holds a comma
   */
  List<URI> jobs(String... tags);

  /** Aborts a job. Does nothing when it is finished already. */
  void abort(URI job);

  /** Reads the properties of a storage, such as a job's working directory. */
  Storage storage(URI storage);

  /**
   * Reads a whole file of a storage. A file of more than 16 MiB is an error that may pass, as is
   * any other answer of that size.
   *
   * @param storage the storage's URL
   * @param path the file's path below the storage's mount point, {@code dask.json} for instance
   * @return the content, or nothing if there is no such file
   * @throws IllegalArgumentException if the path leads out of the storage
   */
  Optional<byte[]> file(URI storage, String path);

  /**
   * Deletes a file of a storage. Does nothing if there is no such file, or no such storage.
   *
   * @param path the file's path below the storage's mount point
   * @throws IllegalArgumentException if the path leads out of the storage
   */
  void deleteFile(URI storage, String path);

  /**
   * Reads a file of our home directory at the site, which must offer it as its storage {@code
   * HOME}.
   *
   * @param name the file's path below the home directory
   * @return the content, or nothing if there is no such file
   * @throws IllegalArgumentException if the path leads out of the home directory
   * @throws NoHomeException if there is no such storage
   */
  Optional<byte[]> homeFile(String name);

  /**
   * Writes a file of our home directory at the site in place of the one that is there, if any.
   * Whoever reads it meanwhile may get a part of it.
   *
   * @param name the file's path below the home directory; its directory must be there
   * @throws IllegalArgumentException if the path leads out of the home directory
   * @throws NoHomeException if there is no storage {@code HOME}
   */
  void writeHomeFile(String name, byte[] content);

  /**
   * How many bytes a file of a storage has.
   *
   * @return nothing if there is no such file
   * @throws IllegalArgumentException if the path leads out of the storage
   */
  OptionalLong size(URI storage, String path);

  /**
   * Reads a part of a file of a storage.
   *
   * @param first the number of its first byte, from 0 on; the file must have it, since UNICORE
   *     looks for a byte behind a file's end for ever
   * @param count how many bytes, 1 or more
   * @return the bytes, fewer where the file ends; nothing if there is no such file
   * @throws IllegalArgumentException if the path leads out of the storage
   */
  Optional<byte[]> part(URI storage, String path, long first, int count);

  /**
   * Reads the end of a text file of a storage.
   *
   * @param maxBytes how much of it at the most
   * @return the text (UTF-8, a character cut in two at its start and control characters left out),
   *     or nothing if there is no such file
   */
  Optional<String> tail(URI storage, String path, int maxBytes);

  /**
   * The headers that authenticate a request made outside this client, as the upgrade of a forwarded
   * connection is. They hold a secret: never log them.
   */
  Map<String, String> authentication();

  /** The proxy that leads to a URL at the site, for the same; nothing if none does. */
  Optional<SiteProxy> proxy(URI url);
}
