package io.unicoredask.camunda;

import static org.awaitility.Awaitility.await;

import io.unicoredask.TestSite;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;

/** What the tests of work inside a cluster share. */
abstract class WorkProcessTest extends ProcessTest {

  static final String COMPUTE =
      """
      import json, os, pathlib, sys, time
      from dask.distributed import Client

      with Client() as client:
          client.wait_for_workers(1)
          print("sum is", sum(client.gather(client.map(lambda x: x * x, range(10)))))
          while not pathlib.Path("go-on").exists():
              time.sleep(0.05)
          print("größe", *sys.argv[1:], file=sys.stderr)
          os.makedirs("out")
          pathlib.Path("out/result.json").write_text(json.dumps({"sum": 285}))
      """;

  ProcessInstance work(String script, Map<String, ?> more) {
    Map<String, Object> variables = new HashMap<>(Map.of("work", "dask-script", "workers", 1));
    variables.putAll(more);
    return start(variables(script, variables));
  }

  static Map<String, Object> variables(String script, Map<String, ?> more) {
    Map<String, Object> variables = new HashMap<>(more);
    variables.put("script", script);
    return variables;
  }

  ProcessInstance called(ProcessInstance cluster) {
    return await()
        .atMost(LIMIT)
        .until(
            () ->
                runtimeService
                    .createProcessInstanceQuery()
                    .superProcessInstanceId(cluster.getId())
                    .singleResult(),
            found -> found != null);
  }

  void goOn(ProcessInstance script) throws IOException {
    URI directory =
        TestSite.unicore()
            .job(URI.create((String) variable(script, "scriptJobUrl")))
            .workingDirectory();
    Files.createFile(Path.of(TestSite.unicore().storage(directory).mountPoint(), "go-on"));
  }

  String bytes(ProcessInstance cluster, String name) throws IOException {
    try (InputStream file = (InputStream) variable(cluster, name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Again, as a person would, when the watcher has just written something. */
  static void unlessChangedMeanwhile(Runnable change) {
    await()
        .atMost(LIMIT)
        .ignoreException(OptimisticLockingException.class)
        .until(
            () -> {
              change.run();
              return true;
            });
  }

  void deploy(String key, BpmnModelInstance model) {
    repositoryService
        .createDeployment()
        .enableDuplicateFiltering(false)
        .addModelInstance(key + ".bpmn", model)
        .deploy();
  }
}
