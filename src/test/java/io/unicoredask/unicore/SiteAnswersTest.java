package io.unicoredask.unicore;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is read out of the answers of a real site, and what it is asked. */
class SiteAnswersTest {

  @RegisterExtension static final RecordedSite site = new RecordedSite();

  private static final String LISTING = "/DEMO-SITE/rest/core/jobs";

  private final UnicoreSite client = site.client();
  private final ObjectNode job =
      new ObjectMapper().createObjectNode().put("ApplicationName", "dask-worker");

  @Test
  void theSiteSaysWhatItIsAndWhoWeAre() {
    site.answers("01-base");
    assertThat(client.info())
        .isEqualTo(
            new SiteInfo(
                "DEMO-SITE", "11.1.0", true, "CN=Demo User, O=UNICORE, C=EU", "user", "demouser"));
  }

  @Test
  void beingAnonymousIsAnError() {
    site.answers("01d-base-anonymous");
    assertThatThrownBy(client::info)
        .isInstanceOf(UnicoreException.class)
        .hasMessageContaining("demo")
        .hasMessageContaining("takes us for anonymous");
  }

  @Test
  void aUserWhomTheSiteHasNotMappedIsAnErrorThatNamesHim() {
    site.answers("08e-unmapped-base");
    assertThatThrownBy(client::info)
        .isInstanceOf(UnicoreException.class)
        .hasMessageContaining("CN=Unmapped User, O=UNICORE, C=EU")
        .hasMessageContaining("operators");
  }

  @Test
  void aUserWithoutAUnixLoginIsAnError() {
    site.server()
        .stubFor(
            any(anyUrl())
                .willReturn(
                    okJson(
                        "{'server':{},'client':{'dn':'CN=Me','role':{'selected':'user'},'xlogin':{}}}"
                            .replace('\'', '"'))));
    assertThatThrownBy(client::info)
        .isInstanceOf(UnicoreException.class)
        .hasMessageContaining("no Unix login");
  }

  @Test
  void theOfferHasQueuesAndApplicationsWithoutVersions() {
    site.answers("02-factories", "02b-factory");
    SiteOffer offer = client.offer();
    assertThat(offer.queues()).containsExactlyInAnyOrder("debug", "batch");
    assertThat(offer.applications())
        .containsExactlyInAnyOrder("Date", "dask-scheduler", "Bash shell", "dask-worker");
  }

  @Test
  void aSubmittedJobHasTheUrlThatTheSiteGivesIt() {
    site.answers("03c-submit-tags");
    assertThat(client.submit(job)).hasToString("jobs/3S4MpaN6ktG");
    site.server()
        .verify(
            postRequestedFor(urlPathEqualTo(LISTING))
                .withHeader("Content-Type", equalTo("application/json"))
                .withRequestBody(equalToJson("{\"ApplicationName\":\"dask-worker\"}")));
  }

  @Test
  void aJobIsSubmittedIntoAnAllocationAtTheAllocationsUrl() {
    site.answers("31b-alloc-submit");
    assertThat(client.submitInto(site.url("/jobs/Lg1pte64GXe"), job))
        .hasToString("jobs/EB3PejRrX0A");
  }

  @Test
  void whatIsReturnedIsTakenBackAndCanBeShownInFull() {
    site.answers("03c-submit-tags", "05g-job-running", "21-storage");
    URI submitted = client.submit(job);
    assertThat(client.job(submitted).status()).isEqualTo(JobStatus.RUNNING);
    assertThat(client.storage(URI.create("storages/CPxIfUjF3l4-uspace")).ready()).isTrue();
    assertThat(client.resolve(submitted)).isEqualTo(site.url("/jobs/3S4MpaN6ktG"));
    assertThat(client.relative(site.url("/jobs/3S4MpaN6ktG"))).isEqualTo(submitted);
  }

