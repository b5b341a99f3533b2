package io.unicoredask.localsite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Puts a job's inline imports into its directory. */
final class Staging {
  private Staging() {}

  static void in(Job job, Map<String, String> imports) throws IOException, JobRefusedException {
    if (imports.isEmpty()) {
      return;
    }
    job.stagingIn();
    for (Map.Entry<String, String> file : imports.entrySet()) {
      Path target = SiteFiles.inside(job.directory, file.getKey());
      if (target == null) {
        throw new JobRefusedException(
            "Staging in failed. Reason: <%s> is not inside the job's directory"
                .formatted(file.getKey()));
      }
      Files.createDirectories(target.getParent());
      Files.writeString(target, file.getValue(), StandardCharsets.UTF_8);
    }
  }
}
