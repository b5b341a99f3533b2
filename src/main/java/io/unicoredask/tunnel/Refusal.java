package io.unicoredask.tunnel;

import io.netty.handler.codec.http.HttpResponseStatus;

/** What an answer other than 101 means, and what to do about it. */
final class Refusal {

  private Refusal() {}

  static String text(HttpResponseStatus status, String body) {
    String said =
        body.isBlank() ? "" : " (" + body.replaceAll("\\p{Cntrl}+\\s*", " ").strip() + ")";
    return "the upgrade was answered %d%s%s; %s"
        .formatted(status.code(), phrase(status), said, remedy(status.code()));
  }

  private static String phrase(HttpResponseStatus status) {
    String phrase = status.reasonPhrase().replaceAll("\\p{Cntrl}", " ").strip();
    return phrase.isEmpty() ? "" : " " + phrase;
  }

  private static String remedy(int status) {
    return switch (status) {
      case 401, 403 ->
          "the credential is wrong or expired, or the job is somebody else's: check the site's"
              + " credential";
      case 404 -> "the site knows no such job: it was deleted, start it again";
      case 432 -> "the security session is over: connect again, with a new one";
      case 500 ->
          "the job is not running yet or no longer, or its site is down: look at the job's status";
      case 502, 503, 504 ->
          "the site is down behind its Gateway, or a proxy changed the upgrade: try again later";
      default -> "is the URL the job's forward-port, with nothing in between that drops upgrades?";
    };
  }
}
