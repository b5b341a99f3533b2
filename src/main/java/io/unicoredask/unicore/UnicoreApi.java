package io.unicoredask.unicore;

import com.fasterxml.jackson.databind.node.ObjectNode;
import feign.CollectionFormat;
import feign.Headers;
import feign.Param;
import feign.RequestLine;
import io.unicoredask.unicore.Answers.Base;
import io.unicoredask.unicore.Answers.Factories;
import io.unicoredask.unicore.Answers.Factory;
import io.unicoredask.unicore.Answers.FileProperties;
import io.unicoredask.unicore.Answers.JobProperties;
import io.unicoredask.unicore.Answers.Jobs;
import io.unicoredask.unicore.Answers.StorageProperties;
import io.unicoredask.unicore.Answers.Storages;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Map;

/**
 * The part of the UNICORE REST API that is used. A path is relative to the base URL, or to the
 * absolute URL given as the first argument.
 */
interface UnicoreApi {

  @RequestLine("GET")
  @Headers("Accept: application/json")
  Base base();

  @RequestLine("GET /certificate")
  @Headers("Accept: text/plain")
  X509Certificate certificate();

  /** Answers a token that the site issues for whoever asks. */
  @RequestLine("GET /token?lifetime={seconds}")
  @Headers("Accept: text/plain")
  byte[] token(@Param("seconds") long seconds);

  @RequestLine("GET /factories")
  @Headers("Accept: application/json")
  Factories factories();

  @RequestLine("GET")
  @Headers("Accept: application/json")
  Factory factory(URI factory);

  /** Answers the new job's URL. */
  @RequestLine("POST /jobs")
  @Headers({"Accept: application/json", "Content-Type: application/json"})
  URI submit(ObjectNode job);

  /** Answers the new job's URL. */
  @RequestLine("POST")
  @Headers({"Accept: application/json", "Content-Type: application/json"})
  URI submitInto(URI allocation, ObjectNode job);

  @RequestLine(
      value =
          "GET ?fields=status,statusMessage,exitCode,batchSystemID,jobType,queue,submissionTime,tags,_links",
      collectionFormat = CollectionFormat.CSV)
  @Headers("Accept: application/json")
  JobProperties job(URI job);

  /** Answers what the batch system says, in its own words. */
  @RequestLine(
      value =
          "GET /details?fields=JobState,Reason,StartTime,EndTime,TimeLimit,ExitCode,SubmitTime,JobId",
      collectionFormat = CollectionFormat.CSV)
  @Headers("Accept: application/json")
  Map<String, String> details(URI job);

  /**
   * A page of the jobs.
   *
   * @param tags comma-separated and percent-encoded; null for all jobs
   */
  @RequestLine("GET /jobs?offset={offset}&num={num}&tags={tags}")
  @Headers("Accept: application/json")
  Jobs jobs(@Param("offset") int offset, @Param("num") int num, @Param("tags") String tags);

  @RequestLine("POST /actions/abort")
  @Headers({"Accept: application/json", "Content-Type: application/json"})
  void abort(URI job, Map<String, String> nothing);

  @RequestLine("GET /storages")
  @Headers("Accept: application/json")
  Storages storages();

  @RequestLine("GET")
  @Headers("Accept: application/json")
  StorageProperties storage(URI storage);

  @RequestLine("GET")
  @Headers("Accept: application/octet-stream")
  byte[] content(URI file);

  @RequestLine("PUT")
  @Headers({"Accept: */*", "Content-Type: application/octet-stream"})
  void write(URI file, byte[] content);

  @RequestLine("DELETE")
  @Headers("Accept: */*")
  void delete(URI file);

  @RequestLine("GET")
  @Headers("Accept: application/json")
  FileProperties file(URI file);

  @RequestLine("GET")
  @Headers({"Accept: application/octet-stream", "Range: bytes={first}-{last}"})
  byte[] part(URI file, @Param("first") long first, @Param("last") long last);

  @RequestLine("GET")
  @Headers({"Accept: application/octet-stream", "Range: bytes=-{last}"})
  byte[] tail(URI file, @Param("last") int last);
}
