# SPDX-License-Identifier: Apache-2.0
"""A server as a private process: started by whom it must be, waited for, ended by its process id."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class ServerMissing(Exception):
    """The server's program is not installed."""


class ServerNotStarted(Exception):
    """The server ended, or said nothing in time; the end of its log is in the message."""


@dataclass
class RunningServer:
    """A process that is ended with `end`, and by the kernel where whoever started it dies first."""

    process: subprocess.Popen[bytes]
    log: Path

    def wait_until(self, answers: Callable[[], bool], seconds: float = 120.0) -> None:
        """Wait until the server answers.

        Raises:
            ServerNotStarted: It ended, or did not answer in time.
        """
        deadline = time.monotonic() + seconds
        while not answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.end()
                raise ServerNotStarted(self.log.read_text(errors="replace")[-2000:])
            time.sleep(0.02)

    def end(self) -> None:
        """End the server at once; what it kept is thrown away with its folder."""
        self.process.kill()
        self.process.wait()

    def stop(self, seconds: float = 30.0) -> None:
        """Ask the server to end as its administrator would, and wait for that."""
        self.process.terminate()
        self.process.wait(timeout=seconds)


def start(
    command: Sequence[str | Path],
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    account: str | None = None,
) -> RunningServer:
    """Start a server, in a session of its own so that a Ctrl-C meant for the tests does not reach it.

    Args:
        command: The program and its arguments.
        log: Where its output goes.
        environment: Its whole environment; ours when left out.
        account: Whose process it is to be, see `account_for`.
    """
    # the last resort, should this process be killed: the kernel ends the server with it
    before = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*before, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            start_new_session=True,
            **identity(account),
        )
    return RunningServer(process, log)


def identity(account: str | None) -> dict[str, object]:
    """What tells `subprocess` to run a program as somebody else; nothing where it stays ours."""
    if account is None:
        return {}
    entry = pwd.getpwnam(account)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def account_for(*names: str) -> str | None:
    """Whose process a server is to be that refuses to run as root: the first account there is; None where we are not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in (*names, "nobody") if name in known)


def program(name: str, *folders: Path) -> Path:
    """A server's program, on the PATH or where Debian puts it.

    Raises:
        ServerMissing: It is nowhere.
    """
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *map(str, folders)]))
    if found is None:
        raise ServerMissing(f"{name} is not installed.")
    return Path(found)


def free_ports(count: int) -> list[int]:
    """Ports of the loopback interface that nobody listens on now."""
    with _bound_sockets(count) as sockets:
        return [bound.getsockname()[1] for bound in sockets]


@contextmanager
def _bound_sockets(count: int) -> Iterator[list[socket.socket]]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for unbound in sockets:
            unbound.bind(("127.0.0.1", 0))
        yield sockets
    finally:
        for bound in sockets:
            bound.close()


def listens(port: int, greeting: bytes = b"") -> bool:
    """Whether somebody listens on a port of this machine, and answers a greeting if one is given."""
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as there:
            if greeting:
                there.sendall(greeting)
                return bool(there.recv(1))
            return True
    except OSError:
        return False
