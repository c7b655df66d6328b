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
from pathlib import Path
from typing import Any

NET = "net"
"""The backend for scanners behind a saned."""

SANE_PORT = 6566
"""Where saned listens (registered with IANA as sane-port)."""

_seen: set[int] = set()
"""Inodes of the sockets that were connected to a saned when they were looked at."""


def connection_stands() -> bool:
    """Whether no connection of this process to a saned has been ended by the other side."""
    for descriptor in _sockets():
        # a copy: closing it leaves the backend's own open
        with socket.socket(fileno=os.dup(descriptor)) as connection:
            if _ended(connection):
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


def _ended(connection: socket.socket) -> bool:
    try:
        peer: Any = connection.getpeername()
    except OSError:
        # after a reset it has no peer any more
        return _inode(connection) in _seen
    if not (isinstance(peer, tuple) and peer[1:2] == (SANE_PORT,)):
        return False
    _seen.add(_inode(connection))
    try:
        return not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        # open, and nothing said: as it must be between two calls
        return False
    except OSError:
        return True


def _inode(connection: socket.socket) -> int:
    return os.fstat(connection.fileno()).st_ino
