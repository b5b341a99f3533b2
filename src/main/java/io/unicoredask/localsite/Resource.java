package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What lives below one first part of the path. */
interface Resource {
  /**
   * Answers a request whose caller is known.
   *
   * @throws HttpProblem to answer with an error
   */
  Answer answer(Request request);

  /** An answer in JSON, or in HTML to those who take anything, as UNICORE has it. */
  static Answer render(Request request, ObjectNode json) {
    return request.wantsJson()
        ? Answer.json(Json.select(json, request.query().get("fields")))
        : Html.page(json);
  }

  /** 405, with the methods that UNICORE claims to take everywhere. */
  static HttpProblem notAllowed() {
    return new HttpProblem(Answer.empty(405).with("Allow", METHODS).outsideSession());
  }

  /** 404 for a path that leads nowhere. */
  static HttpProblem noSuchPath() {
    return new HttpProblem(Answer.empty(404).with("Allow", METHODS).outsideSession());
  }

  /** The methods that UNICORE claims to take everywhere. */
  String METHODS = "DELETE,POST,GET,PUT,OPTIONS,HEAD";
}
