# SPDX-License-Identifier: Apache-2.0
"""Whether the connections of this process to saned still stand.

The backend `net` (1.2) does not look: when its control connection has ended, it takes whatever lies in
memory for the answer, and crashes or returns rubbish. A saned dies easily: its driver in it may fail, and
with some drivers a cancel is enough.
"""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NET = "net"
"""The backend for scanners behind a saned."""

SANE_PORT = 6566
"""Where saned listens (registered with IANA as sane-port)."""


def connection_stands() -> bool:
    """Whether no connection of this process to a saned has been ended by the other side."""
    for descriptor in _sockets():
        with _opened(descriptor) as connection:
            if connection is not None and not _alive(connection):
                return False
    return True


def _sockets() -> list[int]:
    found: list[int] = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            if stat.S_ISSOCK(entry.stat().st_mode):
                found.append(int(entry.name))
        except OSError:
            # closed since it was listed, as is that of the listing itself
            continue
    return found


@contextmanager
def _opened(descriptor: int) -> Iterator[socket.socket | None]:
    """A connection to a saned; None for any other socket."""
    # a copy: closing it leaves the backend's own open
    with socket.socket(fileno=os.dup(descriptor)) as connection:
        try:
            peer: Any = connection.getpeername()
        except OSError:
            # it listens, or is not connected yet
            peer = None
        yield connection if isinstance(peer, tuple) and peer[1:2] == (SANE_PORT,) else None


def _alive(connection: socket.socket) -> bool:
    try:
        return bool(connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except BlockingIOError:
        # open, and nothing said: as it must be between two calls
        return True
    except OSError:
        return False
