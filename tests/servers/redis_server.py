# SPDX-License-Identifier: Apache-2.0
"""A private Redis with a password and TLS; it starts in a few hundredths of a second, so each test has its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.servers.certificates import make_certificates
from tests.servers.process import RunningServer, free_ports, program, start

PASSWORD = "open-sesame/redis"  # noqa: S105 (of a server that lives as long as a test)


@dataclass(frozen=True)
class Redis:
    """Where a server is.

    Attributes:
        folder: Its folder.
        port: Its port on 127.0.0.1.
        tls_port: Its port with TLS.
        authority: The certificate of the authority that vouches for it.
    """

    folder: Path
    port: int
    tls_port: int
    authority: Path

    def url(self, database: int = 0, *, tls: bool = False, password: str | None = PASSWORD) -> str:
        """The address of a database as Recto's settings take it."""
        account = "" if password is None else f":{password.replace('/', '%2F')}@"
        if tls:
            return f"rediss://{account}127.0.0.1:{self.tls_port}/{database}"
        return f"redis://{account}127.0.0.1:{self.port}/{database}"

    def client(self) -> redis.Redis:
        """A client that asks once."""
        return redis.Redis.from_url(self.url(), retry=Retry(NoBackoff(), retries=0))


def start_redis(folder: Path, earlier: Redis | None = None) -> tuple[RunningServer, Redis]:
    """Start a server.

    Args:
        folder: Its folder: empty, or that of the earlier server.
        earlier: One that ended, and is to go on at the same address with what it kept.

    Raises:
        ServerMissing: Redis is not installed.
        ServerNotStarted: It did not answer.
    """
    server = program("redis-server")
    made = earlier or Redis(folder, *free_ports(2), authority=make_certificates(folder).authority)
    settings = {
        "bind": "127.0.0.1",
        "port": str(made.port),
        "tls-port": str(made.tls_port),
        "tls-ca-cert-file": str(made.authority),
        "tls-cert-file": str(folder / "server.pem"),
        "tls-key-file": str(folder / "server.key"),
        "tls-auth-clients": "no",
        "requirepass": PASSWORD,
        "dir": str(folder),
        "save": '""',
        "appendonly": "yes",
        "appendfsync": "always",
        "maxmemory-policy": "noeviction",
    }
    # not on the command line, where everybody could read the password
    configuration = folder / "redis.conf"
    configuration.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    running = start([server, configuration], folder / "log")
    running.wait_until(lambda: _answers(made))
    return running, made


@contextmanager
def running_redis(folder: Path) -> Iterator[Redis]:
    """A server for the length of the block, in a folder that is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    running, server = start_redis(folder)
    try:
        yield server
    finally:
        running.end()


def _answers(server: Redis) -> bool:
    client = server.client()
    try:
        return bool(client.ping())
    except redis.exceptions.ConnectionError:
        return False
    finally:
        client.close()
