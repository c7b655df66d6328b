# SPDX-License-Identifier: Apache-2.0
"""Copying a registry in SQLite while others write, and putting a copy in its place when nobody has it open."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from archive.durable import NO_LINKS, sync_directory
from archive.errors import BackupUnusable, RegistryInUse, RegistryUnreachable
from archive.registry.backup.snapshot import SQLITE, SnapshotFacts, count_rows, revision_of
from archive.registry.refusals import in_one_line

BUSY_SECONDS = 60.0


def copy_sqlite(source: Path, destination: Path) -> SnapshotFacts:
    """Copy a registry, all of it as it was at one moment; writers go on meanwhile.

    SQLite's own backup copies all pages in one read transaction (sqlite.org/backup.html); in WAL mode that
    keeps no writer waiting.

    Args:
        source: The registry's file.
        destination: A new file.

    Raises:
        RegistryUnreachable: It cannot be read, or there is no room.
        BackupUnusable: It is no registry.
    """
    if not source.is_file():
        raise RegistryUnreachable(f"There is no registry {source}.")
    try:
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as reading,
            closing(sqlite3.connect(destination)) as writing,
        ):
            reading.backup(writing)
            # one file, without a log beside it
            writing.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        destination.unlink(missing_ok=True)
        raise RegistryUnreachable(f"The registry {source} cannot be copied: {error}.") from error
    return facts_of_sqlite(destination)


def facts_of_sqlite(file: Path) -> SnapshotFacts:
    """What a copy has in it.

    Raises:
        BackupUnusable: It is damaged, or no registry.
    """
    engine = _engine(file)
    try:
        with engine.connect() as connection:
            return SnapshotFacts(
                SQLITE, revision_of(connection), count_rows(connection), sqlite3.sqlite_version
            )
    except SQLAlchemyError as error:
        raise BackupUnusable(f"The copy {file.name} cannot be read: {in_one_line(error)}.") from error
    finally:
        engine.dispose()


def problems_of_sqlite(file: Path) -> list[str]:
    """What SQLite finds damaged in a copy: pages, indexes, rows that belong to none."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            told = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
            found = [] if told == ["ok"] else told
            for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(20):
                found.append(f"row {row} of {table} belongs to a row of {parent} that is not there")
    except sqlite3.Error as error:
        return [f"it cannot be read: {error}"]
    return found


def put_in_place(copy: Path, registry: Path, *, force: bool, aside: str) -> Path | None:
    """Let a checked copy take the registry's place; the one that is there is kept under another name.

    Args:
        copy: A file in the same folder, which goes.
        registry: The registry's file.
        force: Whether a registry that is there may be replaced.
        aside: What is put behind the name of the one before.

    Returns:
        Where the one before is kept; None where there was none.

    Raises:
        RegistryInUse: There is one and `force` is false, or a process has it open.
    """
    with _nobody_opens(registry):
        before = None
        if registry.exists():
            if not force:
                raise RegistryInUse(f"There is a registry already: {registry}.")
            _close_log(registry)
            before = _keep_aside(registry, aside)
        with copy.open("rb") as file:
            os.fsync(file.fileno())
        copy.rename(registry)
        sync_directory(registry.parent)
    return before


def _keep_aside(registry: Path, aside: str) -> Path:
    """Give the registry a second name, so that there is one under its own at every moment; its path."""
    before = registry.with_name(f"{registry.name}.{aside}")
    for ending in ("-wal", "-shm"):
        # those of a damaged one, which SQLite must not take for the log of another
        left = registry.with_name(registry.name + ending)
        if left.exists():
            left.rename(before.with_name(before.name + ending))
    try:
        os.link(registry, before)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        shutil.copy2(registry, before)
    return before


@contextmanager
def _nobody_opens(registry: Path) -> Iterator[None]:
    """Keep out whoever opens the registry now (`archive.registry.database` takes the same lock)."""
    registry.parent.mkdir(parents=True, exist_ok=True)
    with registry.with_name(registry.name + ".migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _close_log(registry: Path) -> None:
    """Bring the log of a registry into its file, which SQLite does only where nobody else has it open.

    Raises:
        RegistryInUse: Somebody has.
    """
    try:
        with closing(sqlite3.connect(registry, timeout=1.0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise RegistryInUse(f"The registry {registry} is open in another process: {error}.") from error
    except sqlite3.DatabaseError:
        # damaged: that is what backups are for; it is kept as it is
        return


def _engine(file: Path) -> Engine:
    return create_engine(f"sqlite:///{file}", poolclass=NullPool)
