package io.unicoredask.camunda.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.camunda.bpm.engine.ArtifactFactory;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParseListener;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;

/** What an engine plugin makes of the engine, each in the step of its start that is named. */
public final class EngineSetup {

  private final ProcessEngineConfigurationImpl engine;

  /**
   * @param engine which is starting
   */
  public EngineSetup(ProcessEngineConfiguration engine) {
    this.engine = (ProcessEngineConfigurationImpl) engine;
  }

  /** {@code preInit}: has models changed, before any other listener sees them. */
  public void changeModels(ModelChanges changes) {
    List<BpmnParseListener> listeners = engine.getCustomPreBPMNParseListeners();
    if (listeners == null) {
      listeners = new ArrayList<>();
      engine.setCustomPreBPMNParseListeners(listeners);
    }
    listeners.add(new ModelReader(changes));
  }

  /** {@code preInit}: has repeated what asks for it ({@link Transaction#repeatOnConflict}). */
  public void repeatConflicts() {
    intercept(new ConflictRetries());
  }

  /** {@code preInit}: lets explanations pass, see {@link #explainMessages}. */
  public void letExplanationsPass() {
    intercept(new ExplainingCorrelationHandler.Interceptor());
  }

  private void intercept(CommandInterceptor first) {
    List<CommandInterceptor> all = new ArrayList<>(List.of(first));
    if (engine.getCustomPreCommandInterceptorsTxRequired() != null) {
      all.addAll(engine.getCustomPreCommandInterceptorsTxRequired());
    }
    engine.setCustomPreCommandInterceptorsTxRequired(all);
  }

  /** {@code postInit}: tells the sender of a message that reaches nobody why. */
  public void explainMessages(MessageExplanation explanation) {
    engine.setCorrelationHandler(
        new ExplainingCorrelationHandler(engine.getCorrelationHandler(), explanation));
  }

  /**
   * {@code postProcessEngineBuild}: keeps of some variables the last value in the history, not each
   * that there was before.
   *
   * @param variables takes the name of one
   */
  public void keepLastValuesOnly(Predicate<String> variables) {
    engine.setHistoryLevel(new LastValuesHistory(engine.getHistoryLevel(), variables));
  }

  /** {@code preInit}: has expressions reach no more than that. */
  public void limitExpressions(ExpressionLimits limits) {
    engine.setExpressionManager(new LimitedExpressions(limits));
  }

  /**
   * {@code preInit}: has no script run.
   *
   * @param why as its error text ends
   */
  public void refuseScripts(String why) {
    engine.setScriptEngineResolver(new NoScripts(why));
  }

  /** {@code preInit}: makes the objects of the classes that processes name. */
  public void makeArtifacts(ArtifactFactory factory) {
    engine.setArtifactFactory(factory);
  }
}
