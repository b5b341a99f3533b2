package io.unicoredask.chaos;

import io.unicoredask.EngineProcess;
import io.unicoredask.FreePort;
import io.unicoredask.TestDatabase;
import io.unicoredask.localsite.LocalSite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** An engine of one node on H2, or of several on PostgreSQL or what the environment names. */
class Engine implements AutoCloseable {

  private final List<EngineProcess> nodes = new ArrayList<>();
  private final TestDatabase database;
  private final Random random;

  /** The node that was killed last and is not there again. */
  private EngineProcess dead;

  /** Starts nothing yet but the database. */
  Engine(Path home, LocalSite site, int nodes, Random random) throws IOException {
    this.random = random;
    this.database = nodes > 1 ? TestDatabase.ofSeveralNodes() : null;
    for (int i = 0; i < nodes; i++) {
      List<String> arguments =
          database == null
              ? LightSite.configuration(site)
              : LightSite.configuration(site, database);
      this.nodes.add(
          new EngineProcess(EngineProgram.command(home), home, FreePort.any(), arguments));
    }
  }

  void start() throws IOException {
    for (EngineProcess node : nodes) {
      node.start();
    }
  }

  /** A node that is alive, any of them. */
  EngineProcess node() {
    List<EngineProcess> alive = nodes.stream().filter(node -> node != dead).toList();
    return alive.get(random.nextInt(alive.size()));
  }

  /** Kills a node. An only one is started again; else the one that was killed before is. */
  void killOne() throws IOException, InterruptedException {
    comeBack();
    EngineProcess victim = node();
    victim.kill();
    dead = victim;
    if (nodes.size() == 1) {
      comeBack();
    }
  }

  /** From now on all nodes live. */
  void comeBack() throws IOException {
    if (dead != null) {
      dead.start();
      dead = null;
    }
  }

  @Override
  public void close() throws IOException {
    nodes.forEach(EngineProcess::close);
    if (database != null) {
      database.close();
    }
  }
}
