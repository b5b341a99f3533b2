package io.unicoredask.camunda;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * A cluster in a list; what is not known is null. Times are in ISO 8601 with an offset.
 *
 * @param id its process instance; that which has asked for it, if another tears it down
 * @param name the instance's business key
 * @param process the key of the instance's process definition
 * @param site the name of its site
 * @param user who has started it
 * @param status as the variable {@code clusterStatus}
 * @param progress as the variable {@code clusterProgress}, while it lives
 * @param started when it was asked for
 * @param ready when it was ready first
 * @param ended when its last job had ended
 * @param endedBy as the variable {@code endedBy}
 * @param errorCode as the variable {@code errorCode}
 * @param errorMessage as the variable {@code errorMessage}
 * @param connectedWorkers how many workers the scheduler had when it was last asked
 * @param size as the variable {@code clusterSize}
 * @param nodeHours the nodes of its jobs times the hours that they have run, about
 */
@JsonInclude(Include.NON_NULL)
@RecordBuilder
public record ClusterSummary(
    String id,
    String name,
    String process,
    String site,
    String user,
    String status,
    String progress,
    String started,
    String ready,
    String ended,
    String endedBy,
    String errorCode,
    String errorMessage,
    Integer connectedWorkers,
    String size,
    Double nodeHours)
    implements ClusterSummaryBuilder.With {}
