"""What a user gives, as the process variables that the engine reads."""

from __future__ import annotations

import datetime
import json
import operator
from collections.abc import Callable, Mapping
from typing import Any

from dask.utils import parse_timedelta

__all__ = ["CHANGEABLE", "PARAMETERS", "of_changes", "of_own", "of_parameters"]

#: A process variable as the REST API has it.
Typed = dict[str, Any]


def _text(value: Any) -> Typed:
    if not isinstance(value, str):
        raise TypeError("a text")
    return {"value": value, "type": "String"}


def _number(value: Any) -> Typed:
    if isinstance(value, bool):
        raise TypeError("a whole number")
    try:
        return {"value": operator.index(value), "type": "Integer"}
    except TypeError:
        raise TypeError("a whole number") from None


def _truth(value: Any) -> Typed:
    if not isinstance(value, bool):
        raise TypeError("True or False")
    return {"value": value, "type": "Boolean"}


def _document(value: Any) -> Typed:
    """A mapping is JSON; a text is the name of one of the site's templates, or a URL."""
    if isinstance(value, str):
        return _text(value)
    if not isinstance(value, Mapping):
        raise TypeError("a mapping or a text")
    try:
        return {"value": json.dumps(value, allow_nan=False), "type": "Json"}
    except (TypeError, ValueError) as error:
        raise TypeError(f"what can be written as JSON ({error})") from None


def _span(value: Any) -> Typed:
    """``"PT1H"`` as it is; ``"1h"``, seconds and timedelta in the engine's way of writing."""
    wanted = 'a time span such as "1h", "PT1H", a timedelta or a number of seconds'
    if isinstance(value, str) and value.lstrip("+-").upper().startswith("P"):
        return _text(value)
    if isinstance(value, bool) or not isinstance(value, (str, int, float, datetime.timedelta)):
        raise TypeError(wanted)
    try:
        seconds = parse_timedelta(value, default="seconds")
    except (KeyError, ValueError, TypeError):
        raise TypeError(wanted) from None
    return _text(f"PT{seconds:.3f}".rstrip("0").rstrip(".") + "S")


#: By the name of the parameter: the process variable, and what makes its value.
PARAMETERS: dict[str, tuple[str, Callable[[Any], Typed]]] = {
    "site": ("site", _text),
    "n_workers": ("workers", _number),
    "jobs": ("jobs", _number),
    "adapt": ("adapt", _document),
    "queue": ("queue", _text),
    "project": ("project", _text),
    "threads": ("threads", _number),
    "processes": ("processes", _number),
    "scheduler_job": ("schedulerJob", _document),
    "worker_job": ("workerJob", _document),
    "allocation": ("allocation", _document),
    "local_port": ("localPort", _number),
    "connect_dashboard": ("connectDashboard", _truth),
    "local_dashboard_port": ("localDashboardPort", _number),
    "tunnel": ("tunnel", _text),
    "security": ("security", _text),
    "wait_for_startup": ("waitForStartup", _truth),
    "queue_workers": ("queueWorkers", _text),
    "min_workers": ("minWorkers", _number),
    "max_replacements": ("maxReplacements", _number),
    "worker_lost_after": ("workerLostAfter", _span),
    "renew_workers": ("renewWorkers", _truth),
    "on_scheduler_lost": ("onSchedulerLost", _text),
    "work": ("work", _text),
    "dry_run": ("dryRun", _truth),
    "debug": ("debug", _truth),
    "idle_timeout": ("idleTimeout", _span),
    "queue_timeout": ("queueTimeout", _span),
    "start_timeout": ("startTimeout", _span),
    "connection_timeout": ("connectionTimeout", _span),
    "workers_timeout": ("workersTimeout", _span),
    "lifetime": ("lifetime", _span),
}

#: What a scale message may bring beside the size.
CHANGEABLE = frozenset(
    {
        "queue",
        "project",
        "threads",
        "processes",
        "scheduler_job",
        "worker_job",
        "wait_for_startup",
        "queue_workers",
        "min_workers",
        "max_replacements",
        "worker_lost_after",
        "renew_workers",
        "on_scheduler_lost",
        "debug",
        "idle_timeout",
        "queue_timeout",
        "start_timeout",
        "connection_timeout",
        "workers_timeout",
        "lifetime",
    }
)


def of_parameters(given: Mapping[str, Any]) -> dict[str, Typed]:
    """The process variables of parameters; those that are None are left to the engine.

    Raises
    ------
    TypeError
        If there is no such parameter, or its value is of another type; the text says what is allowed.
    """
    made: dict[str, Typed] = {}
    for parameter, value in given.items():
        if parameter not in PARAMETERS:
            raise TypeError(f"there is no parameter {parameter}; there are {', '.join(PARAMETERS)}")
        if value is None:
            continue
        name, make = PARAMETERS[parameter]
        try:
            made[name] = make(value)
        except TypeError as allowed:
            raise TypeError(f"{parameter} = {value!r} is not allowed; allowed is {allowed}") from None
    return made


def of_changes(given: Mapping[str, Any]) -> dict[str, Typed]:
    """The process variables that a scale message may bring beside the size.

    Raises
    ------
    TypeError
        If there is one that it may not.
    """
    for parameter in given:
        if parameter not in CHANGEABLE:
            raise TypeError(
                f"{parameter} cannot be changed while a cluster lives; these can: {', '.join(sorted(CHANGEABLE))}"
            )
    return of_parameters(given)


def of_own(value: Any) -> Typed:
    """A process variable of the user's own.

    Raises
    ------
    TypeError
        If it is not None, a truth value, a number, a text, or what can be written as JSON.
    """
    if value is None or isinstance(value, (bool, int, float, str)):
        return {"value": value}
    try:
        return {"value": json.dumps(value, allow_nan=False), "type": "Json"}
    except (TypeError, ValueError) as error:
        raise TypeError(f"{value!r} is no process variable: {error}") from None
