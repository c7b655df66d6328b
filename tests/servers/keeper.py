# SPDX-License-Identifier: Apache-2.0
"""One server for all processes of a test run: it lives as long as anybody is connected to its keeper.

The keeper is a process of its own. Each test process that wants the server connects to the keeper's
socket and stays connected; a process that ends, is interrupted or is killed lets go without doing
anything. When nobody is left, the keeper ends the server and removes its folder.
"""

from __future__ import annotations

import fcntl
import json
import os
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar

from tests.servers.postgresql import Postgresql, start_postgresql
from tests.servers.process import RunningServer, ServerMissing, ServerNotStarted
from tests.servers.rabbitmq import Rabbitmq, start_rabbitmq

Server = TypeVar("Server", Postgresql, Rabbitmq)

STARTS: dict[str, Callable[[Path], tuple[RunningServer, Any]]] = {
    Postgresql.__name__: start_postgresql,
    Rabbitmq.__name__: start_rabbitmq,
}

START_SECONDS = 150.0
"""Longest time for a start, on a machine that has much else to do."""


@contextmanager
def shared(kind: type[Server], place: Path) -> Iterator[Server]:
    """A server of a kind, started if nobody of this test run has it yet.

    Args:
        kind: `Postgresql` or `Rabbitmq`.
        place: A folder that all processes of the test run know.

    Raises:
        ServerMissing: It is not installed.
        ServerNotStarted: It did not answer.
    """
    with _joined(kind, place) as (_, document):
        known = {field.name: document[field.name] for field in fields(kind)}
        yield kind(
            **{name: Path(value) if isinstance(value, str) else value for name, value in known.items()}
        )


@contextmanager
def _joined(kind: type[Any], place: Path) -> Iterator[tuple[socket.socket, dict[str, Any]]]:
    with (place / f"{kind.__name__}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        address = place / f"{kind.__name__}.keeper"
        found = _join(Path(address.read_text())) if address.exists() else None
        if found is None:
            path = _start_keeper(kind)
            address.write_text(str(path))
            found = _join(path)
    if found is None:
        raise ServerNotStarted(f"The keeper of {kind.__name__} ended at once.")
    with found[0]:
        yield found


def _join(path: Path) -> tuple[socket.socket, dict[str, Any]] | None:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(START_SECONDS)
    try:
        connection.connect(str(path))
        line = connection.makefile().readline()
    except OSError:
        line = ""
    if not line:
        # it was just ending
        connection.close()
        return None
    return connection, json.loads(line)


def _start_keeper(kind: type[Any]) -> Path:
    """Start a keeper and its server; the path of its socket."""
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.servers.keeper", kind.__name__],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    # what was started is nobody's child by now; whoever is connected last ends it
    told = json.loads(keeper.communicate()[0] or b'{"failure": "it said nothing", "missing": false}')
    if "failure" in told:
        raise (ServerMissing if told["missing"] else ServerNotStarted)(told["failure"])
    return Path(told["socket"])


def _keep(kind: str) -> None:
    """Start the server, tell where the socket is, and stay as long as somebody is connected."""
    folder = Path(tempfile.mkdtemp(prefix="recto-server-"))
    try:
        with socket.socket(socket.AF_UNIX) as entrance:
            entrance.bind(str(folder / "keeper.sock"))
            running, server = STARTS[kind](folder)
            try:
                entrance.listen(64)
                _tell({"socket": str(folder / "keeper.sock")})
                _stay(entrance, (json.dumps(asdict(server), default=str) + "\n").encode())
            finally:
                running.end()
    except (ServerMissing, ServerNotStarted) as error:
        _tell({"failure": str(error), "missing": isinstance(error, ServerMissing)})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tell(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()
    # who started us waits for the end of this line only
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stay(entrance: socket.socket, greeting: bytes) -> None:
    connected: set[socket.socket] = set()
    with selectors.DefaultSelector() as selector:
        selector.register(entrance, selectors.EVENT_READ)
        while ready := selector.select(None if connected else START_SECONDS):
            for key, _ in ready:
                if key.fileobj is entrance:
                    visitor, _address = entrance.accept()
                    visitor.sendall(greeting)
                    connected.add(visitor)
                    selector.register(visitor, selectors.EVENT_READ)
                else:
                    # nobody says anything here: it is the end of the connection
                    visitor = key.fileobj  # type: ignore[assignment]
                    selector.unregister(visitor)
                    connected.discard(visitor)
                    visitor.close()
            if not connected:
                return


if __name__ == "__main__" and os.fork() == 0:
    _keep(sys.argv[1])
