"""What can go wrong, one class a cause; each text says what to do."""

from __future__ import annotations

import re

__all__ = [
    "CamundaDaskError",
    "ClusterEndedError",
    "ClusterFailedError",
    "ClusterNotFoundError",
    "EngineUnreachableError",
    "LoginRefusedError",
    "NotAClusterError",
    "NotAllowedError",
    "NotYourClusterError",
    "RequestRefusedError",
    "ScaleFailedError",
    "SchedulerUnreachableError",
]

_CODE = re.compile(r"\bDASK_[A-Z_]+\b")


class CamundaDaskError(Exception):
    """Any error of this package."""


class EngineUnreachableError(CamundaDaskError, ConnectionError):
    """The engine does not answer.

    Attributes
    ----------
    sent : bool
        Whether the request may have reached the engine all the same.
    """

    def __init__(self, text: str, sent: bool = True) -> None:
        super().__init__(text)
        self.sent = sent


class LoginRefusedError(CamundaDaskError, PermissionError):
    """The engine does not take the user name and the password, or asks for them."""


class NotAllowedError(CamundaDaskError, PermissionError):
    """The engine knows the user, who has no authorisation for this."""


class RequestRefusedError(CamundaDaskError, ValueError):
    """The engine does not take what was asked for, and has done nothing.

    Attributes
    ----------
    code : str or None
        The engine's code, such as ``DASK_INVALID_REQUEST``.
    """

    def __init__(self, text: str) -> None:
        code = _CODE.search(text)
        # What comes before is how the engine got there.
        super().__init__(text[code.start() :] if code else text)
        self.code: str | None = code.group() if code else None


class ClusterNotFoundError(CamundaDaskError, LookupError):
    """There is no such cluster, or none that the user may see."""


class NotAClusterError(CamundaDaskError, LookupError):
    """There is a process instance of this name, and it is not a cluster's."""


class NotYourClusterError(CamundaDaskError, PermissionError):
    """Somebody else has started the cluster."""


class ClusterEndedError(CamundaDaskError):
    """The cluster is over, or is being torn down."""


class ClusterFailedError(ClusterEndedError):
    """The cluster failed, and is torn down.

    Attributes
    ----------
    code : str or None
        The engine's code, such as ``DASK_SCHEDULER_FAILED``.
    """

    def __init__(self, text: str, code: str | None = None) -> None:
        super().__init__(text)
        self.code = code


class ScaleFailedError(CamundaDaskError):
    """The cluster could not be brought to the size asked for; it goes on.

    Attributes
    ----------
    code : str or None
        The engine's code, such as ``DASK_WORKER_FAILED``.
    """

    def __init__(self, text: str, code: str | None = None) -> None:
        super().__init__(text)
        self.code = code


class SchedulerUnreachableError(CamundaDaskError, ConnectionError):
    """The cluster is ready, but its scheduler cannot be reached from here."""
