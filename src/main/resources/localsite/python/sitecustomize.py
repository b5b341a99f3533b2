"""Keeps what a job's Python programs listen on to this machine, whatever address they ask for.

A site's jobs are closed off by its network; a local site's are not. Dask asks nobody for a password, and its
dashboards listen on all interfaces unless each one is told otherwise.
"""

import errno
import importlib.machinery
import importlib.util
import os
import socket
import sys

plain_bind = socket.socket.bind


def is_here(host):
    return host in ("localhost", "::1") or host.startswith(("127.", "::ffff:127."))


def bind(self, address):
    if self.family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(address, tuple) or is_here(address[0]):
        return plain_bind(self, address)
    if self.family == socket.AF_INET:
        return plain_bind(self, ("127.0.0.1", *address[1:]))
    try:
        return plain_bind(self, ("::1", address[1]))
    except OSError as e:
        if e.errno != errno.EADDRNOTAVAIL:
            raise
        # No IPv6 here: nobody reaches what is asked for, as long as IPv4 does not come the same way.
        self.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        return plain_bind(self, address)


socket.socket.bind = bind


def go_on():
    """Loads the one that this one hides."""
    here = os.path.dirname(os.path.abspath(__file__))
    others = [path for path in sys.path if os.path.abspath(path) != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


go_on()
