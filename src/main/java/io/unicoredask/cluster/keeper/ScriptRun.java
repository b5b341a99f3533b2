package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.request.ScriptRequest;
import java.util.Optional;

/**
 * A script that is to run in a cluster, or runs.
 *
 * @param request what is asked for
 * @param job how far it is; nothing if it is not known to be submitted
 */
public record ScriptRun(ScriptRequest request, Optional<ScriptJob> job) {}
