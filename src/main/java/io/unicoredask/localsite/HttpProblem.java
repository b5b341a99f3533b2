package io.unicoredask.localsite;

/** Ends a request with a status, and perhaps UNICORE's JSON error. */
final class HttpProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Answer answer;

  HttpProblem(Answer answer) {
    super("HTTP " + answer.status());
    this.answer = answer;
  }

  static HttpProblem notFound() {
    return new HttpProblem(Answer.empty(404));
  }

  static HttpProblem forbidden() {
    return new HttpProblem(Answer.empty(403));
  }

  static HttpProblem serverError(String message) {
    return new HttpProblem(Answer.error(500, message));
  }

  Answer answer() {
    return answer;
  }
}
