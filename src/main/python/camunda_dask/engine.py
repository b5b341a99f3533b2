"""What this package asks of the engine; every call waits for its answer."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

from camunda_dask.errors import (
    CamundaDaskError,
    ClusterNotFoundError,
    EngineUnreachableError,
    NotAClusterError,
    NotAllowedError,
    NotYourClusterError,
)
from camunda_dask.rest import NotThereError, Rest
from camunda_dask.settings import Settings
from camunda_dask.state import ClusterReport, ClusterState

__all__ = ["LOGS", "SCALE", "TEARDOWN", "Engine"]

PROCESS = "dask-cluster"
SCALE = "dask-cluster-scale"
LOGS = "dask-cluster-logs"
TEARDOWN = "dask-cluster-teardown"

#: A variable that tells a start apart whose answer was lost.
_REQUEST = "startRequest"
_LOOK_AGAIN = 0.5
_LISTED = ("clusterStatus", "clusterSize", "clusterProgress", "connectedWorkers", "site")


class Engine:
    """An engine that has the process ``dask-cluster``.

    Parameters
    ----------
    settings : Settings
        Where it is, and who asks.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._rest = Rest(settings)

    def start(self, name: str, variables: Mapping[str, Any]) -> str:
        """Starts a cluster, once: should the answer be lost, it is asked for.

        Returns
        -------
        str
            The id of its process instance.

        Raises
        ------
        RequestRefusedError
            If it is not allowed.
        EngineUnreachableError
            If the engine does not answer. The text says whether the cluster may be there all the same.
        """
        request = uuid.uuid4().hex
        body = {"businessKey": name, "variables": {**variables, _REQUEST: {"value": request}}}
        try:
            answer = self._begin(body)
        except EngineUnreachableError as error:
            if not error.sent:
                raise
            return self._find_start(name, request, error)
        return str(answer["id"])

    def _begin(self, body: Mapping[str, Any]) -> Any:
        try:
            return self._rest.post(f"/process-definition/key/{PROCESS}/start", body)
        except NotThereError as error:
            raise NotAllowedError(
                f"{error} Either the process {PROCESS} is not deployed in the engine at {self.settings.address}, "
                f"or the user {self.settings.username} may not see it: have an administrator put this user into the "
                "group dask-users or, where there is none, allow READ and CREATE_INSTANCE of that process definition "
                "and CREATE of process instances."
            ) from None

    def _find_start(self, name: str, request: str, lost: EngineUnreachableError) -> str:
        deadline = time.monotonic() + self.settings.timeout
        away: EngineUnreachableError | None = None
        while time.monotonic() < deadline:
            try:
                found = self._rest.get(
                    "/history/process-instance",
                    processInstanceBusinessKey=name,
                    variables=f"{_REQUEST}_eq_{request}",
                )
                if found:
                    return str(found[0]["id"])
                away = None
            except EngineUnreachableError as error:
                away = error
            time.sleep(_LOOK_AGAIN)
        if away is None:
            raise EngineUnreachableError(f"{lost} The cluster was not started.", sent=False)
        raise EngineUnreachableError(
            f"{away} It may have started the cluster {name} all the same: when it answers again, end that with "
            f"DaskCluster.connect({name!r}).shutdown()."
        )

    def dry_run(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The variables of a cluster that is described and not started."""
        answer = self._begin({"variables": {**variables, "dryRun": {"value": True}}, "withVariablesInReturn": True})
        return {name: variable["value"] for name, variable in answer["variables"].items()}

    def find(self, name: str, owner: str | None = None) -> ClusterState:
        """A living cluster by its name.

        Parameters
        ----------
        name : str
            Its name, the business key.
        owner : str, optional
            Whose it is, if not the user's own.

        Raises
        ------
        ClusterNotFoundError, NotAClusterError, NotYourClusterError, ClusterEndedError
            If there is none that the user may use.
        """
        instances = self._rest.get(
            "/history/process-instance",
            processInstanceBusinessKey=name,
            sortBy="startTime",
            sortOrder="desc",
        )
        living = [self._state(one) for one in instances if one.get("endTime") is None]
        clusters = [state for state in living if state.is_cluster]
        if len(clusters) > 1:
            ids = ", ".join(state.instance for state in clusters)
            raise NotAClusterError(f"There are several clusters {name}: the process instances {ids}. Rename one.")
        if clusters:
            self._check_owner(clusters[0], owner)
            return clusters[0]
        if living:
            raise NotAClusterError(
                f"The process instance {living[0].instance}, which has the name {name}, is one of the process "
                f"{living[0].process}, and no cluster's. list_clusters() has the names of clusters."
            )
        ended = next((state for state in map(self._state, instances[:1]) if state.is_cluster), None)
        if ended is not None:
            raise ended.end()
        raise ClusterNotFoundError(
            f"There is no cluster {name} in the engine at {self.settings.address}, or none that the user "
            f"{self.settings.username} may see. list_clusters() has those there are."
        )

    def _check_owner(self, state: ClusterState, owner: str | None) -> None:
        user = self.settings.username
        if state.owner is None or user is None or state.owner == (owner or user):
            return
        raise NotYourClusterError(
            f"The cluster {state.name} is {state.owner}'s, and you are {user}. If you mean it, and {state.owner} "
            f"knows, connect with owner={state.owner!r}."
        )

    def read(self, instance: str) -> ClusterState:
        """How a cluster is."""
        try:
            return self._state(self._rest.get(f"/history/process-instance/{instance}"))
        except NotThereError:
            raise ClusterNotFoundError(
                f"The engine at {self.settings.address} has no process instance {instance} any more, or the user "
                f"{self.settings.username} may not see it."
            ) from None

    def _state(self, instance: Mapping[str, Any]) -> ClusterState:
        rows = self._rest.get(
            "/history/variable-instance",
            processInstanceId=instance["id"],
            deserializeValues="false",
        )
        return ClusterState.of(instance, rows)

    def send(self, instance: str, message: str, variables: Mapping[str, Any]) -> None:
        """Sends a cluster a message.

        Raises
        ------
        RequestRefusedError
            If it is not allowed, or the cluster takes none any more.
        """
        self._rest.post(
            "/message",
            {"messageName": message, "processInstanceId": instance, "processVariables": dict(variables)},
        )

    def content(self, variable: str) -> str:
        """The text of a variable that is a file, by its id in the history."""
        try:
            content = self._rest.get_bytes(f"/history/variable-instance/{variable}/data")
        except NotThereError:
            raise CamundaDaskError("It has just been replaced by a newer one; try again.") from None
        return content.decode("utf-8", "replace")

    def security(self, instance: str) -> dict[str, Any]:
        """What a client needs to be let in by a cluster with TLS, as :class:`distributed.security.Security` has it.

        Raises
        ------
        CamundaDaskError
            If the engine has no certificates for it, or not for this user.
        """
        try:
            return dict(self._rest.get(f"/unicore-dask/clusters/{instance}/security"))
        except NotThereError as error:
            raise CamundaDaskError(
                f"The engine at {self.settings.address} has no certificates for the cluster: {error} "
                "If its certificates are your own, give them as security=distributed.security.Security(…)."
            ) from None

    def list(self) -> list[ClusterReport]:
        """The living clusters that the user may see, the newest first."""
        instances = self._rest.get(
            "/history/process-instance",
            unfinished="true",
            variables="clusterStatus_neq_none",
            sortBy="startTime",
            sortOrder="desc",
        )
        if not instances:
            return []
        rows: dict[str, list[Any]] = {one["id"]: [] for one in instances}
        for row in self._rest.post(
            "/history/variable-instance",
            {"processInstanceIdIn": list(rows), "variableNameIn": list(_LISTED)},
            deserializeValues="false",
        ):
            rows[row["processInstanceId"]].append(row)
        states = [ClusterState.of(one, rows[one["id"]]) for one in instances]
        return [state.report() for state in states if state.is_cluster]
