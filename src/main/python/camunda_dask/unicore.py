"""A drop-in for PyUNICORE's ``UNICORECluster``."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from distributed.security import Security
from tornado.ioloop import IOLoop

from camunda_dask.cluster import DaskCluster
from camunda_dask.settings import setting
from camunda_dask.variables import of_parameters

__all__ = ["Allocation", "Submitter", "UNICORECluster"]


@dataclass(frozen=True)
class Submitter:
    """Stands for PyUNICORE's ``Client``: a site that the engine submits to.

    Parameters
    ----------
    site : str, optional
        The name of a configured site; may be left out where there is only one.
    address : str, optional
        The engine's REST API. This and the next four as for :class:`camunda_dask.DaskCluster`.
    username, password, password_file, ca_file : optional
        The engine's user, and what to trust; not the site's, which the engine has.

    Examples
    --------
    >>> cluster = UNICORECluster(Submitter("hpc"), queue="batch")  # doctest: +SKIP
    """

    site: str | None = None
    address: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    password_file: str | os.PathLike[str] | None = None
    ca_file: str | os.PathLike[str] | None = None

    def new_job(self, job_description: Mapping[str, Any]) -> Allocation:
        """Describes an allocation for clusters to run in.

        Nothing is submitted yet: it is when the cluster is made, and ends with it.

        Parameters
        ----------
        job_description : mapping
            A UNICORE job description whose ``Job type`` is ``ALLOCATE``.

        Raises
        ------
        ValueError
            If it describes another job.
        """
        if job_description.get("Job type") != "ALLOCATE":
            raise ValueError(
                "the engine submits a cluster's jobs and its allocation only: "
                "'Job type' has to be 'ALLOCATE'. For others use PyUNICORE's Client."
            )
        return Allocation(self, dict(job_description))

    def _engine(self) -> dict[str, Any]:
        return {
            "address": self.address,
            "username": self.username,
            "password": self.password,
            "password_file": self.password_file,
            "ca_file": self.ca_file,
        }

    def __reduce__(self) -> Any:
        raise TypeError("A submitter is not pickled, since it may hold a password.")


@dataclass(frozen=True)
class Allocation:
    """An allocation that a cluster runs in: it is made with the cluster, and ends with it.

    Parameters
    ----------
    submitter : Submitter
        Where it is to be made.
    job_description : mapping
        What it is made from.
    """

    submitter: Submitter
    job_description: Mapping[str, Any]

    def wait_until_available(self, timeout: float = 0) -> None:
        """Nothing to wait for yet: the cluster waits for it when it is made."""


class UNICORECluster(DaskCluster):
    """A Dask cluster with the parameters of PyUNICORE's ``UNICORECluster``, started and kept by the engine.

    Parameters
    ----------
    submitter : Submitter, Allocation or str
        Where it runs: a :class:`Submitter`, the name of a configured site, or an allocation.
    n_workers : int
        How many workers it begins with. They are not waited for.
    name : str, optional
        Its name; by default one is made.
    asynchronous : bool
        Whether it is used in an event loop.
    queue, project : str, optional
        Batch queue and accounting project of all jobs.
    threads : int, optional
        Threads of a worker. Another value counts for jobs that are submitted when it is scaled next.
    processes : int
        Workers of a job. Another value likewise.
    scheduler_job_desc, worker_job_desc : mapping, optional
        UNICORE job descriptions that the jobs are made from. They are not changed.
    local_port : int, optional
        Port of the engine's machine that leads to the scheduler; 0 is any free one. 4322 unless
        ``camunda-dask.unicore-cluster.local-port`` in Dask's configuration says otherwise.
    connect_dashboard : bool
        Whether there is a dashboard.
    local_dashboard_port : int, optional
        Its port; 4323 unless ``camunda-dask.unicore-cluster.local-dashboard-port`` says otherwise.
    debug : bool
        Whether the engine logs each step and keeps the job descriptions.
    connection_timeout : float
        How many seconds until a forwarded connection has to reach the scheduler.
    shutdown, security, quiet, loop
        As for :class:`DaskCluster`.

    Examples
    --------
    >>> cluster = UNICORECluster("hpc", queue="batch", project="my-project")  # doctest: +SKIP
    >>> cluster.scale(2, wait_for_startup=True)  # doctest: +SKIP
    """

    #: Where it runs; None if it was connected to.
    submitter: Submitter | Allocation | str | None = None
    #: Threads of a worker of new jobs; None is what the cluster was started with.
    threads: int | None = None
    #: Workers of a new job; None is what the cluster was started with.
    processes: int | None = None

    def __init__(
        self,
        submitter: Submitter | Allocation | str,
        n_workers: int = 0,
        name: str | None = None,
        asynchronous: bool = False,
        queue: str | None = None,
        project: str | None = None,
        threads: int | None = None,
        processes: int = 1,
        scheduler_job_desc: Mapping[str, Any] | None = None,
        worker_job_desc: Mapping[str, Any] | None = None,
        local_port: int | None = None,
        connect_dashboard: bool = False,
        local_dashboard_port: int | None = None,
        debug: bool = False,
        connection_timeout: float = 120,
        *,
        shutdown: bool = True,
        security: str | Security | None = None,
        quiet: bool = False,
        loop: IOLoop | None = None,
    ) -> None:
        allocation = submitter if isinstance(submitter, Allocation) else None
        where = allocation.submitter if allocation else submitter
        if isinstance(where, str):
            where = Submitter(where)
        if not isinstance(where, Submitter):
            raise TypeError(
                "submitter has to be a camunda_dask.Submitter, an allocation that it describes, or the name of a "
                f"site that the engine knows, and is {type(submitter).__name__}"
            )
        self.submitter = submitter
        self.threads = threads
        self.processes = processes
        if local_port is None:
            local_port = setting("unicore-cluster.local-port")
        if local_dashboard_port is None:
            local_dashboard_port = setting("unicore-cluster.local-dashboard-port")
        super().__init__(
            name,
            site=where.site,
            queue=queue,
            project=project,
            threads=threads,
            processes=processes,
            scheduler_job=scheduler_job_desc or None,
            worker_job=worker_job_desc or None,
            allocation=allocation.job_description if allocation else None,
            n_workers=n_workers,
            local_port=local_port,
            connect_dashboard=connect_dashboard,
            local_dashboard_port=local_dashboard_port if connect_dashboard else None,
            wait_for_startup=False,
            debug=debug or None,
            connection_timeout=connection_timeout,
            **where._engine(),
            shutdown=shutdown,
            security=security,
            quiet=quiet,
            asynchronous=asynchronous,
            loop=loop,
        )

    def scale(
        self,
        n: int | None = None,
        jobs: int | None = None,
        wait_for_startup: bool = False,
        **changes: Any,
    ) -> Any:
        """Has the cluster get another size; ``threads`` and ``processes`` count for its new jobs.

        Parameters
        ----------
        n, jobs, wait_for_startup, **changes
            As for :meth:`DaskCluster.scale`.
        """
        mine = {"threads": self.threads, "processes": self.processes}
        return super().scale(n, jobs, wait_for_startup, **{**mine, **changes})

    @property
    def scheduler_job(self) -> str | None:
        """The URL of the scheduler's job at the site."""
        return self.state.variables.get("schedulerJobUrl") if self.state else None

    def get_scheduler_job_description(self) -> Any:
        """What the scheduler's job is submitted as, and no input files, which are in it."""
        return self._ask(self._job_description, "schedulerJobDescription")

    def get_worker_job_description(self) -> Any:
        """What a worker job is submitted as, and no input files, which are in it."""
        return self._ask(self._job_description, "workerJobDescription")

    async def _job_description(self, variable: str) -> tuple[dict[str, Any], list[Any]]:
        if self._start_variables is None:
            raise TypeError("a cluster that was connected to does not know what it was started with")
        now = of_parameters({"threads": self.threads, "processes": self.processes, "local_port": 0})
        described = await self._remote.describe({**self._start_variables, **now})
        return json.loads(described[variable]), []
