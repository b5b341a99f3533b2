"""A Dask cluster at an HPC site, as Dask's users know clusters."""

from __future__ import annotations

import asyncio
import atexit
import datetime
import html
import logging
import os
import uuid
import weakref
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import suppress
from typing import Any, NoReturn, Union
from urllib.parse import urlsplit

import dask.config
from dask.widgets import get_template
from distributed.core import Status, rpc
from distributed.deploy.cluster import Cluster
from distributed.objects import SchedulerInfo
from distributed.security import Security
from distributed.utils import Log, Logs, format_dashboard_link
from tornado.ioloop import IOLoop

from camunda_dask import logs as joblogs
from camunda_dask import progress
from camunda_dask.engine import Engine
from camunda_dask.errors import CamundaDaskError, SchedulerUnreachableError
from camunda_dask.remote import LONGEST_LOOK, SHORTEST_LOOK, RemoteCluster
from camunda_dask.settings import Settings
from camunda_dask.state import ClusterReport, ClusterState, WorkerJob
from camunda_dask.variables import PARAMETERS, of_changes, of_own, of_parameters

__all__ = ["DaskCluster", "list_clusters"]

logger = logging.getLogger("camunda_dask")

#: A time span: ``"1h"``, ``"PT1H"``, a number of seconds, or a timedelta.
Span = Union[str, float, datetime.timedelta]

_QUIET_LOOK = 30.0
_USUAL_LINK = "{scheme}://{host}:{port}/status"
#: What the scheduler is told of us hardly changes, and each time costs a message to the site.
_SYNC_INTERVAL = "1m"


