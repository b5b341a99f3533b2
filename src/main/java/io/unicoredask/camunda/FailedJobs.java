package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterActivities;
import java.time.Duration;
import java.util.Date;
import org.camunda.bpm.engine.impl.cmd.JobRetryCmd;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.jobexecutor.FailedJobCommandFactory;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.camunda.bpm.engine.impl.util.ClockUtil;

/**
 * Lets a job that failed with an {@link UnrepeatableException} become an incident at once, instead
 * of repeating it until its retries are used up. All others fail as the engine has it; but what an
 * outage of the site made fail is repeated up to a fifth earlier or later, so that many clusters do
 * not all come back to the site at the same moment.
 */
class FailedJobs implements FailedJobCommandFactory {

  private final FailedJobCommandFactory others;

  FailedJobs(FailedJobCommandFactory others) {
    this.others = others;
  }

  @Override
  public Command<Object> getCommand(String jobId, Throwable exception) {
    if (exception instanceof UnrepeatableException) {
      return new NoMoreRetries(jobId, exception);
    }
    Command<Object> retry = others.getCommand(jobId, exception);
    return exception instanceof RuntimeException e && ClusterActivities.mayPass(e)
        ? new SpreadRetry(jobId, retry)
        : retry;
  }

  private record SpreadRetry(String jobId, Command<Object> retry) implements Command<Object> {

    @Override
    public Object execute(CommandContext context) {
      Object result = retry.execute(context);
      JobEntity job = context.getJobManager().findJobById(jobId);
      if (job != null && job.getDuedate() != null) {
        job.setDuedate(spread(job.getDuedate(), ClockUtil.getCurrentTime()));
      }
      return result;
    }

    private static Date spread(Date due, Date now) {
      Duration wait = Duration.ofMillis(Math.max(0, due.getTime() - now.getTime()));
      return new Date(now.getTime() + Jitter.spread(wait).toMillis());
    }
  }

  private static class NoMoreRetries extends JobRetryCmd {

    NoMoreRetries(String jobId, Throwable exception) {
      super(jobId, exception);
    }

    @Override
    public Object execute(CommandContext context) {
      JobEntity job = getJob();
      if (job != null) {
        job.unlock();
        logException(job);
        job.setRetries(0);
      }
      return null;
    }
  }
}
