package io.unicoredask.autoconfigure;

import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.camunda.bpm.engine.rest.dto.ExceptionDto;

/** How the plugin's resources answer, which depends on who asks. */
final class EngineAnswers {

  private EngineAnswers() {}

  /**
   * Says no as the engine's REST API does.
   *
   * @param type what it has to do with
   */
  static Response refused(Response.Status status, String type, String why) {
    ExceptionDto reason = new ExceptionDto();
    reason.setType(type);
    reason.setMessage(why);
    return uncached(Response.status(status).type(MediaType.APPLICATION_JSON_TYPE).entity(reason));
  }

  /** It is for nobody else, and no later. */
  static Response uncached(Response.ResponseBuilder answer) {
    CacheControl kept = new CacheControl();
    kept.setNoStore(true);
    return answer.cacheControl(kept).header(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION).build();
  }
}
