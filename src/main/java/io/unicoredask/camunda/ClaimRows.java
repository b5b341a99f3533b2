package io.unicoredask.camunda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.cluster.identity.ClaimRecords;
import io.unicoredask.cluster.identity.OnRecord;
import io.unicoredask.cluster.identity.StoredClaim;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The engine's claims, and the fingerprints of its nodes, in its database. */
class ClaimRows implements ClaimRecords {

  private static final String CLAIM = "claim.";
  private static final String ENGINE = "engine.";

  /** The length of a name in the table. */
  private static final int LONGEST = 64;

  private static final int ENGINES = 16;

  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final PropertyRows rows;

  ClaimRows(PropertyRows rows) {
    this.rows = rows;
  }

  /** What is on record of one site; its name may be longer than that of the row. */
  private record Row(String site, StoredClaim claim) {}

  @Override
  public OnRecord read() {
    Map<String, StoredClaim> claims = new HashMap<>();
    Map<String, String> all = rows.all();
    all.forEach(
        (name, value) -> {
          if (name.startsWith(CLAIM)) {
            Row row = row(value);
            claims.put(row.site(), row.claim());
          }
        });
    return new OnRecord(claims, engines(all));
  }

  private static List<String> engines(Map<String, String> all) {
    List<String> engines =
        all.entrySet().stream()
            .filter(row -> row.getKey().startsWith(ENGINE))
            .sorted(Comparator.comparing(row -> Long.parseLong(row.getValue())))
            .map(row -> row.getKey().substring(ENGINE.length()))
            .toList();
    return engines.subList(Math.max(0, engines.size() - ENGINES), engines.size());
  }

  private static Row row(String json) {
    try {
      return JSON.readValue(json, Row.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a claim on record cannot be read", e);
    }
  }

  @Override
  public void write(String site, StoredClaim claim) {
    String name = CLAIM + site;
    if (name.length() > LONGEST) {
      name = CLAIM + UUID.nameUUIDFromBytes(site.getBytes(StandardCharsets.UTF_8));
    }
    try {
      rows.put(name, JSON.writeValueAsString(new Row(site, claim)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Notes that the engine has a node there, whichever looks after the clusters. */
  void register(String fingerprint) {
    rows.put(ENGINE + fingerprint, String.valueOf(System.currentTimeMillis()));
    Map<String, String> all = rows.all();
    List<String> kept = engines(all);
    all.keySet().stream()
        .filter(name -> name.startsWith(ENGINE))
        .filter(name -> !kept.contains(name.substring(ENGINE.length())))
        .forEach(rows::delete);
  }
}
