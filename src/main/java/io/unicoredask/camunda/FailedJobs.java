package io.unicoredask.camunda;

import org.camunda.bpm.engine.impl.cmd.JobRetryCmd;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.jobexecutor.FailedJobCommandFactory;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;

/**
 * Lets a job that failed with an {@link UnrepeatableException} become an incident at once, instead
 * of repeating it until its retries are used up. All others fail as the engine has it.
 */
class FailedJobs implements FailedJobCommandFactory {

  private final FailedJobCommandFactory others;

  FailedJobs(FailedJobCommandFactory others) {
    this.others = others;
  }

  @Override
  public Command<Object> getCommand(String jobId, Throwable exception) {
    return exception instanceof UnrepeatableException
        ? new NoMoreRetries(jobId, exception)
        : others.getCommand(jobId, exception);
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
