"""One cluster as the engine has it: asked and waited for without holding up the event loop."""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from camunda_dask.engine import LOGS, SCALE, TEARDOWN, Engine
from camunda_dask.errors import (
    CamundaDaskError,
    ClusterEndedError,
    EngineUnreachableError,
    RequestRefusedError,
    ScaleFailedError,
)
from camunda_dask.progress import Progress
from camunda_dask.settings import seconds
from camunda_dask.state import ClusterState

__all__ = ["LONGEST_LOOK", "SHORTEST_LOOK", "RemoteCluster"]

logger = logging.getLogger("camunda_dask")

T = TypeVar("T")

#: Seconds between two looks at what is waited for, after a change and when nothing has changed for long.
SHORTEST_LOOK = 0.5
LONGEST_LOOK = 5.0

_LOGS_TIMEOUT = 300.0


class RemoteCluster:
    """A cluster as the engine has it.

    Parameters
    ----------
    engine : Engine
        The engine.
    name : str
        The cluster's name.
    say : callable
        Takes a line of text for the user, and whether it is shown already.
    quiet : bool
        Whether nothing is shown.
    """

    def __init__(self, engine: Engine, name: str, say: Callable[[str, bool], Any], quiet: bool) -> None:
        self.name = name
        self.instance: str | None = None
        self.state: ClusterState | None = None
        #: Why the engine cannot be asked; None if it can.
        self.note: str | None = None
        self._engine = engine
        self._say = say
        self._quiet = quiet
        self._progress: Progress | None = None
        self._submission: asyncio.Future[str] | None = None
        # One may hang for the other to go on.
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="camunda-dask")

    # Beginning

    async def start(self, variables: Mapping[str, Any]) -> None:
        """Starts it. Whoever is cancelled meanwhile has started it all the same; :meth:`tear_down` knows."""
        self._submission = asyncio.ensure_future(self._call(self._engine.start, self.name, variables))
        self.instance = await asyncio.shield(self._submission)

    async def find(self, owner: str | None) -> None:
        """Finds it among those that live."""
        self.state = await self._call(self._engine.find, self.name, owner)
        self.instance = self.state.instance

    async def describe(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """What would be submitted for it."""
        return await self._patiently(self._engine.dry_run, variables)

    # Asking

    async def _call(self, function: Callable[..., T], *arguments: Any) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, functools.partial(function, *arguments))

    async def _patiently(self, function: Callable[..., T], *arguments: Any) -> T:
        """Waits for an engine that is away, as while it is started again."""
        deadline = time.monotonic() + seconds("patience")
        with self.showing():
            while True:
                try:
                    return await self._call(function, *arguments)
                except EngineUnreachableError as error:
                    if time.monotonic() > deadline:
                        raise
                    self._see(None, str(error))
                    await asyncio.sleep(SHORTEST_LOOK)

    async def look(self) -> ClusterState | None:
        """How it is; None while the engine is away."""
        try:
            state = await self._call(self._engine.read, self.instance)
        except EngineUnreachableError as error:
            self._see(None, str(error))
            return None
        self._see(state, None)
        return state

    async def glance(self) -> ClusterState | None:
        """The same, and None whatever keeps the engine from saying it."""
        try:
            return await self.look()
        except CamundaDaskError as error:
            self._see(None, str(error))
            return None

    def _see(self, state: ClusterState | None, note: str | None) -> None:
        self.state = state or self.state
        self.note = note
        if self._progress is not None:
            self._progress.show(self.state, note)

    # Waiting

    @contextmanager
    def showing(self) -> Iterator[None]:
        """Shows what is waited for meanwhile."""
        if self._progress is not None:
            yield
            return
        self._progress = Progress(self.name, self._say, self._quiet)
        try:
            yield
        finally:
            self._progress.done()
            self._progress = None

    async def wait_until_ready(self, with_workers: bool) -> ClusterState:
        """Looks until clients can connect, and if wanted, until the workers are there."""
        return await self._wait_until(lambda state: state.is_ready(with_workers))

    async def _wait_until(self, reached: Callable[[ClusterState], bool]) -> ClusterState:
        pace = SHORTEST_LOOK
        before: str | None = None
        while True:
            state = await self.look()
            if state is not None:
                if not state.is_usable:
                    await self._wait_until_over()
                    raise self.ended()
                if reached(state):
                    return state
                text = state.wait_text()
                pace = SHORTEST_LOOK if text != before else min(pace * 1.3, LONGEST_LOOK)
                before = text
            await asyncio.sleep(pace)

    async def _wait_until_over(self) -> None:
        deadline = time.monotonic() + seconds("close-timeout")
        while time.monotonic() < deadline:
            state = await self.look()
            if state is not None and state.is_over:
                return
            await asyncio.sleep(SHORTEST_LOOK)
        logger.warning(
            "The cluster %s is still being torn down, and the engine goes on with it: %s", self.name, self._obstacle()
        )

    def _obstacle(self) -> str:
        return self.note or (self.state.progress if self.state else None) or "nothing says why"

    def ended(self) -> ClusterEndedError:
        """What there is to say to who wants something of a cluster that is over, or closed."""
        if self.state is not None and not self.state.is_usable:
            return self.state.end()
        return ClusterEndedError(
            f"This object of the cluster {self.name} is closed. Start another cluster, or, if it was left running, "
            f"DaskCluster.connect({self.name!r}) to it."
        )

    # Messages

    async def _send(self, message: str, variables: Mapping[str, Any]) -> None:
        try:
            await self._patiently(self._engine.send, self.instance, message, variables)
        except RequestRefusedError:
            state = await self.look()
            if state is not None and not state.is_usable:
                raise self.ended() from None
            raise

    async def change(self, variables: Mapping[str, Any]) -> None:
        """Sends it what is to be other."""
        await self._send(SCALE, variables)

    async def change_size(self, variables: Mapping[str, Any], workers: int | None, jobs: int | None) -> None:
        """The same, and waits until it has so many workers, or jobs.

        Raises
        ------
        ScaleFailedError
            If it does not get that size.
        """
        before = await self._patiently(self._engine.read, self.instance)
        await self._send(SCALE, variables)
        sizes: list[str | None] = []

        def reached(state: ClusterState) -> bool:
            if state.scale_error is not None and state.ids.get("scaleErrorCode") != before.ids.get("scaleErrorCode"):
                code, text = state.scale_error
                raise ScaleFailedError(f"The cluster {self.name} was not scaled: {code}: {text}", code)
            sizes.append(state.size)
            if state.size != sizes[0]:
                raise ScaleFailedError(f"Meanwhile another size of the cluster {self.name} was asked for: {state.size}")
            return state.has_size(workers, jobs)

        with self.showing():
            await self._wait_until(reached)

    async def read_security(self) -> dict[str, Any]:
        """What its clients need if it speaks TLS."""
        return await self._patiently(self._engine.security, self.instance)

    async def read_logs(self) -> str:
        """What its jobs have written by now, as the engine tells of them all."""
        await self._send(LOGS, {})
        deadline = time.monotonic() + _LOGS_TIMEOUT
        while time.monotonic() < deadline:
            state = await self.look()
            if state is not None and "clusterLogs" in state.ids:
                return await self._call(self._engine.content, state.ids["clusterLogs"])
            if state is not None and not state.is_usable:
                raise self.ended()
            await asyncio.sleep(SHORTEST_LOOK)
        raise CamundaDaskError(f"The logs of the cluster {self.name} could not be read in time: {self._obstacle()}")

    # Ending

    async def tear_down(self) -> None:
        """Has it torn down, and waits for that as long as the configuration says.

        Raises
        ------
        EngineUnreachableError
            If the engine is away, so that it goes on.
        """
        if self.instance is None and self._submission is not None:
            await asyncio.wait([self._submission])
            if self._submission.cancelled() or self._submission.exception() is not None:
                return
            self.instance = self._submission.result()
        if self.instance is None or (self.state is not None and not self.state.is_usable):
            return
        try:
            await self._send(TEARDOWN, {})
        except ClusterEndedError:
            pass
        except EngineUnreachableError as error:
            raise EngineUnreachableError(f"{error} {self._goes_on()}") from None
        await self._wait_until_over()

    def tear_down_now(self) -> None:
        """Has it torn down as Python ends, when there are no threads any more."""
        if self.instance is None:
            return
        try:
            self._engine.send(self.instance, TEARDOWN, {})
        except RequestRefusedError:
            pass  # it is being torn down already
        except CamundaDaskError as error:
            logger.warning("%s %s", error, self._goes_on())

    def _goes_on(self) -> str:
        return (
            f"The cluster {self.name} goes on: when the engine answers again, end it with "
            f"DaskCluster.connect({self.name!r}).shutdown()."
        )

    def close(self) -> None:
        """Nothing is asked any more."""
        self._threads.shutdown(wait=False)
