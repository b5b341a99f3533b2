package io.unicoredask.camunda.engine;

import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;
import javax.script.ScriptEngineManager;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.scripting.engine.ScriptEngineResolver;

/** Runs no script, whatever languages are on the class path. */
final class NoScripts implements ScriptEngineResolver {

  private final String why;

  NoScripts(String why) {
    this.why = why;
  }

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

  private ProcessEngineException refusal(String what) {
    return new ProcessEngineException(what + " not run, " + why);
  }
}
