package io.unicoredask.camunda;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.runtime.Job;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the engine repeat what failed at a site until its retries were used up, when the site answers
 * again: a long outage, or a password that was wrong for a while, needs nobody to retry each
 * cluster in Cockpit. What fails then as well is left to people until the next outage. Used by one
 * thread at a time.
 */
class OutageRetries {

  private static final Logger LOG = LoggerFactory.getLogger(OutageRetries.class);

  /** How the message of every failed call to a site begins. */
  private static final Pattern AT_SITE = Pattern.compile("site '(.+?)', ");

  private final ManagementService engine;
  private final Set<String> retried = new HashSet<>();

  OutageRetries(ManagementService engine) {
    this.engine = engine;
  }

  /**
   * Repeats what failed at these sites.
   *
   * @param answering the names of the sites that have just answered
   */
  void round(Set<String> answering) {
    List<Job> failed = engine.createJobQuery().noRetriesLeft().withException().active().list();
    retried.retainAll(failed.stream().map(Job::getId).toList());
    for (Job job : failed) {
      Matcher message = AT_SITE.matcher(String.valueOf(job.getExceptionMessage()));
      if (!message.lookingAt()) {
        continue;
      }
      if (!answering.contains(message.group(1))) {
        retried.remove(job.getId());
      } else if (retried.add(job.getId())) {
        retry(job, message.group(1));
      }
    }
  }

  private void retry(Job job, String site) {
    try {
      LOG.info("Site '{}' answers; repeating job {}", site, job.getId());
      engine.setJobRetries(job.getId(), 1);
    } catch (ProcessEngineException e) {
      LOG.info("Job {} was retried or deleted by somebody else: {}", job.getId(), e.getMessage());
      retried.remove(job.getId());
    }
  }
}
