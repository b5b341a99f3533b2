package io.unicoredask.localsite;

import java.util.List;

/**
 * A job as a test or a shutdown check sees it: the truth, not the lagging status of the REST API.
 *
 * @param id the job's id, the last part of its URL
 * @param owner the user who submitted it
 * @param tags its tags
 * @param status the status that the REST API reports now, for example {@code RUNNING}
 * @param running whether processes of the job are alive
 */
public record LocalJob(
    String id, String owner, List<String> tags, String status, boolean running) {}
