"""Where the engine is, and who asks: from arguments, the environment, Dask's configuration."""

from __future__ import annotations

import base64
import os
import ssl
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import dask.config
import yaml
from dask.utils import parse_timedelta

from camunda_dask.errors import CamundaDaskError

__all__ = ["Password", "Settings", "seconds", "setting"]

_PREFIX = "CAMUNDA_DASK_"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

dask.config.update_defaults(yaml.safe_load(Path(__file__).with_name("camunda-dask.yaml").read_text(encoding="utf-8")))


def setting(key: str) -> Any:
    """What Dask's configuration has below ``camunda-dask``."""
    return dask.config.get("camunda-dask." + key)


def seconds(key: str) -> float:
    """A time span of the configuration, in seconds."""
    return float(parse_timedelta(setting(key), default="seconds"))


class Password:
    """A password that is never printed nor pickled.

    Parameters
    ----------
    text : str, optional
        The password itself.
    file : str, optional
        A file that holds it, read anew for each request. Line breaks at its end do not count.
    """

    def __init__(self, text: str | None = None, file: str | None = None) -> None:
        self._text = text
        self._file = file

    def reveal(self) -> str:
        """The password itself.

        Raises
        ------
        CamundaDaskError
            If its file cannot be read, or is empty.
        """
        if self._text is not None:
            return self._text
        assert self._file is not None
        try:
            text = Path(self._file).expanduser().read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise CamundaDaskError(
                f"The password file {self._file} cannot be read: {why}. Give another as password_file."
            ) from None
        if not text:
            raise CamundaDaskError(f"The password file {self._file} is empty.")
        return text

    def __repr__(self) -> str:
        return f"<password in {self._file}>" if self._file else "<password>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A password is not pickled.")


@dataclass(frozen=True)
class Settings:
    """Where the engine's REST API is, and who asks.

    Attributes
    ----------
    address : str
        The URL of the REST API, without a slash at its end.
    username : str or None
        None for an engine that asks for no login.
    password : Password or None
        The user's.
    ca_file : str or None
        Certificates in PEM to trust beside the usual ones.
    timeout : float
        How many seconds the engine may take to answer.
    """

    address: str
    username: str | None = None
    password: Password | None = None
    ca_file: str | None = None
    timeout: float = 30

    @classmethod
    def of(
        cls,
        address: str | None = None,
        username: str | None = None,
        password: str | None = None,
        password_file: str | os.PathLike[str] | None = None,
        ca_file: str | os.PathLike[str] | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> Settings:
        """What is given, or else in the environment, or else in Dask's configuration.

        Raises
        ------
        ValueError
            If they do not go together.
        """
        given = {
            "address": address,
            "username": username,
            "password": password,
            "password-file": password_file,
            "ca-file": ca_file,
        }
        sources: list[tuple[str, dict[str, Any]]] = [
            ("the arguments", given),
            ("the environment", {key: environ.get(_variable(key)) or None for key in given}),
            ("Dask's configuration", {key: setting(key) for key in given}),
        ]

        def first(key: str) -> str | None:
            for where, source in sources:
                value = source[key]
                if isinstance(value, os.PathLike):
                    value = os.fspath(value)
                if value is not None and not isinstance(value, str):
                    raise TypeError(f"{key} in {where} is no text; write it between quotes")
                if value is not None:
                    return value
            return None

        settings = cls(
            _address(first("address")),
            first("username"),
            _password(sources),
            first("ca-file"),
            seconds("request-timeout"),
        )
        settings._check()
        return settings

    def _check(self) -> None:
        if self.username is not None and self.password is None:
            raise ValueError(
                f"The user {self.username} has no password: give password_file or password, set "
                f"{_variable('password-file')}, or camunda-dask.password-file in Dask's configuration."
            )
        if self.username is None and self.password is not None:
            raise ValueError("There is a password, and no user name: give username.")
        url = urlsplit(self.address)
        if self.password is not None and url.scheme == "http" and url.hostname not in _LOOPBACK:
            warnings.warn(
                f"The password goes unencrypted to {self.address}; use https where others can listen.",
                stacklevel=2,
            )

    def authorization(self) -> str | None:
        """The value of the header, or None if there is no login."""
        if self.username is None or self.password is None:
            return None
        login = f"{self.username}:{self.password.reveal()}".encode()
        return "Basic " + base64.b64encode(login).decode("ascii")

    def tls(self) -> ssl.SSLContext:
        """What verifies the engine's certificate and host name.

        Raises
        ------
        CamundaDaskError
            If the file of certificates cannot be read.
        """
        context = ssl.create_default_context()
        if self.ca_file is not None:
            try:
                context.load_verify_locations(Path(self.ca_file).expanduser())
            except OSError as error:
                raise CamundaDaskError(f"The certificates in ca_file {self.ca_file} cannot be read: {error}") from None
        return context


def _variable(key: str) -> str:
    return _PREFIX + key.upper().replace("-", "_")


def _address(text: str | None) -> str:
    url = urlsplit(text or "")
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError(
            "address has to be the URL of the engine's REST API, such as http://localhost:8080/engine-rest"
        )
    if url.username is not None or url.password is not None:
        raise ValueError("The address has a user name in it: give username and password_file instead.")
    if url.query or url.fragment:
        raise ValueError("The address of the REST API has neither ? nor # in it.")
    return f"{url.scheme}://{url.netloc}{url.path.rstrip('/') or '/engine-rest'}"


def _password(sources: list[tuple[str, dict[str, Any]]]) -> Password | None:
    for where, source in sources:
        text, file = source["password"], source["password-file"]
        if text is not None and file is not None:
            raise ValueError(f"There are a password and a password file in {where}: give one of them.")
        if text is not None:
            if not isinstance(text, str):
                raise TypeError(f"The password in {where} is no text; write it between quotes.")
            return Password(text)
        if file is not None:
            return Password(file=os.fspath(file))
    return None
