package io.unicoredask.cluster.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Duration;

/** Writes requests as JSON, durations in ISO 8601, and reads them again. */
class RequestJson {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .addMixIn(QueueWorkers.class, ByValue.class)
          .addMixIn(OnSchedulerLost.class, ByValue.class)
          .addMixIn(TunnelKind.class, ByValue.class)
          .addMixIn(TimeLimit.class, ByVariable.class)
          .addModule(
              new SimpleModule()
                  .addSerializer(Duration.class, ToStringSerializer.instance)
                  .addDeserializer(Duration.class, new IsoDuration()))
          .build();

  private RequestJson() {}

  static String write(Object request) {
    try {
      return JSON.writeValueAsString(request);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static <T> T read(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "this is no %s as it was kept; it is not for editing".formatted(type.getSimpleName()), e);
    }
  }

  /** Enums by what their variables say. */
  private interface ByValue {

    @JsonValue
    String value();
  }

  private interface ByVariable {

    @JsonValue
    String variable();
  }

  private static final class IsoDuration extends FromStringDeserializer<Duration> {

    private static final long serialVersionUID = 1L;

    private IsoDuration() {
      super(Duration.class);
    }

    @Override
    protected Duration _deserialize(String text, DeserializationContext context) {
      return Duration.parse(text);
    }
  }
}