  @Test
  void aSiteThatWritesAnotherOfItsNamesIsAskedUnderTheConfiguredOne() {
    String other = "https://login7.example.org:8443/DEMO-SITE/rest/core/";
    site.server()
        .stubFor(
            any(urlPathEqualTo(LISTING))
                .willReturn(
                    aResponse()
                        .withHeader("Location", other + "jobs/1")
                        .withBody("{\"jobs\":[\"" + other + "jobs/1\"]}")));
    site.server()
        .stubFor(
            any(urlPathEqualTo(LISTING + "/1"))
                .willReturn(
                    okJson(
                        "{'status':'RUNNING','_links':{'workingDirectory':{'href':'%sstorages/1'}}}"
                            .formatted(other)
                            .replace('\'', '"'))));
    URI submitted = client.submit(job);
    assertThat(client.jobs()).containsExactly(submitted);
    assertThat(client.job(submitted).workingDirectory()).hasToString("storages/1");
    assertThat(client.job(URI.create(other + "jobs/1")).status()).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void aFinishedJobHasItsExitCode() {
    site.answers("05-job-done");
    Job done = client.job(site.url("/jobs/506WiWrh9Kk"));
    assertThat(done)
        .isEqualTo(
            new Job(
                JobStatus.SUCCESSFUL,
                "",
                0,
                "12",
                "BATCH",
                "batch",
                Instant.parse("2026-11-22T07:36:08Z"),
                List.of(),
                URI.create("storages/506WiWrh9Kk-uspace"),
                URI.create("jobs/506WiWrh9Kk/forward-port")));
  }

  @Test
  void onlyWhatIsReadOfAJobIsAskedFor() {
    site.answers("05-job-done");
    client.job(site.url("/jobs/506WiWrh9Kk"));
    assertThat(site.requests().get(0).queryParameter("fields").firstValue())
        .isEqualTo(
            "status,statusMessage,exitCode,batchSystemID,jobType,queue,submissionTime,tags,_links");
  }

  @Test
  void aRunningJobHasNoExitCodeYet() {
    site.answers("05g-job-running");
    Job running = client.job(site.url("/jobs/3S4MpaN6ktG"));
    assertThat(running.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(running.exitCode()).isNull();
    assertThat(running.tags()).containsExactly("dask", "c1");
  }

  @Test
  void aFailedJobSaysWhyAndKnowsNoMoreThanTheSiteDoes() {
    site.answers("05j-badqueue-job", "05i-unknown-app-job");
    assertThat(client.job(site.url("/jobs/A8KQm8cFHuP")))
        .extracting(Job::status, Job::batchSystemId, Job::queue, Job::exitCode, Job::jobType)
        .containsExactly(JobStatus.FAILED, null, null, null, "BATCH");
    assertThat(client.job(site.url("/jobs/A8KQm8cFHuP")).statusMessage())
        .contains("<Queue = nosuchqueue> is out of range");
    assertThat(client.job(site.url("/jobs/HowkhV1KEd5")))
        .satisfies(job -> assertThat(job.statusMessage()).contains("'nosuchapp' is not available"))
        .satisfies(job -> assertThat(job.jobType()).isNull());
  }

  @Test
  void aStatusThatNobodyKnowsIsUnknown() {
    site.server()
        .stubFor(any(anyUrl()).willReturn(okJson("{\"status\":\"PONDERING\",\"_links\":{}}")));
    Job job = client.job(site.url("/jobs/x"));
    assertThat(job.status()).isEqualTo(JobStatus.UNKNOWN);
    assertThat(job.workingDirectory()).isNull();
    assertThat(job.forwarding()).isNull();
  }

  @Test
  void anAllocationTakesJobsOnceTheBatchSystemHasNamedIt() {
    site.answers("31-alloc-get");
    assertThat(client.job(site.url("/jobs/Lg1pte64GXe")).isUsableAllocation()).isTrue();
  }

  @Test
  void aJobIsFoundByItsTag() {
    site.answers("04c-jobs-tags");
    assertThat(client.jobs("dask")).containsExactly(URI.create("jobs/3S4MpaN6ktG"));
  }

  @Test
  void aListOfManyPagesIsReadToItsEndWithTheTagsOnEveryPage() {
    pageOf(0, 200);
    pageOf(200, 200);
    pageOf(400, 37);
    assertThat(client.jobs("dask", "c1"))
        .hasSize(437)
        .doesNotHaveDuplicates()
        .contains(URI.create("jobs/0"), URI.create("jobs/436"));
    assertThat(site.requests())
        .extracting(
            asked -> asked.queryParameter("offset").firstValue(),
            asked -> asked.queryParameter("num").firstValue(),
            asked -> asked.queryParameter("tags").firstValue())
        .containsExactly(
            tuple("0", "200", "dask,c1"),
            tuple("200", "200", "dask,c1"),
            tuple("400", "200", "dask,c1"));
  }

  private void pageOf(int offset, int size) {
    String urls =
        IntStream.range(offset, offset + size)
            .mapToObj(number -> '"' + site.url("/jobs/" + number).toString() + '"')
            .collect(Collectors.joining(","));
    site.server()
        .stubFor(
            get(urlPathEqualTo(LISTING))
                .withQueryParam("offset", equalTo(String.valueOf(offset)))
                .willReturn(
                    okJson(
                        "{\"jobs\":[%s],\"_links\":{\"next\":{\"href\":\"%s\"}}}"
                            .formatted(urls, site.url("/jobs?offset=1&num=200")))));
  }

  @Test
  void tagsArriveAsTheyAreWhateverIsInThem() {
    site.answers("04c-jobs-tags");
    for (String tag : List.of("a b", "a&b=c", "a+b", "100%", "a%20b", "ä/é", "{x}", "*~;#?")) {
      site.server().resetRequests();
      client.jobs(tag);
      assertThat(site.requests().get(0).queryParameter("tags").firstValue()).isEqualTo(tag);
    }
  }

  @Test
  void allJobsAreListedWithoutAnyTag() {
    site.answers("04c-jobs-tags");
    client.jobs();
    assertThat(site.requests().get(0).queryParameter("tags").isPresent()).isFalse();
  }

  @Test
  void aTagThatWouldBeTwoIsRefused() {
    assertThatThrownBy(() -> client.jobs("a,b")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> client.jobs("")).isInstanceOf(IllegalArgumentException.class);
    assertThat(site.requests()).isEmpty();
  }

  @Test
  void anEmptyListIsBelievedOfAUserWhomTheSiteKnows() {
    site.answers("04e-jobs-tags-none", "01-base");
    assertThat(client.jobs("nosuchtag")).isEmpty();
  }

  @Test
  void anEmptyListIsNotBelievedOfAnAnonymousUser() {
    site.answers("08c-anonymous-jobs", "01d-base-anonymous");
    assertThatThrownBy(() -> client.jobs("dask"))
        .isInstanceOf(UnicoreException.class)
        .hasMessageContaining("anonymous");
  }

  @Test
  void abortingTwiceDoesNoHarm() {
    URI running = site.url("/jobs/3S4MpaN6ktG");
    site.answers("06-abort");
    client.abort(running);
    site.answers("06c-abort-again");
    client.abort(running);
    site.server()
        .verify(
            2,
            postRequestedFor(urlPathEqualTo(running.getPath() + "/actions/abort"))
                .withHeader("Content-Type", equalTo("application/json"))
                .withRequestBody(equalToJson("{}")));
  }

  @Test
  void abortingAJobThatIsGoneDoesNothing() {
    site.answersAllWith("05h-job-unknown");
    client.abort(site.url("/jobs/gone"));
    assertThat(site.requests()).hasSize(1);
  }

  @Test
  void aStorageHasItsPathOnTheSite() {
    site.answers("21-storage");
    assertThat(client.storage(site.url("/storages/CPxIfUjF3l4-uspace")))
        .isEqualTo(new Storage(true, "/home/demouser/UNICORE_Jobs/CPxIfUjF3l4/"));
  }

  @Test
  void aStorageThatIsStillBeingMadeIsNotReady() {
    site.server()
        .stubFor(any(anyUrl()).willReturn(okJson("{\"resourceStatus\":\"INITIALIZING\"}")));
    assertThat(client.storage(site.url("/storages/x")).ready()).isFalse();
  }

  @Test
  void aFileIsReadAsItIs() {
    site.answers("21e-file-octet");
    assertThat(client.file(site.url("/storages/CPxIfUjF3l4-uspace"), "dask.json"))
        .get()
        .isEqualTo(RecordedSite.body("21e-file-octet").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aFileThatIsNotThereIsNothing() {
    site.answers("21f-file-octet-missing");
    URI storage = site.url("/storages/CPxIfUjF3l4-uspace");
    assertThat(client.file(storage, "nosuch.json")).isEmpty();
    assertThat(client.tail(storage, "nosuch.json", 10)).isEmpty();
  }

  @Test
  void thePathOfAFileArrivesAsItIsWhateverIsInIt() {
    site.server().stubFor(any(anyUrl()).willReturn(aResponse().withBody("x")));
    client.file(site.url("/storages/s"), "/logs/ä b%20c?{d}+;e#.txt");
    assertThat(site.requests().get(0).getUrl())
        .isEqualTo(
            "/DEMO-SITE/rest/core/storages/s/files/logs/"
                + "%C3%A4%20b%2520c%3F%7Bd%7D%2B%3Be%23.txt");
  }

  @Test
  void theSizeOfAFileIsAmongItsProperties() {
    site.answers("21d-file-meta", "21g-file-meta-missing");
    URI storage = site.url("/storages/CPxIfUjF3l4-uspace");
    assertThat(client.size(storage, "dask.json")).hasValue(214);
    assertThat(client.size(storage, "nosuch.json")).isEmpty();
  }

  @Test
  void aPartOfAFileIsAskedForAsARange() {
    site.answers("21h-file-range", "21f-file-octet-missing");
    URI storage = site.url("/storages/CPxIfUjF3l4-uspace");
    assertThat(client.part(storage, "dask.json", 0, 20))
        .get()
        .isEqualTo("{\n  \"type\": \"Schedul".getBytes(StandardCharsets.UTF_8));
    site.server().verify(getRequestedFor(anyUrl()).withHeader("Range", equalTo("bytes=0-19")));
    assertThat(client.part(storage, "nosuch.json", 0, 20)).isEmpty();
  }

  @Test
  void aWholeFileSentInPlaceOfAPartIsCut() {
    site.server().stubFor(any(anyUrl()).willReturn(aResponse().withBody("one two three")));
    assertThat(client.part(site.url("/storages/s"), "stdout", 4, 3))
        .get()
        .isEqualTo("two".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theTailOfALogIsAskedForAsARange() {
    site.answers("21j-stderr-tail");
    assertThat(client.tail(site.url("/storages/CPxIfUjF3l4-uspace"), "stderr", 100))
        .hasValue(RecordedSite.body("21j-stderr-tail"));
    site.server().verify(getRequestedFor(anyUrl()).withHeader("Range", equalTo("bytes=-100")));
  }

  @Test
  void aWholeFileSentInPlaceOfItsTailIsCut() {
    site.server().stubFor(any(anyUrl()).willReturn(aResponse().withBody("one\ntwo\nthree\n")));
    assertThat(client.tail(site.url("/storages/s"), "stdout", 6)).hasValue("three\n");
    assertThat(client.tail(site.url("/storages/s"), "stdout", 600)).hasValue("one\ntwo\nthree\n");
  }

  @Test
  void aCharacterCutInTwoIsLeftOut() {
    site.server().stubFor(any(anyUrl()).willReturn(aResponse().withBody("10 €uro")));
    assertThat(client.tail(site.url("/storages/s"), "stdout", 5)).hasValue("uro");
    assertThat(client.tail(site.url("/storages/s"), "stdout", 6)).hasValue("€uro");
  }

  @Test
  void theTailOfAFileThatIsShorterThanAskedForIsTheWholeFile() {
    site.server().stubFor(any(anyUrl()).willReturn(aResponse().withBody("short")));
    site.server()
        .stubFor(
            any(anyUrl())
                .withHeader("Range", equalTo("bytes=-100"))
                .willReturn(aResponse().withStatus(416)));
    assertThat(client.tail(site.url("/storages/s"), "stdout", 100)).hasValue("short");
  }
}
