package io.unicoredask.camunda;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParse;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParseListener;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;
import org.camunda.bpm.engine.impl.pvm.process.ScopeImpl;
import org.camunda.bpm.engine.impl.util.xml.Element;

/**
 * Makes the engine treat the Dask activities of every process model as they need it, whether or not
 * the modeller thought of it: each is preceded by a transaction boundary, so that the intent to
 * submit a job is on record before the job is submitted; each waits in an execution of its own,
 * whose id does not change while it waits; and each is followed by a boundary again, so that what
 * comes after it does not run on the watcher's threads. So is the call of a process that works in a
 * cluster, by whose execution it is seen whether the work is still there. A process instance that
 * is deleted has its cluster torn down all the same.
 */
public final class DaskProcessEnginePlugin extends AbstractProcessEnginePlugin {

  private static final Set<String> ACTIVITIES =
      Set.of(
          AllocateDelegate.NAME,
          StartSchedulerDelegate.NAME,
          AwaitSchedulerDelegate.NAME,
          ForwardPortsDelegate.NAME,
          ScaleWorkersDelegate.NAME,
          MonitorDelegate.NAME,
          RestartDelegate.NAME,
          RunScriptDelegate.NAME,
          LogsDelegate.NAME,
          TeardownDelegate.NAME);

  @Override
  public void preInit(ProcessEngineConfigurationImpl configuration) {
    List<BpmnParseListener> listeners = configuration.getCustomPreBPMNParseListeners();
    if (listeners == null) {
      listeners = new ArrayList<>();
      configuration.setCustomPreBPMNParseListeners(listeners);
    }
    listeners.add(new ActivityListener());
    configuration.setCustomPreCommandInterceptorsTxRequired(
        with(new ConflictRetries(), configuration.getCustomPreCommandInterceptorsTxRequired()));
  }

  private static List<CommandInterceptor> with(
      CommandInterceptor first, List<CommandInterceptor> others) {
    List<CommandInterceptor> all = new ArrayList<>();
    all.add(first);
    if (others != null) {
      all.addAll(others);
    }
    return all;
  }

  @Override
  public void postInit(ProcessEngineConfigurationImpl configuration) {
    Nodes.name(configuration.getJobExecutor());
    configuration.setFailedJobCommandFactory(
        new FailedJobs(configuration.getFailedJobCommandFactory()));
  }

  private static class ActivityListener extends AbstractBpmnParseListener {

    private final ExecutionListener deletedInstances = new DeletedInstances();

    @Override
    public void parseServiceTask(Element task, ScopeImpl scope, ActivityImpl activity) {
      if (ACTIVITIES.contains(bean(task, "delegateExpression"))) {
        separate(activity);
        seeToDeletion(activity.getProcessDefinition());
      }
    }

    @Override
    public void parseCallActivity(Element call, ScopeImpl scope, ActivityImpl activity) {
      if (WorkVariables.NAME.equals(bean(call, "variableMappingDelegateExpression"))) {
        separate(activity);
      }
    }

    private static void separate(ActivityImpl activity) {
      activity.setScope(true);
      activity.setAsyncBefore(true, true);
      activity.setAsyncAfter(true, true);
    }

    /** Built in, so that an instance deleted without its custom listeners is torn down as well. */
    private void seeToDeletion(ScopeImpl process) {
      if (!process
          .getBuiltInListeners(ExecutionListener.EVENTNAME_END)
          .contains(deletedInstances)) {
        process.addBuiltInListener(ExecutionListener.EVENTNAME_END, deletedInstances);
      }
    }

    /** The bean that an expression names; empty if there is no such attribute. */
    private static String bean(Element element, String attribute) {
      String expression = element.attributeNS(BpmnParse.CAMUNDA_BPMN_EXTENSIONS_NS, attribute);
      return expression == null ? "" : expression.replaceAll("[${}\\s]|#", "");
    }
  }
}
