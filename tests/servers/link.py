# SPDX-License-Identifier: Apache-2.0
"""The network between two hosts: connections that can be cut, refused or silenced, and mended again."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

BLOCK = 1 << 16


class Link:
    """A port of this machine behind which another one answers, as long as the link holds.

    Attributes:
        port: The port on 127.0.0.1.
        refused: Connections that came while it was cut.
        moved: Bytes that passed, in both directions.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.refused = 0
        self.moved = 0
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._whole = threading.Event()
        self._whole.set()
        threading.Thread(target=self._accept, name=f"link-{target}", daemon=True).start()

    def cut(self) -> None:
        """Break all connections, and refuse new ones."""
        self._whole.clear()
        with self._lock:
            broken, self._open = self._open, set()
        for connection in broken:
            _end(connection)

    def mend(self) -> None:
        """Let new connections through."""
        self._whole.set()

    def close(self) -> None:
        """End it."""
        self.cut()
        _end(self._listener)

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listener.accept()
            except OSError:
                # closed
                return
            if not self._whole.is_set():
                self.refused += 1
                _end(here)
                continue
            try:
                there = socket.create_connection(("127.0.0.1", self._target), 5)
            except OSError:
                _end(here)
                continue
            there.settimeout(None)
            with self._lock:
                self._open |= {here, there}
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while block := one.recv(BLOCK):
                other.sendall(block)
                with self._lock:
                    self.moved += len(block)
        for connection in (one, other):
            _end(connection)
            with self._lock:
                self._open.discard(connection)


def _end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@contextmanager
def linked(*targets: int) -> Iterator[list[Link]]:
    """Links to ports of this machine, for the length of the block."""
    links = [Link(target) for target in targets]
    try:
        yield links
    finally:
        for link in links:
            link.close()
