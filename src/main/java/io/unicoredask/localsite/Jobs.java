package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The site's jobs by id. */
final class Jobs {
  private static final String LETTERS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ID_LENGTH = 11;

  private final Path directory;
  private final JobProcessing processing;
  private final Allocations allocations;
  private final Map<String, Job> jobs = Collections.synchronizedMap(new LinkedHashMap<>());
  private final SecureRandom random = new SecureRandom();

  Jobs(Path directory, JobProcessing processing, Allocations allocations) throws IOException {
    this.directory = Files.createDirectories(directory).toRealPath();
    this.processing = processing;
    this.allocations = allocations;
  }

  /** Takes a job; it is READY until its processing begins. */
  Job submit(String owner, ObjectNode submitted) {
    Job job = create(owner, submitted);
    processing.accept(job);
    return job;
  }

  /**
   * Takes a job that is to run inside an allocation.
   *
   * @throws HttpProblem 500 if the other job is no allocation, or is not running
   */
  Job submitInto(Job allocation, String owner, ObjectNode submitted) {
    Job task = create(owner, allocations.task(allocation, submitted));
    allocations.add(task, allocation);
    processing.accept(task);
    return task;
  }

  private Job create(String owner, ObjectNode submitted) {
    String id = newId();
    Job job = new Job(id, owner, submitted, directory.resolve(id));
    jobs.put(id, job);
    return job;
  }

  /** The job of that id, or {@code null}. */
  Job find(String id) {
    return jobs.get(id);
  }

  /** Newest first. */
  List<Job> all() {
    List<Job> all;
    synchronized (jobs) {
      all = new ArrayList<>(jobs.values());
    }
    Collections.reverse(all);
    return all;
  }

  /** The jobs a caller may see, newest first. */
  List<Job> of(Caller caller) {
    return all().stream().filter(job -> job.owner.equals(caller.user())).toList();
  }

  void delete(Job job) {
    jobs.remove(job.id);
    processing.delete(job);
  }

  private String newId() {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return id.toString();
  }
}
