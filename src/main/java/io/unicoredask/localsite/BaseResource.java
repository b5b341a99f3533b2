package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** {@code rest/core} itself: what the site is, and who the client is. */
final class BaseResource implements Resource {
  static final String SERVER_DN = "CN=UNICOREX,O=UNICORE,C=EU";
  private static final String VERSION = "11.1.0";
  private static final List<String> LINKS =
      List.of(
          "storages",
          "client-server-transfers",
          "reservations",
          "transfers",
          "jobs",
          "factories",
          "sites",
          "storagefactories",
          "tasks");

  private final String siteName;
  private final Instant certificateEnd;
  private final Instant upSince = Instant.now();

  BaseResource(String siteName, Instant certificateEnd) {
    this.siteName = siteName;
    this.certificateEnd = certificateEnd;
  }

  @Override
  public Answer answer(Request request) {
    if (!request.method().equals("GET")) {
      throw Resource.notAllowed();
    }
    ObjectNode links = Json.object();
    LINKS.forEach(name -> links.set(name, Json.link(request.base() + "/" + name)));
    ObjectNode json = Json.object();
    json.set("server", server());
    json.set("_links", links);
    json.set("client", client(request.caller()));
    return Resource.render(request, json);
  }

  private ObjectNode server() {
    ObjectNode server = Json.object();
    server.put("currentTime", Json.time(Instant.now()));
    server.set("jobSubmission", Json.object().put("message", "").put("enabled", true));
    server.set(
        "credential",
        Json.object()
            .put("expires", Json.time(certificateEnd))
            .put("dn", SERVER_DN)
            .put("issuer", SERVER_DN));
    server.put("upSince", Json.time(upSince));
    server.set("externalConnections", Json.object().put("TSI 1", "OK"));
    server.set("trustedCAs", Json.array(List.of(SERVER_DN)));
    server.put("siteName", siteName);
    server.put("version", VERSION);
    server.set("trustedSAMLIssuers", Json.array(List.of()));
    return server;
  }

  private static ObjectNode client(Caller caller) {
    ObjectNode role = Json.object().put("selected", caller.isAnonymous() ? "anonymous" : "user");
    ObjectNode login = Json.object();
    ObjectNode client = Json.object();
    client.set("role", role);
    if (!caller.isAnonymous()) {
      role.set("availableRoles", Json.array(List.of("user")));
      login.put("UID", caller.user());
      login.set("availableGroups", Json.array(List.of()));
      login.set("availableUIDs", Json.array(List.of(caller.user())));
      client.put("authenticationMethod", caller.method());
    }
    client.put("dn", caller.spacedDn());
    client.set("xlogin", login);
    return client;
  }
}
