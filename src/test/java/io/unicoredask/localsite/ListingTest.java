package io.unicoredask.localsite;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The list of jobs. */
class ListingTest {
  private static LocalSite site;
  private static SiteClient client;
  private static String first;
  private static String second;
  private static String third;

  @BeforeAll
  static void start() throws IOException {
    site = LocalSite.start(LocalSiteSettings.builder().build());
    client = SiteClient.of(site);
    first = client.submit("{'Tags':['a']}");
    second = client.submit("{'Tags':['a','b']}");
    third = client.submit("{'Tags':['c']}");
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @Test
  void theNewestComesFirst() {
    assertThat(jobs("")).containsExactly(third, second, first);
  }

  @Test
  void aTagIsFoundRightAfterTheSubmit() {
    String job = client.submit("{'Tags':['new']}");

    assertThat(jobs("?tags=new")).containsExactly(job);
    assertThat(client.send("DELETE", job, null).statusCode()).isEqualTo(204);
  }

  @Test
  void allTagsMustMatch() {
    assertThat(jobs("?tags=a")).containsExactly(second, first);
    assertThat(jobs("?tags=a,b")).containsExactly(second);
    assertThat(jobs("?tags=a,c")).isEmpty();
  }

  @Test
  void pagesLinkToTheirNeighbours() {
    JsonNode page = client.json("/jobs?offset=1&num=1");

    assertThat(page.get("jobs")).extracting(JsonNode::asText).containsExactly(second);
    assertThat(Recording.keys(page)).isEqualTo(Recording.keys(Recording.of("04b-jobs-num").body()));
    assertThat(page.at("/_links/next/href").asText())
        .isEqualTo(site.baseUrl() + "/jobs/?offset=2&num=1");
    assertThat(page.at("/_links/previous/href").asText())
        .isEqualTo(site.baseUrl() + "/jobs/?offset=0&num=1");
    assertThat(jobs("/?offset=2&num=1")).containsExactly(first);
  }

  @Test
  void theNextLinkLosesTheTags() {
    assertThat(client.json("/jobs?tags=a&num=1").at("/_links/next/href").asText())
        .isEqualTo(site.baseUrl() + "/jobs/?offset=1&num=1");
  }

  @Test
  void fieldsAndFiltersAreIgnored() {
    assertThat(jobs("?fields=status&filter=RUNNING")).containsExactly(third, second, first);
  }

  @Test
  void negativeNumbersAre500() {
    HttpResponse<byte[]> response = client.get("/jobs?num=-1");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(SiteClient.read(response.body()).get("errorMessage").asText())
        .isEqualTo("Error: java.lang.IllegalArgumentException: offset and num must be positive.");
  }

  private static List<String> jobs(String query) {
    List<String> urls = new ArrayList<>();
    client.json("/jobs" + query).get("jobs").forEach(url -> urls.add(url.asText()));
    return urls;
  }
}
