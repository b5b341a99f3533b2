"""The engine's REST API: the one place that knows HTTP and its status codes."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode, urlsplit

from camunda_dask.errors import (
    CamundaDaskError,
    EngineUnreachableError,
    LoginRefusedError,
    NotAllowedError,
    RequestRefusedError,
)
from camunda_dask.settings import Settings

__all__ = ["NotThereError", "Rest"]

_AWAY = (502, 503, 504)
#: As long as an engine's text may be in an exception.
_LONGEST = 20_000


class NotThereError(CamundaDaskError, LookupError):
    """404, with the engine's text."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The password is for one address only."""

    def redirect_request(self, *arguments: Any, **more: Any) -> None:
        return None


class Rest:
    """Calls the REST API, and waits for the answer.

    Parameters
    ----------
    settings : Settings
        Where it is, and who asks.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=settings.tls()), _NoRedirects())

    def get(self, path: str, **query: Any) -> Any:
        """The JSON that is there."""
        return self._json(self._call("GET", path, query))

    def post(self, path: str, body: Any, **query: Any) -> Any:
        """The JSON of the answer to a JSON, or None."""
        return self._json(self._call("POST", path, query, json.dumps(body).encode()))

    def get_bytes(self, path: str) -> bytes:
        """What is there, whatever it is."""
        return self._call("GET", path, {}, accept="*/*")

    def _call(
        self,
        method: str,
        path: str,
        query: dict[str, Any],
        body: bytes | None = None,
        accept: str = "application/json",
    ) -> bytes:
        url = self.settings.address + path + ("?" + urlencode(query) if query else "")
        request = urllib.request.Request(url, body, {"Accept": accept}, method=method)
        if body is not None:
            request.add_header("Content-Type", "application/json")
        authorization = self.settings.authorization()
        if authorization is not None:
            request.add_unredirected_header("Authorization", authorization)
        del authorization
        try:
            with self._opener.open(request, timeout=self.settings.timeout) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error.code, error.headers, _body(error)) from None
        except urllib.error.URLError as error:
            raise self._unreachable(error.reason) from None
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from None

    def _json(self, body: bytes) -> Any:
        try:
            return json.loads(body) if body.strip() else None
        except ValueError:
            raise CamundaDaskError(
                f"What answers at {self.settings.address} is not the engine's REST API; check the address."
            ) from None

    def _unreachable(self, reason: object) -> EngineUnreachableError:
        address = self.settings.address
        if isinstance(reason, ssl.SSLCertVerificationError):
            return EngineUnreachableError(
                f"The certificate of the engine at {address} is not trusted ({reason.verify_message}). "
                "Give the certificate of who has signed it as ca_file.",
                sent=False,
            )
        why = str(reason) or type(reason).__name__
        return EngineUnreachableError(
            f"The engine at {address} does not answer ({why}). See that it runs and that the address is right.",
            sent=not isinstance(reason, (ConnectionRefusedError, socket.gaierror)),
        )

    def _refusal(self, status: int, headers: Any, body: bytes) -> CamundaDaskError:
        address, user = self.settings.address, self.settings.username
        if status == 401:
            if user is None:
                return LoginRefusedError(f"The engine at {address} asks for a login: give username and password_file.")
            return LoginRefusedError(
                f"The engine at {address} does not take the password of the user {user}, or has no such user. "
                "Correct username and password_file. After several wrong ones it refuses right ones for some seconds."
            )
        if status in _AWAY:
            return EngineUnreachableError(
                f"The engine at {address} is away: HTTP {status}. It may be starting; try again."
            )
        if 300 <= status < 400:
            target = urlsplit(headers.get("Location", ""))
            return CamundaDaskError(
                f"The address {address} leads on to {target.scheme}://{target.netloc}{target.path}: "
                "give the address that it ends at."
            )
        text = _message(body)
        if text is None:
            return CamundaDaskError(
                f"What answers at {address} is not the engine's REST API (HTTP {status}); check the address."
            )
        if status == 403:
            return NotAllowedError(
                f"{text} Have an administrator of the engine at {address} give the user {user} this authorisation."
            )
        if status == 404:
            return NotThereError(text)
        return RequestRefusedError(text)


def _body(error: urllib.error.HTTPError) -> bytes:
    try:
        return bytes(error.read(_LONGEST))
    except (OSError, http.client.HTTPException):
        return b""


def _message(body: bytes) -> str | None:
    """What the engine says, if it is the engine that says it."""
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    message = answer.get("message") if isinstance(answer, dict) else None
    return message if isinstance(message, str) and message else None
