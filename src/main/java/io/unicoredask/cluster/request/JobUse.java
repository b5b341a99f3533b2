package io.unicoredask.cluster.request;

import io.unicoredask.dask.TlsFile;
import io.unicoredask.relay.RelayProgram;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a job description is for, and with that what is added to it and cannot be given. */
enum JobUse {
  SCHEDULER(
      List.of("--scheduler-file"),
      Stream.of(
              RelayProgram.FILES.stream(),
              Stream.of(RelayProgram.SECRET_FILE),
              Stream.of(TlsFile.values()).map(TlsFile::fileName))
          .flatMap(Function.identity())
          .toList()),
  WORKER(List.of("--name", "--nworkers", "--nprocs"), List.of()),
  SCRIPT(List.of(), List.of(ScriptRequest.FILE)),

  /** Runs nothing, so that nothing is added to what it runs. */
  ALLOCATION(List.of(), List.of());

  private final List<String> ownOptions;
  private final List<String> ownFiles;

  JobUse(List<String> ownOptions, List<String> ownFiles) {
    this.ownOptions = ownOptions;
    this.ownFiles = ownFiles;
  }

  List<String> ownOptions() {
    return ownOptions;
  }

  /** What is staged into the job's directory. */
  List<String> ownFiles() {
    return ownFiles;
  }
}
