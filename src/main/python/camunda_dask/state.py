"""How a cluster is, as the engine says, and what follows from it."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from camunda_dask.errors import ClusterEndedError, ClusterFailedError

__all__ = ["ClusterReport", "ClusterState", "WorkerJob", "instant"]


@dataclass(frozen=True)
class WorkerJob:
    """A worker job.

    Attributes
    ----------
    name : str
        Its name, which is that of its worker if it has one.
    state : str
        ``QUEUED``, ``RUNNING`` (not all its workers connected), ``CONNECTED``, ``RETIRING`` or ``LOST``.
    reason : str or None
        Why it waits, in the batch system's words.
    start : datetime.datetime or None
        When it is expected to start.
    end : datetime.datetime or None
        When its time is over.
    workers : int
        How many of its workers have connected.
    """

    name: str
    state: str
    reason: str | None = None
    start: datetime.datetime | None = None
    end: datetime.datetime | None = None
    workers: int = 0


@dataclass(frozen=True)
class ClusterReport:
    """What :func:`camunda_dask.list_clusters` says of a cluster.

    Attributes
    ----------
    name : str or None
        Its name, the business key of its process instance.
    status : str
        ``PENDING``, ``RUNNING`` or ``STOPPING``.
    size : str or None
        The size asked for last, such as ``4 workers``.
    workers : int
        How many workers are connected.
    progress : str or None
        What is being waited for.
    site : str or None
        Where it runs.
    owner : str or None
        The engine's user who has started it.
    started : datetime.datetime or None
        When that was.
    instance : str
        The id of its process instance.
    """

    name: str | None
    status: str
    size: str | None
    workers: int
    progress: str | None
    site: str | None
    owner: str | None
    started: datetime.datetime | None
    instance: str


@dataclass(frozen=True)
class ClusterState:
    """How a cluster is.

    Attributes
    ----------
    instance : str
        The id of its process instance.
    name : str or None
        Its name, the business key.
    process : str
        The key of the process.
    owner : str or None
        Who has started it.
    started : datetime.datetime or None
        When that was.
    ended : bool
        Whether the process instance is over.
    variables : mapping
        The process variables, JSON as text.
    ids : mapping
        The ids that the engine's history has for them.
    """

    instance: str
    name: str | None = None
    process: str = ""
    owner: str | None = None
    started: datetime.datetime | None = None
    ended: bool = False
    variables: Mapping[str, Any] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, instance: Mapping[str, Any], rows: Iterable[Mapping[str, Any]] = ()) -> ClusterState:
        """Reads what the engine's history says of a process instance and of its variables."""
        found = [row for row in rows if row.get("state") != "DELETED"]
        return cls(
            instance["id"],
            instance.get("businessKey"),
            instance.get("processDefinitionKey") or "",
            instance.get("startUserId"),
            instant(instance.get("startTime")),
            instance.get("endTime") is not None,
            {row["name"]: row.get("value") for row in found},
            {row["name"]: row["id"] for row in found},
        )

    def _text(self, name: str) -> str | None:
        value = self.variables.get(name)
        return value if isinstance(value, str) and value else None

    def _number(self, name: str) -> int:
        value = self.variables.get(name)
        try:
            return int(value) if value is not None else 0
        except (TypeError, ValueError):
            return 0

    def _json(self, name: str, empty: Any) -> Any:
        try:
            value = json.loads(self.variables.get(name) or "null")
        except (TypeError, ValueError):
            return empty
        return value if isinstance(value, type(empty)) else empty

    @property
    def is_cluster(self) -> bool:
        """Whether it is a cluster's process instance at all."""
        return self._text("clusterStatus") is not None

    @property
    def status(self) -> str:
        """``PENDING``, ``RUNNING``, ``STOPPING``, ``STOPPED`` or ``FAILED``.

        An instance that was deleted never came to write its end; its cluster is torn down by another.
        """
        status = self._text("clusterStatus") or "PENDING"
        return "STOPPED" if self.ended and status in ("PENDING", "RUNNING", "STOPPING") else status

    @property
    def is_over(self) -> bool:
        """Whether nothing is left of it."""
        return self.ended or self.status in ("STOPPED", "FAILED")

    @property
    def is_usable(self) -> bool:
        """Whether it has, or is to get, a scheduler."""
        return not self.is_over and self.status != "STOPPING"

    @property
    def progress(self) -> str | None:
        """What is being waited for."""
        return self._text("clusterProgress")

    @property
    def expected_start(self) -> datetime.datetime | None:
        """When the batch system expects the job to start that is waited for."""
        return instant(self._text("expectedStart"))

    @property
    def ends_at(self) -> datetime.datetime | None:
        """When the time of the scheduler's job is over."""
        return instant(self._text("schedulerEndsAt"))

    @property
    def size(self) -> str | None:
        """The size asked for last, such as ``4 workers``."""
        return self._text("clusterSize")

    @property
    def is_adaptive(self) -> bool:
        """Whether it follows its work."""
        return " to " in (self.size or "")

    @property
    def warning(self) -> str | None:
        """What one should know though it is no failure."""
        return self._text("clusterWarning")

    @property
    def connected_workers(self) -> int:
        """How many workers the scheduler has."""
        return self._number("connectedWorkers")

    @property
    def scheduler_address(self) -> str | None:
        """Where Dask clients connect."""
        return self._text("schedulerAddress")

    @property
    def dashboard_url(self) -> str | None:
        """Where the dashboard is."""
        return self._text("dashboardUrl")

    @property
    def worker_jobs(self) -> dict[str, WorkerJob]:
        """The worker jobs by name."""
        jobs: dict[str, WorkerJob] = {}
        for name, job in self._json("workerJobs", {}).items():
            if isinstance(job, dict):
                jobs[name] = WorkerJob(
                    name,
                    str(job.get("state")),
                    job.get("reason"),
                    instant(job.get("start")),
                    instant(job.get("end")),
                    job.get("workers") or 0,
                )
        return jobs

    @property
    def worker_job_urls(self) -> list[str]:
        """The worker jobs at the site, oldest first."""
        return [str(url) for url in self._json("workerJobUrls", [])]

    @property
    def error(self) -> tuple[str | None, str] | None:
        """Why it failed: the engine's code and text."""
        message = self._text("errorMessage")
        code = self._text("errorCode")
        return (code, message or code or "") if message or code else None

    @property
    def scale_error(self) -> tuple[str | None, str] | None:
        """Why it could not be scaled: the engine's code and text."""
        message = self._text("scaleErrorMessage")
        code = self._text("scaleErrorCode")
        return (code, message or code or "") if message or code else None

    def is_ready(self, with_workers: bool) -> bool:
        """Whether a client can connect, and if wanted, whether the workers are there."""
        if self.scheduler_address is None:
            return False
        return self.status == "RUNNING" or (not with_workers and self.status == "PENDING")

    def has_size(self, workers: int | None, jobs: int | None) -> bool:
        """Whether a size that was asked for has come about: of so many workers, or jobs."""
        if jobs is None:
            assert workers is not None
            jobs = math.ceil(workers / max(1, self._number("processes")))
        there = self.worker_jobs
        return len(there) == jobs and all(job.state == "CONNECTED" for job in there.values())

    def end(self) -> ClusterEndedError:
        """What there is to say of a cluster that is over, or about to be."""
        called = f"The cluster {self.name or self.instance}"
        if self.error is not None:
            code, message = self.error
            return ClusterFailedError(f"{called} failed: {code}: {message}" if code else message, code)
        if self.status == "FAILED":
            return ClusterFailedError(f"{called} failed.")
        why = {
            "teardown": "somebody has torn it down",
            "lifetime": "its lifetime is over",
            "scheduler": "its scheduler has ended by itself, as after idle_timeout",
            "work": "its work is done",
            "error": "something went wrong",
        }.get(self._text("endedBy") or "", "its process instance was deleted" if self.ended else "it is torn down")
        is_over = "is over" if self.is_over else "is being torn down"
        return ClusterEndedError(f"{called} {is_over}: {why}. Start another.")

    def wait_text(self) -> str:
        """What is being waited for, and until when, in a line."""
        text = self.progress or {
            "PENDING": "waiting for the engine to begin",
            "RUNNING": "ready",
            "STOPPING": "being torn down",
            "STOPPED": "stopped",
            "FAILED": "failed",
        }.get(self.status, self.status)
        start = self.expected_start
        if start is not None and "expected" not in text:
            text += f", expected to start at {start:%Y-%m-%d %H:%M}"
        return text

    def report(self) -> ClusterReport:
        """What a list says of it."""
        return ClusterReport(
            self.name,
            self.status,
            self.size,
            self.connected_workers,
            self.progress,
            self._text("site"),
            self.owner,
            self.started,
            self.instance,
        )


def instant(text: str | None) -> datetime.datetime | None:
    """A point in time as the engine writes it: ``2026-11-26T14:05:00.000+0100``, or ``…+01:00``."""
    if not isinstance(text, str):
        return None
    for form in ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"):
        try:
            return datetime.datetime.strptime(text, form)
        except ValueError:
            continue
    return None
