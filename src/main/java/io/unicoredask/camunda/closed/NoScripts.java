package io.unicoredask.camunda.closed;

import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;
import javax.script.ScriptEngineManager;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.scripting.engine.ScriptEngineResolver;

/** Runs no script, whatever languages are on the class path. */
final class NoScripts implements ScriptEngineResolver {

  @Override
  public void addScriptEngineFactory(ScriptEngineFactory factory) {
    // none is used
  }

  @Override
  public ScriptEngineManager getScriptEngineManager() {
    throw refusal("Scripts are");
  }

  @Override
  public ScriptEngine getScriptEngine(String language, boolean cached) {
    throw refusal("A script in '" + language + "' is");
  }

  private static ProcessEngineException refusal(String what) {
    return new ProcessEngineException(what + " not run, " + ClosedProcesses.WHY);
  }
}
