package io.unicoredask.cluster.keeper;

import java.util.Map;
import java.util.Optional;

/**
 * What there is to put down and to tell of an activity that changes nothing of its cluster.
 *
 * @param execution the activity's execution
 * @param script how far its script is; nothing if it runs none
 * @param outputs variables that are new; null removes one. Texts, whole numbers, or files.
 * @param outcome what it is told in the end; nothing as long as it waits
 */
public record SideWriting(
    String execution,
    Optional<ScriptJob> script,
    Map<String, Object> outputs,
    Optional<Outcome> outcome) {}
