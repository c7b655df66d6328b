# SPDX-License-Identifier: Apache-2.0
"""Opening the registry: SQLite in WAL or PostgreSQL, brought to the newest schema by Alembic."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from archive.errors import RegistryTooNew, RegistryUnreachable

NEWEST_REVISION = "0003"
"""The newest migration in migrations/versions; known here so that Alembic is loaded only to migrate."""
BUSY_TIMEOUT_MILLISECONDS = 60_000
"""How long a writer waits for another writer of SQLite: writers commit in milliseconds."""


class Registry:
    """An open registry.

    Args:
        engine: The database, already migrated.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)

    @property
    def url(self) -> str:
        """Where the registry is, without a password."""
        return self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction that commits on leaving the block and rolls back on an error.

        On SQLite it takes the write lock at once, so that what was read stays true until the commit.

        Raises:
            RegistryUnreachable: The database is locked for too long, full, read-only or away.
        """
        try:
            with self._sessions.begin() as session:
                yield session
        except OperationalError as error:
            raise RegistryUnreachable(f"The registry {self.url} refused: {error.orig}.") from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading only; it never waits for a writer.

        Raises:
            RegistryUnreachable: The database is away or unreadable.
        """
        try:
            with self._sessions() as session:
                session.connection(execution_options={"recto_reading": True})
                yield session
        except OperationalError as error:
            raise RegistryUnreachable(f"The registry {self.url} refused: {error.orig}.") from error

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()


def open_registry(url: str) -> Registry:
    """Open a registry, making or upgrading its tables when needed.

    Args:
        url: An SQLAlchemy URL: `sqlite:////path/registry.sqlite3` or `postgresql+psycopg://...`.

    Raises:
        RegistryUnreachable: The URL is wrong, or the database cannot be opened.
        RegistryTooNew: A newer Recto has upgraded this registry.
    """
    try:
        engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    except (ArgumentError, ModuleNotFoundError) as error:
        raise RegistryUnreachable(f"The registry's address cannot be used: {error}.") from error
    sqlite = make_url(url).get_backend_name() == "sqlite"
    if sqlite:
        _prepare_sqlite(engine)
    try:
        with _only_one_migrates(engine, sqlite=sqlite):
            _migrate(engine)
    except (DatabaseError, OSError) as error:
        engine.dispose()
        raise RegistryUnreachable(f"The registry {engine.url!r} cannot be opened: {error}.") from error
    except RegistryTooNew:
        engine.dispose()
        raise
    return Registry(engine)


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
def _only_one_migrates(engine: Engine, *, sqlite: bool) -> Iterator[None]:
    database = engine.url.database
    if not sqlite or not database:
        with nullcontext():
            yield
        return
    path = Path(database)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        current = None
        if inspect(connection).has_table("alembic_version"):
            current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if current == NEWEST_REVISION:
        return
    import alembic.command
    import alembic.config
    import alembic.script

    configuration = alembic.config.Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    script = alembic.script.ScriptDirectory.from_config(configuration)
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise RegistryTooNew(f"The registry {engine.url!r} has revision {current}, unknown to this Recto.")
    with engine.begin() as connection:
        configuration.attributes["connection"] = connection
        alembic.command.upgrade(configuration, "head")
