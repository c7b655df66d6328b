# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL with a password, TLS and the collation of a real site; databases cost some milliseconds."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.servers.certificates import make_certificates
from tests.servers.process import (
    RunningServer,
    ServerNotStarted,
    account_for,
    free_ports,
    identity,
    program,
    start,
)

USER = "recto"
PASSWORD = "open-sesame/postgresql"  # noqa: S105 (of a server that lives as long as the tests)


@dataclass(frozen=True)
class Postgresql:
    """Where a server is.

    Attributes:
        folder: Its folder, with its Unix socket.
        port: Its port on 127.0.0.1, with TLS for who asks for it.
        authority: The certificate of the authority that vouches for it.
    """

    folder: Path
    port: int
    authority: Path

    def url(self, database: str, *, password: str | None = PASSWORD) -> str:
        """The address of a database as Recto's settings take it."""
        account = USER if password is None else f"{USER}:{password.replace('/', '%2F')}"
        return f"postgresql+psycopg://{account}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """A database of one's own, dropped at the end; its name."""
        name = f"t{secrets.token_hex(8)}"
        self.administer(f"CREATE DATABASE {name} OWNER {USER} TEMPLATE {template}")
        try:
            yield name
        finally:
            self.administer(f"DROP DATABASE {name} WITH (FORCE)")

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """A database to copy, filled once for all who want copies of it.

        Args:
            name: Its name.
            fill: Called with the address of an empty database; lets go of it at the end.
        """
        with self._connection() as connection:
            connection.execute("SELECT pg_advisory_lock(1)")
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                connection.execute(f"CREATE DATABASE {name}_unfilled OWNER {USER}")  # type: ignore[call-overload]
                fill(self.url(f"{name}_unfilled"))
                connection.execute(f"ALTER DATABASE {name}_unfilled RENAME TO {name}")  # type: ignore[call-overload]
        return name

    def empty(self, database: str) -> None:
        """Remove all rows of a database, and let its keys count from 1: ten times as quick as a new copy."""
        with self._connection(database) as connection:
            tables = connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname <> 'alembic_version' "
                "AND relnamespace = 'public'::regnamespace"
            ).fetchall()
            counters = connection.execute(
                "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
            )
            statements = [f'DELETE FROM "{table}"' for (table,) in tables]  # noqa: S608 (names from the catalogue)
            statements += [f'ALTER SEQUENCE "{counter}" RESTART' for (counter,) in counters.fetchall()]
            # an administrator's replica checks no foreign keys, so the order does not matter
            connection.execute("; ".join(["SET session_replication_role = replica", *statements]))  # type: ignore[call-overload]

    def administer(self, statement: str) -> list[tuple[object, ...]]:
        """Run a statement as the server's administrator; the rows it returns."""
        with self._connection() as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            return list(cursor.fetchall()) if cursor.description else []

    def _connection(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.folder), port=self.port, user="postgres", dbname=database, autocommit=True
        )

    def disconnect(self, database: str) -> int:
        """Cut all connections to a database, as a server that restarts does; how many."""
        cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"  # noqa: S608
        return len(self.administer(cut))


def start_postgresql(folder: Path) -> tuple[RunningServer, Postgresql]:
    """Start a server in an empty folder.

    Raises:
        ServerMissing: PostgreSQL is not installed.
        ServerNotStarted: It did not answer.
    """
    programs = _programs()
    account = account_for("postgres")
    if account is not None:
        # root's folder, which the server has to pass through
        folder.chmod(0o711)
    data, sockets = folder / "data", folder / "s"
    for made in (data, sockets):
        made.mkdir()
        if account is not None:
            shutil.chown(made, account, identity(account)["group"])  # type: ignore[call-overload]
    _initialise(programs / "initdb", data, account)
    certificates = make_certificates(folder)
    for name in ("certificate", "key"):
        copy = data / f"server.{name}"
        shutil.copy(getattr(certificates, name), copy)
        copy.chmod(0o600)
        if account is not None:
            shutil.chown(copy, account)
    (port,) = free_ports(1)
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(sockets),
        "max_connections": "200",
        "shared_buffers": "32MB",
        # nothing in it outlives the tests
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "ssl": "on",
        "ssl_cert_file": "server.certificate",
        "ssl_key_file": "server.key",
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    running = start([programs / "postgres", "-D", data, *options], folder / "log", account=account)
    made = Postgresql(sockets, port, certificates.authority)
    running.wait_until(lambda: _answers(made))
    made.administer(f"CREATE ROLE {USER} LOGIN CREATEDB PASSWORD '{PASSWORD}'")
    return running, made


def _programs() -> Path:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return program("postgres", *versions[::-1]).parent


def _initialise(initdb: Path, data: Path, account: str | None) -> None:
    done = subprocess.run(
        [
            *(initdb, "--pgdata", data, "--username=postgres", "--no-sync", "--no-instructions"),
            *("--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8"),
            # sorts as people do and not by code points, as the databases of most sites
            *("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"),
        ],
        cwd="/",
        capture_output=True,
        check=False,
        **identity(account),
    )
    if done.returncode != 0:
        raise ServerNotStarted(done.stderr.decode(errors="replace"))


def _answers(server: Postgresql) -> bool:
    try:
        server.administer("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True
