package io.unicoredask.unicore;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The site's JSON answers, as far as they are read. A missing part makes the answer unreadable. */
final class Answers {

  private Answers() {}

  record Base(Server server, Client client) {
    Base {
      Objects.requireNonNull(server, "server");
      Objects.requireNonNull(client, "client");
    }

    SiteInfo toSiteInfo() {
      return new SiteInfo(
          server.siteName,
          server.version,
          server.jobSubmission == null || server.jobSubmission.enabled,
          client.dn,
          client.role.selected,
          client.xlogin == null ? null : client.xlogin.uid);
    }
  }

  record Server(String siteName, String version, JobSubmission jobSubmission) {}

  record JobSubmission(boolean enabled) {}

  record Client(String dn, String authenticationMethod, Role role, Xlogin xlogin) {
    Client {
      Objects.requireNonNull(role, "client.role");
    }
  }

  record Role(String selected) {}

  record Xlogin(@JsonProperty("UID") String uid) {}

  record Factories(Urls factories) {
    Factories {
      Objects.requireNonNull(factories, "factories");
    }
  }

  /**
   * @param resources by the queues' names
   * @param applications as {@code name---vX}
   */
  record Factory(Map<String, Queue> resources, List<String> applications) {
    Factory {
      Objects.requireNonNull(resources, "resources");
      Objects.requireNonNull(applications, "applications");
    }

    List<String> applicationNames() {
      return applications.stream().map(name -> name.replaceFirst("---v.*$", "")).toList();
    }
  }

  /** What can be asked of a queue, of which nothing is read. */
  record Queue() {}

  record Jobs(Urls jobs) {
    Jobs {
      Objects.requireNonNull(jobs, "jobs");
    }
  }

  record Link(URI href) {}

  record JobProperties(
      String status,
      String statusMessage,
      String exitCode,
      @JsonProperty("batchSystemID") String batchSystemId,
      String jobType,
      String queue,
      String submissionTime,
      List<String> tags,
      @JsonProperty("_links") Map<String, Link> links) {

    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssZ");

    JobProperties {
      Objects.requireNonNull(status, "status");
      Objects.requireNonNull(links, "_links");
    }

    Job toJob(SiteLinks siteLinks) {
      return new Job(
          Arrays.stream(JobStatus.values())
              .filter(known -> known.name().equals(status))
              .findFirst()
              .orElse(JobStatus.UNKNOWN),
          Objects.requireNonNullElse(known(statusMessage), ""),
          exitCode != null && exitCode.matches("-?\\d{1,9}") ? Integer.valueOf(exitCode) : null,
          known(batchSystemId),
          known(jobType),
          known(queue),
          submitted(),
          tags == null ? List.of() : List.copyOf(tags),
          link("workingDirectory", siteLinks),
          link("forwarding", siteLinks));
    }

    private Instant submitted() {
      try {
        return submissionTime == null
            ? null
            : OffsetDateTime.parse(submissionTime, TIME).toInstant();
      } catch (DateTimeException e) {
        return null;
      }
    }

    private URI link(String name, SiteLinks siteLinks) {
      Link link = links.get(name);
      return link == null ? null : siteLinks.relative(link.href);
    }

    private static String known(String value) {
      return "n/a".equalsIgnoreCase(value) ? null : value;
    }
  }

  record FileProperties(Long size) {
    FileProperties {
      Objects.requireNonNull(size, "size");
    }
  }

  /** Those that are not a job's directory. */
  record Storages(Urls storages) {
    Storages {
      Objects.requireNonNull(storages, "storages");
    }
  }

  record StorageProperties(String resourceStatus, String mountPoint) {
    StorageProperties {
      Objects.requireNonNull(resourceStatus, "resourceStatus");
    }

    Storage toStorage() {
      boolean known = mountPoint != null && mountPoint.startsWith("/");
      String directory = known && !mountPoint.endsWith("/") ? mountPoint + "/" : mountPoint;
      return new Storage(known && "READY".equals(resourceStatus), known ? directory : null);
    }
  }
}
