package io.unicoredask.camunda;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;

/**
 * All that is shown of one cluster; what is not known is null. Times are in ISO 8601 with an
 * offset.
 *
 * @param cluster what a list shows of it, too
 * @param waits the activities that wait for it, oldest first
 * @param jobs its jobs at the site, the allocation and the scheduler's first
 * @param workersOverTime how many workers it had, oldest first
 * @param schedulerAddress as the variable of that name
 * @param dashboardUrl likewise
 * @param expectedStart likewise
 * @param schedulerEndsAt likewise
 * @param warnings the lines of {@code clusterWarning}
 * @param variables what was given at the start, with what was not given as it was filled in
 * @param may what the caller may do with it now: {@code scale}, {@code teardown}, {@code logs}
 */
@JsonInclude(Include.NON_NULL)
public record ClusterDetails(
    @JsonUnwrapped ClusterSummary cluster,
    List<Wait> waits,
    List<Job> jobs,
    List<Workers> workersOverTime,
    String schedulerAddress,
    String dashboardUrl,
    String expectedStart,
    String schedulerEndsAt,
    List<String> warnings,
    Map<String, Given> variables,
    List<String> may) {

  /**
   * An activity that waits.
   *
   * @param activity its id in the model
   * @param text what it waits for
   * @param since when it began
   * @param until when that is expected
   */
  @JsonInclude(Include.NON_NULL)
  public record Wait(String activity, String text, String since, String until) {}

  /**
   * A job.
   *
   * @param role {@code allocation}, {@code scheduler}, or the name of its workers
   * @param url its URL at the site; null while it is not known to be submitted
   * @param id the last part of that
   * @param state {@code WANTED}, {@code QUEUED}, {@code RUNNING}, {@code ENDED} or, of workers, as
   *     in the variable {@code workerJobs}
   * @param reason why it waits, in the batch system's word
   * @param start when it began, or is expected to
   * @param end when its time is over
   * @param since since when it runs
   * @param workers how many of its workers the scheduler has
   */
  @JsonInclude(Include.NON_NULL)
  public record Job(
      String role,
      String url,
      String id,
      String state,
      String reason,
      String start,
      String end,
      String since,
      Integer workers) {}

  /**
   * How many workers there were.
   *
   * @param at from when on
   * @param connected how many the scheduler had
   * @param wanted how many were to come
   */
  public record Workers(String at, int connected, int wanted) {}

  /**
   * A variable, as a start over REST takes it.
   *
   * @param value its value
   * @param type the name of its type
   */
  public record Given(Object value, String type) {}
}
