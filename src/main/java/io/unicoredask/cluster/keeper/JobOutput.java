package io.unicoredask.cluster.keeper;

import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobNotFoundException;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/** The ends of what jobs have written to standard output and standard error, for people. */
class JobOutput {

  /** Of one file: some hundred lines of Dask's, with the traceback that matters among them. */
  static final int TAIL_BYTES = 64 * 1024;

  /** What a heading and the notes below it take at the most, with a job's URL in it. */
  private static final int HEADING_BYTES = 400;

  private static final int MOST_FILES = 2;

  private final UnicoreSite site;
  private final int tailBytes;

  /**
   * @param maxBytes how long the text of one job may become
   */
  JobOutput(UnicoreSite site, int maxBytes) {
    this.site = site;
    this.tailBytes = Math.min(TAIL_BYTES, maxBytes / MOST_FILES - HEADING_BYTES);
  }

  /**
   * A section for each of its files; one that says why, where there is nothing to read.
   *
   * @param files what its description calls them
   * @throws UnicoreException if the site cannot say how the job is, but may later
   */
  String of(String name, URI url, JobFiles files) {
    Job job;
    try {
      job = twice(() -> site.job(url));
    } catch (JobNotFoundException e) {
      return section(name, url, "the site has no such job (any more)", "");
    } catch (UnicoreException e) {
      if (e.isRetryable()) {
        throw e;
      }
      return section(name, url, e.getMessage(), "");
    }
    StringBuilder text = new StringBuilder();
    for (String file : files.all()) {
      text.append(section(name + " " + file, url, job.status().toString(), content(job, file)));
    }
    return text.toString();
  }

  private String section(String what, URI url, String status, String content) {
    return "\n==> %s, %s, %s <==\n%s".formatted(what, site.resolve(url), status, content);
  }

  private String content(Job job, String file) {
    if (job.workingDirectory() == null) {
      return "(the job has no directory yet)\n";
    }
    try {
      Optional<String> end = twice(() -> site.tail(job.workingDirectory(), file, tailBytes));
      return end.map(text -> text.isBlank() ? "(empty)\n" : lines(job, file, text))
          .orElse("(there is none: the job has not begun, or its directory is gone)\n");
    } catch (UnicoreException e) {
      return "(cannot be read: %s)\n".formatted(e.getMessage());
    }
  }

  private String lines(Job job, String file, String end) {
    String text = end.endsWith("\n") ? end : end + "\n";
    long leftOut = size(job, file, end) - tailBytes;
    if (leftOut <= 0) {
      return text;
    }
    int firstLine = text.indexOf('\n') + 1;
    return "… %d bytes left out …\n".formatted(leftOut)
        + text.substring(firstLine == text.length() ? 0 : firstLine);
  }

  /** Asked for only if the file may be longer than what was read, of which a character may miss. */
  private long size(Job job, String file, String end) {
    long read = end.getBytes(StandardCharsets.UTF_8).length;
    return read + 3 < tailBytes
        ? read
        : twice(() -> site.size(job.workingDirectory(), file)).orElse(read);
  }

  /** One refusal now and then, as of a Gateway under load, is nothing to tell of. */
  private static <T> T twice(Supplier<T> call) {
    try {
      return call.get();
    } catch (UnicoreException e) {
      if (!e.isRetryable()) {
        throw e;
      }
      return call.get();
    }
  }
}
