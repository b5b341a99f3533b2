package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.Refusal;
import jakarta.annotation.Priority;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import java.util.stream.Stream;
import org.camunda.bpm.engine.rest.dto.ExceptionDto;
import org.camunda.bpm.engine.rest.exception.InvalidRequestException;
import org.camunda.bpm.engine.rest.exception.RestException;
import org.glassfish.jersey.spi.ExtendedExceptionMapper;

/**
 * Answers a start that is refused with 400, as the engine's REST API answers a message that is. By
 * itself that answers 500 to a start, whatever was wrong with it, and logs a stack trace.
 */
@Priority(1)
final class RefusalMapper implements ExtendedExceptionMapper<RestException> {

  @Override
  public boolean isMappable(RestException e) {
    return Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
        .anyMatch(Refusal.class::isInstance);
  }

  @Override
  public Response toResponse(RestException e) {
    return Response.status(Response.Status.BAD_REQUEST)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(
            ExceptionDto.fromException(
                new InvalidRequestException(Response.Status.BAD_REQUEST, e.getMessage())))
        .build();
  }
}