class DaskCluster(Cluster):  # type: ignore[misc]
    """A Dask cluster at an HPC site, which a Camunda engine starts and keeps through UNICORE.

    It is a process instance of ``dask-cluster``. What is None is left to the engine, which refuses what is not
    allowed before anything is submitted. Time spans are texts such as ``"1h"`` or ``"PT1H"``, numbers of seconds,
    or timedeltas. Should it not come up, or waiting be interrupted, it is torn down.

    Parameters
    ----------
    name : str, optional
        Its name, the business key of the process instance. No other living cluster has it. By default one
        is made.
    site : str, optional
        The configured site where it runs; may be left out where there is only one.
    n_workers : int, optional
        How many workers.
    jobs : int, optional
        How many worker jobs, in place of ``n_workers``.
    adapt : mapping, optional
        ``{"minimum": 0, "maximum": 10}``, in place of both: it follows its work within these bounds.
    queue, project : str, optional
        Batch queue and accounting project of all jobs.
    threads, processes : int, optional
        Threads of a worker, and workers of a job.
    scheduler_job, worker_job : mapping or str, optional
        UNICORE job descriptions, or names of the site's templates, that the jobs are made from.
    allocation : mapping or str, optional
        An allocation that the jobs run in: its job description, the name of a template, or the URL of one that runs.
    local_port, local_dashboard_port : int, optional
        Ports of the engine's machine that lead to the scheduler and to the dashboard; 0, the default, is any free
        one.
    connect_dashboard : bool, optional
        Whether there is a dashboard.
    tunnel : str, optional
        ``auto``, ``relay`` or ``direct``: how the ports lead to the scheduler.
    wait_for_startup : bool, optional
        Whether to wait for the workers too, which is the default, or for the scheduler only.
    queue_workers : str, optional
        ``together`` or ``afterScheduler``: when the first worker jobs are queued.
    min_workers : int, optional
        How many workers are enough when ``workers_timeout`` is over.
    max_replacements : int, optional
        How many worker jobs that end unexpectedly are replaced.
    worker_lost_after : time span, optional
        How long the workers of a job may be gone until it is replaced.
    renew_workers : bool, optional
        Whether worker jobs are replaced before their time is over.
    on_scheduler_lost : str, optional
        ``fail`` or ``restart``: what becomes of the cluster when its scheduler is lost.
    work : str, optional
        The key of a process that is called when the cluster is ready, and ends with it.
    debug : bool, optional
        Whether the engine logs each step and keeps the job descriptions.
    idle_timeout : time span, optional
        How long the scheduler may have nothing to do until the cluster ends. Ends it also where nobody calls
        :meth:`close`, as when a notebook is killed.
    queue_timeout, start_timeout, connection_timeout, workers_timeout : time span, optional
        How long to wait for the queue, the scheduler, the connection to it, and the workers.
    lifetime : time span, optional
        How long the cluster lives; a day unless the site says otherwise.
    variables : mapping, optional
        More process variables, for processes of your own.
    address : str, optional
        The engine's REST API, such as ``https://engine.example.org/engine-rest``. This and the next four are taken
        from ``CAMUNDA_DASK_ADDRESS`` and the like in the environment where they are not given, or else from
        ``camunda-dask`` in Dask's configuration.
    username : str, optional
        The engine's user. None for an engine that asks for no login.
    password : str, optional
        The user's password. Better is ``password_file``.
    password_file : path, optional
        A file that holds the password.
    ca_file : path, optional
        Certificates in PEM to trust beside the usual ones.
    shutdown : bool
        Whether the cluster is torn down when this object is closed, or when Python ends. If not,
        :meth:`connect` leads to it again, from anywhere.
    security : str or distributed.security.Security, optional
        ``"tls"`` has scheduler, workers and clients know each other by certificates that the engine makes; ours are
        got from it. Certificates of your own, for job descriptions that use them, are a ``Security``.
    quiet : bool
        Whether to say nothing while it waits.
    asynchronous : bool
        Whether it is used in an event loop: ``async with`` and ``await`` then, as in dask-gateway.
    loop : tornado.ioloop.IOLoop, optional
        The event loop to use.

    Raises
    ------
    RequestRefusedError
        If the engine refuses it; the text names each variable that is not allowed, and what is.
    EngineUnreachableError, LoginRefusedError, NotAllowedError
        If the engine is away, does not know the user, or does not let the user do this.
    ClusterFailedError
        If it does not come up; the text says why, and ``code`` has the engine's code.

    Examples
    --------
    >>> from camunda_dask import DaskCluster
    >>> from dask.distributed import Client
    >>> with DaskCluster(n_workers=4, queue="batch") as cluster, Client(cluster) as client:  # doctest: +SKIP
    ...     print(client.submit(sum, range(10)).result())
    """

    _instances: weakref.WeakSet[DaskCluster] = weakref.WeakSet()

    def __init__(
        self,
        name: str | None = None,
        *,
        site: str | None = None,
        n_workers: int | None = None,
        jobs: int | None = None,
        adapt: Mapping[str, int] | None = None,
        queue: str | None = None,
        project: str | None = None,
        threads: int | None = None,
        processes: int | None = None,
        scheduler_job: Mapping[str, Any] | str | None = None,
        worker_job: Mapping[str, Any] | str | None = None,
        allocation: Mapping[str, Any] | str | None = None,
        local_port: int | None = 0,
        connect_dashboard: bool | None = True,
        local_dashboard_port: int | None = 0,
        tunnel: str | None = None,
        wait_for_startup: bool | None = None,
        queue_workers: str | None = None,
        min_workers: int | None = None,
        max_replacements: int | None = None,
        worker_lost_after: Span | None = None,
        renew_workers: bool | None = None,
        on_scheduler_lost: str | None = None,
        work: str | None = None,
        debug: bool | None = None,
        idle_timeout: Span | None = None,
        queue_timeout: Span | None = None,
        start_timeout: Span | None = None,
        connection_timeout: Span | None = None,
        workers_timeout: Span | None = None,
        lifetime: Span | None = None,
        variables: Mapping[str, Any] | None = None,
        address: str | None = None,
        username: str | None = None,
        password: str | None = None,
        password_file: str | os.PathLike[str] | None = None,
        ca_file: str | os.PathLike[str] | None = None,
        shutdown: bool = True,
        security: str | Security | None = None,
        quiet: bool = False,
        asynchronous: bool = False,
        loop: IOLoop | None = None,
    ) -> None:
        given = {key: value for key, value in locals().items() if key in PARAMETERS}
        if isinstance(security, Security):
            del given["security"]
        own = {key: of_own(value) for key, value in (variables or {}).items()}
        settings = Settings.of(address, username, password, password_file, ca_file)
        self._set_up(
            name or f"{settings.username or 'dask'}-{uuid.uuid4().hex[:8]}",
            settings,
            start={**own, **of_parameters(given)},
            with_workers=wait_for_startup is not False,
            shutdown=shutdown,
            security=security if isinstance(security, Security) else None,
            quiet=quiet,
            asynchronous=asynchronous,
            loop=loop,
        )

    @classmethod
    def connect(
        cls,
        name: str,
        *,
        owner: str | None = None,
        address: str | None = None,
        username: str | None = None,
        password: str | None = None,
        password_file: str | os.PathLike[str] | None = None,
        ca_file: str | os.PathLike[str] | None = None,
        shutdown: bool = False,
        security: Security | None = None,
        quiet: bool = False,
        asynchronous: bool = False,
        loop: IOLoop | None = None,
    ) -> DaskCluster:
        """Connects to a cluster that lives, and waits for its scheduler if that is still to come.

        Parameters
        ----------
        name : str
            Its name.
        owner : str, optional
            Whose it is, if somebody else has started it: you then mean it.
        address, username, password, password_file, ca_file, security, quiet, asynchronous, loop : optional
            As for a new one.
        shutdown : bool
            Whether the cluster is torn down when this object is closed.

        Returns
        -------
        DaskCluster
            To be awaited if it is asynchronous.

        Raises
        ------
        ClusterNotFoundError, ClusterEndedError, NotAClusterError
            If there is no such cluster, if it is over, or if the name is that of something else.
        NotYourClusterError
            If somebody else has started it.

        Examples
        --------
        >>> cluster = DaskCluster.connect("my-cluster")  # doctest: +SKIP
        """
        self = cls.__new__(cls)
        self._set_up(
            name,
            Settings.of(address, username, password, password_file, ca_file),
            owner=owner,
            with_workers=False,
            shutdown=shutdown,
            security=security,
            quiet=quiet,
            asynchronous=asynchronous,
            loop=loop,
        )
        return self

    def _set_up(
        self,
        name: str,
        settings: Settings,
        *,
        with_workers: bool,
        shutdown: bool,
        security: Security | None,
        quiet: bool,
        asynchronous: bool,
        loop: IOLoop | None,
        start: Mapping[str, Any] | None = None,
        owner: str | None = None,
    ) -> None:
        """``start`` holds the process variables of a cluster that is still to be started."""
        engine = Engine(settings)
        if loop is None and asynchronous:
            loop = IOLoop.current()
        super().__init__(
            asynchronous=asynchronous,
            loop=loop,
            quiet=quiet,
            name=name,
            scheduler_sync_interval=_SYNC_INTERVAL,
        )
        self._asynchronous = asynchronous
        self.security = security or Security()
        #: What the engine has given us to be let in with; None if the user has.
        self._given_security: dict[str, Any] | None = None if security else {}
        self.shutdown_on_close = shutdown
        self._start_variables = start
        self._owner = owner
        self._with_workers = with_workers
        self._remote = RemoteCluster(engine, name, self._say, quiet)
        self._starting: asyncio.Task[None] | None = None
        self._follower: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._wake: asyncio.Event | None = None
        if not asynchronous:
            self._loop_runner.start()
            try:
                self.sync(self._start)
            except BaseException:
                # What was started is torn down by now, or is being so if this was an interrupt.
                with suppress(CamundaDaskError):
                    self.sync(self._close, shutdown=start is not None)
                self._loop_runner.stop()
                raise

    def _say(self, line: str, shown: bool) -> None:
        """Keeps a line, and prints it unless it is shown already."""
        if shown:
            self._cluster_manager_logs.append((datetime.datetime.now(), line))
        else:
            self._log(line)

    # Coming up

    def __await__(self) -> Generator[Any, Any, DaskCluster]:
        async def started() -> DaskCluster:
            await self._start()
            return self

        return started().__await__()

    async def _start(self) -> None:
        if self.status in (Status.closing, Status.closed):
            raise self._remote.ended()
        if self._starting is None:
            self._starting = asyncio.ensure_future(self._bring_up())
        try:
            await self._starting
        except BaseException:
            try:
                await self._close(shutdown=self._start_variables is not None)
            except CamundaDaskError as error:
                logger.warning("%s", error)
            raise

    async def _bring_up(self) -> None:
        self.status = Status.starting
        self._wake = asyncio.Event()
        self._instances.add(self)
        with self._remote.showing():
            if self._start_variables is None:
                await self._remote.find(self._owner)
            else:
                await self._remote.start(self._start_variables)
            state = await self._remote.wait_until_ready(self._with_workers)
            assert state.scheduler_address is not None
            await self._connect_scheduler(state.scheduler_address)
        self._follower = asyncio.ensure_future(self._follow())

    async def _connect_scheduler(self, address: str) -> None:
        await self._read_security(address)
        self.scheduler_comm = self._rpc(address)
        try:
            await super()._start()
            self._lead_here()
        except (OSError, asyncio.TimeoutError) as error:
            url = urlsplit(address)
            hint = ""
            if url.hostname in ("127.0.0.1", "::1"):
                hint = (
                    " That is a port of the engine's machine: on another one, bring it here with "
                    f"ssh -N -L {url.port}:{url.hostname}:{url.port}, or have the engine's operator set "
                    "unicore-dask.tunnel.public-host."
                )
            raise SchedulerUnreachableError(
                f"The scheduler of the cluster {self.name} cannot be reached at {address} ({error}).{hint}"
            ) from None

    async def _read_security(self, address: str) -> bool:
        """Whether other certificates are needed than before, as for a scheduler that was started anew."""
        if self._given_security is None or not address.startswith("tls://"):
            return False
        given = await self._remote.read_security()
        if given == self._given_security:
            return False
        self._given_security = given
        self.security = Security(**given)
        return True

    def _rpc(self, address: str) -> Any:
        return rpc(address, connection_args=self.security.get_connection_args("client"))

    # Living

    async def _follow(self) -> None:
        """Keeps what is known of the cluster true, and the connection to its scheduler."""
        assert self._wake is not None
        pace = SHORTEST_LOOK
        while True:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pace)
            woken = self._wake.is_set()
            self._wake.clear()
            state = await self._remote.glance()
            if state is not None and not state.is_usable:
                logger.warning("%s", state.end())
                self._say(str(state.end()), True)
                await self._close(shutdown=False)
                return
            lost = self._is_lost()
            if lost and state is not None and state.scheduler_address is not None:
                lost = not await self._reconnect(state.scheduler_address)
            if woken:
                pace = SHORTEST_LOOK
            busy = lost or state is None or state.progress is not None or state.status != "RUNNING"
            pace = min(pace * 1.3, LONGEST_LOOK if busy else _QUIET_LOOK)

    def _is_lost(self) -> bool:
        comm = self._watch_worker_status_comm
        return comm is None or comm.closed()

    async def _reconnect(self, address: str) -> bool:
        """Subscribes anew to what becomes of the workers, as the superclass does once."""
        try:
            if await self._read_security(address) or self.scheduler_comm.address != address:
                old, self.scheduler_comm = self.scheduler_comm, self._rpc(address)
                await old.close_rpc()
            comm = await self.scheduler_comm.live_comm()
            comm.name = "Cluster worker status"
            await comm.write({"op": "subscribe_worker_status"})
            self.scheduler_info = SchedulerInfo(await comm.read())
        except (OSError, asyncio.TimeoutError, CamundaDaskError):
            return False
        self._lead_here()
        self._watch_worker_status_comm = comm
        self._watch_worker_status_task = asyncio.ensure_future(self._watch_worker_status(comm))
        return True

    async def _watch_worker_status(self, comm: Any) -> None:
        await super()._watch_worker_status(comm)
        if self._wake is not None:
            self._wake.set()

    def _update_worker_status(self, op: str, msg: Any) -> None:
        # After a connection was lost, one may go that was not there when it was made anew.
        if op == "remove" and msg not in self.scheduler_info["workers"]:
            return
        super()._update_worker_status(op, msg)
        workers = self.scheduler_info["workers"].values()
        for total, each in (
            ("n_workers", lambda worker: 1),
            ("total_threads", lambda worker: worker["nthreads"]),
            ("total_memory", lambda worker: worker["memory_limit"]),
        ):
            if total in self.scheduler_info:
                self.scheduler_info[total] = sum(map(each, workers))

    async def _wait_for_workers(self, *arguments: Any, **more: Any) -> None:
        await super()._wait_for_workers(*arguments, **more)
        self._lead_here()

    def _lead_here(self) -> None:
        """The scheduler tells of its address and of its dashboard as the site sees them."""
        self.scheduler_info["address"] = self.scheduler_comm.address
        services = {name: port for name, port in self.scheduler_info["services"].items() if name != "dashboard"}
        link = urlsplit((self.state.dashboard_url if self.state else None) or "")
        if link.port is not None:
            services["dashboard"] = link.port
        self.scheduler_info["services"] = services

    # What users ask for

    def _ask(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """In an event loop, it goes on also if nobody awaits it, as when a button was clicked."""
        if self.status == Status.closed:
            raise self._remote.ended()
        if self.asynchronous:
            return asyncio.ensure_future(function(*arguments))
        return self.sync(function, *arguments)

    def scale(
        self,
        n: int | None = None,
        jobs: int | None = None,
        wait_for_startup: bool = False,
        **changes: Any,
    ) -> Any:
        """Has the cluster get another size. It does not adapt any more then.

        Parameters
        ----------
        n : int, optional
            How many workers.
        jobs : int, optional
            How many worker jobs, in place of ``n``.
        wait_for_startup : bool
            Whether to wait until it has that size.
        **changes
            Other values for ``threads``, ``processes``, ``queue``, ``project``, ``worker_job`` and others, which
            count for jobs that are submitted from then on.

        Raises
        ------
        RequestRefusedError
            If the engine refuses it.
        ScaleFailedError
            If it is waited for and does not come about. The cluster goes on.

        Examples
        --------
        >>> cluster.scale(10)  # doctest: +SKIP
        >>> cluster.scale(jobs=2, processes=4, wait_for_startup=True)  # doctest: +SKIP
        """
        if n is not None and jobs is not None:
            raise TypeError("give a number of workers, or of jobs, and not both")
        if n is None and jobs is None and not changes:
            raise TypeError("give a number of workers, or of jobs")
        message = {**of_parameters({"n_workers": n, "jobs": jobs}), **of_changes(changes)}
        return self._ask(self._scale, message, n, jobs, wait_for_startup)

    async def _scale(self, message: Mapping[str, Any], n: int | None, jobs: int | None, wait_for_startup: bool) -> None:
        self._require_usable()
        if wait_for_startup and (n is not None or jobs is not None):
            await self._remote.change_size(message, n, jobs)
        else:
            await self._remote.change(message)
        assert self._wake is not None
        self._wake.set()

    def adapt(self, minimum: int = 0, maximum: int | None = None, wait_count: int | None = None) -> Any:
        """Has the cluster follow its work, until it is scaled again.

        The engine does it, also while this object is closed.

        Parameters
        ----------
        minimum, maximum : int
            How many workers it has at least and at most; the second is required.
        wait_count : int, optional
            How many looks in a row have to find fewer workers wanted until some go; 3 by default.

        Examples
        --------
        >>> cluster.adapt(maximum=10)  # doctest: +SKIP
        """
        if maximum is None:
            raise TypeError("give maximum, how many workers it may have at most")
        bounds = {"minimum": minimum, "maximum": maximum}
        if wait_count is not None:
            bounds["wait_count"] = wait_count
        return self._ask(self._scale, of_parameters({"adapt": bounds}), None, None, False)

    def _require_usable(self) -> None:
        if self.status != Status.running:
            raise self._remote.ended()

    def get_logs(self, cluster: bool = True, scheduler: bool = True, workers: bool | Iterable[str] = True) -> Any:
        """What the jobs have written so far, also those that have no worker yet, or none any more.

        Parameters
        ----------
        cluster : bool
            Whether to say what was waited for.
        scheduler : bool
            Whether to read the output of the scheduler's job.
        workers : bool or iterable of str
            Whether to read that of the worker jobs, or of which: names of jobs, names or addresses of workers.

        Returns
        -------
        dict of str
            ``Cluster``, ``Scheduler``, and the worker jobs by their names. Of each file the last 64 KiB.
        """
        return self._ask(self._get_logs, cluster, scheduler, workers)

    async def _get_logs(
        self, cluster: bool = True, scheduler: bool = True, workers: bool | Iterable[str] = True
    ) -> Logs:
        found = Logs()
        if cluster:
            lines = [f"{when:%Y-%m-%d %H:%M:%S} {line}" for when, line in self._cluster_manager_logs]
            if self.state is not None and self.state.warning:
                lines.append(self.state.warning)
            found["Cluster"] = Log("\n".join(lines))
        if scheduler or workers:
            self._require_usable()
            jobs = joblogs.parse(await self._remote.read_logs())
            if scheduler:
                found["Scheduler"] = jobs.get(joblogs.SCHEDULER, Log(""))
            wanted = None if isinstance(workers, bool) else self._job_names(workers, jobs)
            for job, log in jobs.items():
                if job != joblogs.SCHEDULER and workers and (wanted is None or job in wanted):
                    found[job] = log
        return found

    def _job_names(self, workers: Iterable[str], jobs: Iterable[str]) -> set[str]:
        known = self.scheduler_info["workers"]
        names = {str(known[worker]["name"]) if worker in known else worker for worker in workers}
        return {job for job in jobs if any(name == job or name.startswith(job + "-") for name in names)}

    # Ending

    def close(self, timeout: float | None = None, *, shutdown: bool | None = None) -> Any:
        """Closes the connection, and tears the cluster down unless it was made or connected to otherwise.

        Parameters
        ----------
        timeout : float, optional
            How many seconds to wait.
        shutdown : bool, optional
            Whether to tear the cluster down; by default as ``shutdown`` was when this object was made.

        Raises
        ------
        EngineUnreachableError
            If the engine is away, so that the cluster goes on.
        """
        if self.status == Status.closed and not self.asynchronous:
            return None
        result = self.sync(self._close, shutdown=shutdown, callback_timeout=timeout)
        if not self.asynchronous:
            self._loop_runner.stop()
        return result

    def shutdown(self) -> Any:
        """Tears the cluster down: ``close(shutdown=True)``."""
        return self.close(shutdown=True)

    def __exit__(self, *error: Any) -> None:
        self.close()

    async def __aexit__(self, *error: Any) -> None:
        await self._close()

    async def _close(self, shutdown: bool | None = None) -> None:
        if self._closing is None:
            if self.status == Status.closed:
                return
            self._closing = asyncio.ensure_future(self._end(self.shutdown_on_close if shutdown is None else shutdown))
        await asyncio.shield(self._closing)

    async def _end(self, shutdown: bool) -> None:
        self.status = Status.closing
        for task in (self._starting, self._follower):
            # asyncio.wait_for before Python 3.12 loses a cancellation that comes together with what it waits for.
            while task is not None and not task.done():
                task.cancel()
                await asyncio.wait([task], timeout=SHORTEST_LOOK)
        try:
            if shutdown:
                await self._remote.tear_down()
        finally:
            await super()._close()
            self._instances.discard(self)
            self._remote.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError("A cluster is not pickled. In a task, distributed.get_client() leads to its scheduler.")

    # What users see

    @property
    def state(self) -> ClusterState | None:
        """How the cluster was when the engine was asked last."""
        return self._remote.state

    @property
    def worker_jobs(self) -> dict[str, WorkerJob]:
        """The worker jobs by name, and how far each is."""
        return self.state.worker_jobs if self.state else {}

    @property
    def requested(self) -> set[str]:
        """The names of the worker jobs."""
        return set(self.worker_jobs)

    @property
    def plan(self) -> set[str]:
        """The same."""
        return self.requested

    @property
    def dashboard_link(self) -> str:
        """Where the dashboard is; empty if there is none.

        ``distributed.dashboard.link`` in Dask's configuration counts if it is another than the usual, as behind
        jupyter-server-proxy.
        """
        url = (self.state.dashboard_url if self.state else None) or ""
        if not url or dask.config.get("distributed.dashboard.link", _USUAL_LINK) == _USUAL_LINK:
            return url
        parts = urlsplit(url)
        return str(format_dashboard_link(parts.hostname, parts.port))

    def get_client(self) -> Any:
        """The current client if it is this cluster's, or else a new one."""
        if not self.asynchronous:
            return super().get_client()
        from distributed import Client

        return Client(self, asynchronous=True)

    def _scaling_status(self) -> str:
        mode = "Adaptive" if self.state and self.state.is_adaptive else "Manual"
        size = self.state.size if self.state else None
        asked = f" of {size}" if size else ""
        rows = [f"Scaling mode: {mode}", f"Workers: {len(self.scheduler_info['workers'])}{asked}"]
        cells = "".join(f'<tr><td style="text-align: left;">{html.escape(row)}</td></tr>' for row in rows)
        return f"<table>{cells}</table>"

    def _repr_html_(self, cluster_status: str | None = None) -> str:
        try:
            scheduler = self.scheduler_info._repr_html_()
        except AttributeError:
            scheduler = "Scheduler not started yet."
        return str(
            get_template("cluster.html.j2").render(
                type=type(self).__name__,
                name=html.escape(self.name),
                workers=self.scheduler_info["workers"],
                dashboard_link=html.escape(self.dashboard_link),
                scheduler_info_repr=scheduler,
                cluster_status=(cluster_status or "") + progress.rows(self.state, self._remote.note),
            )
        )


def list_clusters(
    *,
    address: str | None = None,
    username: str | None = None,
    password: str | None = None,
    password_file: str | os.PathLike[str] | None = None,
    ca_file: str | os.PathLike[str] | None = None,
    asynchronous: bool = False,
) -> Any:
    """The living clusters that the user may see, those of others among them, the newest first.

    Parameters
    ----------
    address, username, password, password_file, ca_file : optional
        As for :class:`DaskCluster`.
    asynchronous : bool
        Whether it is to be awaited.

    Returns
    -------
    list of ClusterReport
        With name, status, size and owner of each.

    Examples
    --------
    >>> [report.name for report in list_clusters()]  # doctest: +SKIP
    """
    engine = Engine(Settings.of(address, username, password, password_file, ca_file))
    if asynchronous:
        return _listed(engine)
    return engine.list()


async def _listed(engine: Engine) -> list[ClusterReport]:
    return await asyncio.get_running_loop().run_in_executor(None, engine.list)


@atexit.register
def _end_all() -> None:
    for cluster in list(DaskCluster._instances):
        if cluster.shutdown_on_close:
            cluster._remote.tear_down_now()
