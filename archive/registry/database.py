# SPDX-License-Identifier: Apache-2.0
"""Opening the registry: SQLite in WAL or PostgreSQL, brought to the newest schema by Alembic."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from archive.errors import RegistryTooNew, RegistryUnreachable
from archive.registry import postgresql, schema
from archive.registry.notifications import WANTED
from archive.registry.refusals import in_one_line, refusal

Reached = TypeVar("Reached")

NEWEST_REVISION = "0005"
"""The newest migration in migrations/versions; known here so that Alembic is loaded only to migrate."""
BUSY_TIMEOUT_MILLISECONDS = 60_000
"""How long a writer waits for another writer of SQLite: writers commit in milliseconds."""


LONGEST_PAUSE = 1.0
"""Seconds between two attempts to reach a server that is away."""


class Registry:
    """An open registry.

    Args:
        engine: The database, already migrated.
        patience_seconds: How long a transaction waits for a server that is away before it begins.
        wanted: Tells which kinds of notifications anybody wants, None for all; all when left out.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        patience_seconds: float = 0.0,
        wanted: Callable[[], Collection[str] | None] | None = None,
    ) -> None:
        self._engine = engine
        info = {WANTED: wanted} if wanted is not None else {}
        self._sessions = sessionmaker(engine, expire_on_commit=False, info=info)
        self._patience = patience_seconds
        self._reading: dict[str, Any] = {"recto_reading": True}
        if postgresql.is_postgresql(engine.url):
            self._reading |= postgresql.READING

    @property
    def url(self) -> str:
        """Where the registry is, without a password."""
        return self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction that commits on leaving the block and rolls back on an error.

        On SQLite it takes the write lock at once, so that what was read stays true until the commit. On
        PostgreSQL what is to stay true is locked (`archive.registry.events.lock_batch`).

        Raises:
            RegistryUnreachable: The database is locked for too long, full, read-only or away.
            RegistryValueRefused: A value cannot be kept in this database.
        """
        with self._in_our_words(), self._session({}) as session:
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading only; it never waits for a writer, and all it reads is of one moment.

        Raises:
            RegistryUnreachable: The database is away or unreadable.
        """
        with self._in_our_words(), self._session(self._reading) as session:
            yield session

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            told = refusal(error, self.url)
            if told is None:
                raise
            raise told from error

    @contextmanager
    def _session(self, options: dict[str, Any]) -> Iterator[Session]:
        with _reached(lambda: self._begun(options), self._patience) as session:
            yield session

    def _begun(self, options: dict[str, Any]) -> Session:
        session = self._sessions()
        try:
            session.connection(execution_options=options)
        except BaseException:
            session.close()
            raise
        return session


def open_registry(
    url: str,
    *,
    patience_seconds: float = 0.0,
    wanted: Callable[[], Collection[str] | None] | None = None,
) -> Registry:
    """Open a registry, making or upgrading its tables when needed.

    Args:
        url: An SQLAlchemy URL: `sqlite:////path/registry.sqlite3` or `postgresql://user@host/database`.
        patience_seconds: How long to wait for a server that is away, now and before each transaction: a
            worker loses less by waiting than by giving its finished unit up. None for who waits for an answer.
        wanted: Tells which kinds of notifications anybody wants, None for all; all when left out.

    Raises:
        RegistryUnreachable: The URL is wrong, or the database cannot be opened.
        RegistryTooNew: A newer Recto has upgraded this registry.
    """
    engine = _engine(url)
    try:
        _reached(lambda: _migrate(engine), patience_seconds)
    except (DBAPIError, OSError) as error:
        engine.dispose()
        raise RegistryUnreachable(
            f"The registry {engine.url!r} cannot be opened: {in_one_line(error)}."
        ) from error
    except RegistryTooNew:
        engine.dispose()
        raise
    return Registry(engine, patience_seconds=patience_seconds, wanted=wanted)


def _engine(url: str) -> Engine:
    try:
        address = postgresql.full_address(url)
        if postgresql.is_postgresql(address):
            engine = create_engine(address, **postgresql.engine_options(address))
            postgresql.prepare(engine)
            return engine
        engine = create_engine(address)
    except ModuleNotFoundError as error:
        raise RegistryUnreachable(
            f"The driver {error.name} for this kind of database is not installed.",
            remedy="Install it where Recto is: pip install 'recto[postgresql]'",
        ) from error
    except ArgumentError as error:
        raise RegistryUnreachable(f"The registry's address cannot be used: {in_one_line(error)}.") from error
    except ValueError as error:
        # it repeats what stands in the place of a port: part of a password, perhaps
        raise RegistryUnreachable("The registry's address cannot be used: it is no address.") from error
    if address.get_backend_name() == "sqlite":
        _prepare_sqlite(engine)
    return engine


def _reached(attempt: Callable[[], Reached], patience_seconds: float) -> Reached:
    """What an attempt gives as soon as the server can be reached; a session is begun anew for each attempt."""
    deadline, pause = time.monotonic() + patience_seconds, 0.05
    while True:
        try:
            return attempt()
        except OperationalError:
            if time.monotonic() + pause > deadline:
                raise
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        # the driver's own BEGIN would come too late; see begin() below
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        # FULL: a commit is on disk when it returns, also through a power cut (sqlite.org/pragma.html)
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("recto_reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def _only_one_migrates(address: URL) -> Iterator[None]:
    """Let no other process migrate the same file; on a server, a lock of its own does that."""
    if address.get_backend_name() != "sqlite" or not address.database:
        yield
        return
    path = Path(address.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(engine: Engine) -> None:
    with _only_one_migrates(engine.url):
        with engine.connect() as connection:
            if _revision(connection) == NEWEST_REVISION:
                return
        with engine.begin() as connection:
            if postgresql.is_postgresql(engine.url):
                postgresql.be_the_only_one_to_migrate(connection)
            if schema.is_empty(connection):
                schema.make_tables(connection, NEWEST_REVISION)
            else:
                _upgrade(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _upgrade(connection: Connection) -> None:
    import alembic.command
    import alembic.config
    import alembic.script

    configuration = alembic.config.Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    script = alembic.script.ScriptDirectory.from_config(configuration)
    # asked again: another process may just have upgraded it
    current = _revision(connection)
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise RegistryTooNew(
            f"The registry {connection.engine.url!r} has revision {current}, unknown to this Recto."
        )
    configuration.attributes["connection"] = connection
    alembic.command.upgrade(configuration, "head")
