package io.unicoredask.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks with the agent in a scheduler, over one connection to its relay after another. What it
 * says is noted on the event loop; anybody may read that and ask.
 */
final class AgentLink implements SchedulerAgent {

  private static final Logger LOG = LoggerFactory.getLogger(SchedulerAgent.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A question that is not answered yet, and what of the answer has come. */
  private record Question(CompletableFuture<List<JsonNode>> answer, List<JsonNode> parts) {}

  private final Executor loop;
  private final String where;
  private final Runnable changed;
  private final Map<Integer, Question> questions = new HashMap<>();
  private int asked;
  private AgentStream stream;
  private boolean isWarned;
  private volatile AgentAccount account = new AgentAccount();
  private volatile String failure;

  /** Asked whenever there is an agent; null if nothing is. */
  private ObjectNode standing;

  /**
   * @param loop where the connection lives
   * @param where the relay's address, for messages
   * @param changed told on the loop whenever more is known, or nothing any more
   */
  AgentLink(Executor loop, String where, Runnable changed) {
    this.loop = loop;
    this.where = where;
    this.changed = changed;
  }

  // on the loop

  void begins(AgentStream begun) {
    stream = begun;
    failure = null;
    if (standing != null) {
      ask(standing);
    }
  }

  void says(String line) {
    try {
      JsonNode said = JSON.readTree(line);
      if (said.path("answer").isInt()) {
        answer(said.path("answer").asInt(), said);
        return;
      }
      account.note(said);
      failure = account.failed().orElse(null);
      if (said.size() > 1 || !said.has("busy")) {
        changed.run();
      }
    } catch (JsonProcessingException e) {
      warn("what it says is no JSON");
    } catch (RuntimeException e) {
      stream.leave(String.valueOf(e.getMessage()));
    }
  }

  private void answer(int number, JsonNode said) {
    Question question = questions.get(number);
    if (question == null) {
      return;
    }
    question.parts().add(said);
    if (said.has("error")) {
      questions.remove(number);
      question
          .answer()
          .completeExceptionally(
              new IllegalStateException(Session.clean(said.path("error").asText())));
    } else if (!said.path("more").asBoolean()) {
      questions.remove(number);
      question.answer().complete(question.parts());
    }
  }

  /** No more is to be expected of it, though the relay is there. */
  void fails(String reason) {
    failure = reason;
    warn(reason);
    ends();
  }

  private void warn(String reason) {
    if (!isWarned) {
      isWarned = true;
      LOG.warn("{}: the agent in the scheduler cannot be understood: {}", where, reason);
    }
  }

  /** The connection is gone. */
  void ends() {
    stream = null;
    account = new AgentAccount();
    List<Question> unanswered = List.copyOf(questions.values());
    questions.clear();
    unanswered.forEach(
        question ->
            question
                .answer()
                .completeExceptionally(new IllegalStateException("the connection is gone")));
    changed.run();
  }

  private CompletableFuture<List<JsonNode>> ask(ObjectNode question) {
    CompletableFuture<List<JsonNode>> answer = new CompletableFuture<>();
    if (stream == null) {
      answer.completeExceptionally(new IllegalStateException("there is no connection"));
    } else {
      questions.put(++asked, new Question(answer, new ArrayList<>()));
      stream.say(question.put("ask", asked).toString());
    }
    return answer;
  }

  private static ObjectNode question(String action) {
    return JSON.createObjectNode().put("do", action);
  }

  // anywhere

  @Override
  public Optional<AgentReport> report() {
    return account.report();
  }

  @Override
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public int wanted(Duration patience) {
    OptionalInt known = report().map(AgentReport::wanted).orElse(OptionalInt.empty());
    return known.isPresent()
        ? known.getAsInt()
        : await(question("follow"), patience).get(0).path("wanted").asInt();
  }

  @Override
  public List<Load> loads(Duration patience) {
    return await(question("loads"), patience).stream()
        .flatMap(part -> loads(part).stream())
        .toList();
  }

  @Override
  public void linkDashboard(String host, int port) {
    ObjectNode question = question("link").put("host", host).put("port", port);
    loop.execute(
        () -> {
          standing = question;
          if (stream != null) {
            ask(question);
          }
        });
  }

  private static List<Load> loads(JsonNode part) {
    List<Load> loads = new ArrayList<>();
    part.path("loads")
        .forEach(
            load ->
                loads.add(
                    new Load(load.path(0).asText(), load.path(1).asInt(), load.path(2).asInt())));
    return loads;
  }

  @Override
  public Set<String> retire(Collection<String> addresses, Duration patience) {
    ObjectNode question = question("retire");
    addresses.forEach(question.putArray("workers")::add);
    Set<String> left = new LinkedHashSet<>();
    await(question, patience)
        .forEach(part -> part.path("left").forEach(address -> left.add(address.asText())));
    return left;
  }

  private List<JsonNode> await(ObjectNode question, Duration patience) {
    CompletableFuture<List<JsonNode>> answer = new CompletableFuture<>();
    loop.execute(
        () ->
            ask(question)
                .whenComplete(
                    (parts, failed) -> {
                      if (failed == null) {
                        answer.complete(parts);
                      } else {
                        answer.completeExceptionally(failed);
                      }
                    }));
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failed(question, e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw failed(question, "no answer within " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(question, "interrupted", e);
    }
  }

  private AgentException failed(ObjectNode question, String reason, Exception cause) {
    return new AgentException(
        "%s: the agent in the scheduler did not %s: %s"
            .formatted(where, question.path("do").asText(), reason),
        cause);
  }
}
