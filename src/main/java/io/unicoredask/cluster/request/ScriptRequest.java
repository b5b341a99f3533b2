package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.site.Sites;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * What is asked of the activity that runs a Python script. The names are those of the process
 * variables.
 *
 * @param run tells this run from all others of the engine, and stays the same when it is repeated
 * @param source the script itself; null if the site is to fetch it
 * @param url where the site fetches it from; null if it is given itself
 * @param scriptArguments its arguments, as it is to see them
 * @param scriptJob the job description that its job's is made from; may be empty
 * @param queue the batch queue; null for the site's default
 * @param project the accounting project; null for the site's default
 * @param resultFiles the files to be read when it is over, from the variable's name to the path
 *     below the job's directory
 * @param defaults what the site's configuration said of jobs when the request was read
 */
public record ScriptRequest(
    String run,
    String source,
    URI url,
    List<String> scriptArguments,
    ObjectNode scriptJob,
    String queue,
    String project,
    Map<String, String> resultFiles,
    JobDefaults defaults) {

  /** The script's name in the job's directory. */
  public static final String FILE = "dask-script.py";

  /** The names of the variables that make up a request. */
  public static final List<String> VARIABLES = ScriptVariable.names();

  /**
   * Reads a request from variables.
   *
   * @param variables values by variable name, JSON as text or as maps and lists. Others than {@link
   *     #VARIABLES} are passed over, unless they are meant to be one of these.
   * @param run tells this run from all others
   * @param site the site's name in the configuration
   * @param sites the sites there are
   * @throws ClusterException with {@link ClusterError#DASK_INVALID_REQUEST} if a value is not
   *     allowed; the message names every such variable, its value and what is allowed
   */
  public static ScriptRequest of(Map<String, ?> variables, String run, String site, Sites sites) {
    return read(variables, run, site, sites).required();
  }

  /** The same, for who has more to say of what is wrong. */
  public static Reading<ScriptRequest> read(
      Map<String, ?> variables, String run, String site, Sites sites) {
    return new ScriptReader(variables, sites).read(run, site);
  }

  /** All of it as JSON, for {@link #fromJson}. It holds no secret of ours. */
  public String toJson() {
    return RequestJson.write(this);
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @throws IllegalArgumentException if it is no such JSON
   */
  public static ScriptRequest fromJson(String json) {
    return RequestJson.read(json, ScriptRequest.class);
  }
}
