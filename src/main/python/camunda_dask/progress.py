"""What a user sees while a cluster is waited for: lines of text, or a cell that follows in a notebook."""

from __future__ import annotations

import datetime
import html
from collections.abc import Callable
from typing import Any

from camunda_dask.state import ClusterState

__all__ = ["Progress", "rows"]


def rows(state: ClusterState | None, note: str | None = None) -> str:
    """Rows of an HTML table that say how a cluster is.

    Parameters
    ----------
    state : ClusterState or None
        How it was when the engine was asked last.
    note : str, optional
        What else there is to say, such as that the engine is away.
    """
    found: list[tuple[str, str]] = []
    if state is not None:
        found.append(("Status", state.status))
        if state.progress:
            found.append(("Waits for", state.progress))
        if state.expected_start:
            found.append(("Expected start", _when(state.expected_start)))
        if state.ends_at:
            found.append(("Time is over", _when(state.ends_at)))
        if state.size:
            found.append(("Size", state.size))
        if state.scale_error:
            found.append(("Not scaled", state.scale_error[1]))
        if state.warning:
            found.append(("Warning", state.warning))
        if state.error:
            found.append(("Error", state.error[1]))
    if note:
        found.append(("Engine", note))
    return "".join(
        f'<tr><td style="text-align: left;" colspan="2"><strong>{html.escape(what)}:</strong> '
        f'<span style="white-space: pre-wrap;">{html.escape(text)}</span></td></tr>'
        for what, text in found
    )


def _when(time: datetime.datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M}"


class Progress:
    """Says what a cluster waits for, whenever that changes.

    Parameters
    ----------
    name : str
        The cluster's name.
    say : callable
        Takes a line of text, and whether a cell shows it already.
    quiet : bool
        Whether nothing is shown.
    """

    def __init__(self, name: str, say: Callable[[str, bool], Any], quiet: bool) -> None:
        self._name = name
        self._say = say
        self._quiet = quiet
        self._last: str | None = None
        self._cell: Any = None

    def show(self, state: ClusterState | None, note: str | None = None) -> None:
        """Shows what is new of it."""
        text = note or (state.wait_text() if state else "")
        if not text or text == self._last:
            return
        if self._last is None and not self._quiet:
            self._cell = _cell()
        self._last = text
        self._say(f"{self._name}: {text}", self._cell is not None)
        if self._cell is not None:
            self._cell.update(_html(self._name, state, note), raw=True)

    def done(self) -> None:
        """Nothing is waited for any more."""
        if self._cell is not None:
            self._cell.update({"text/plain": "", "text/html": ""}, raw=True)


def _html(name: str, state: ClusterState | None, note: str | None) -> dict[str, str]:
    text = note or (state.wait_text() if state else "")
    title = f"<caption>{html.escape(name)}</caption>"
    return {
        "text/plain": f"{name}: {text}",
        "text/html": f'<table style="text-align: left;">{title}{rows(state, note)}</table>',
    }


def _cell() -> Any:
    """A cell that can be updated, if this is a notebook."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        return None
    shell = get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return None
    return display({"text/plain": "", "text/html": ""}, raw=True, display_id=True)
