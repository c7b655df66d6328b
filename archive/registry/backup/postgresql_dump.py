# SPDX-License-Identifier: Apache-2.0
"""Dumping a registry in PostgreSQL with pg_dump, all of one moment, and restoring it with pg_restore."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from archive.errors import BackupProgramFailed, RegistryInUse, RegistryUnreachable
from archive.registry import postgresql
from archive.registry.backup.snapshot import POSTGRESQL, SnapshotFacts, count_rows, revision_of
from archive.registry.refusals import in_one_line

MOST_LETTERS = 800
"""Of what a program says: a failed restore may repeat all statements."""


def dump_postgresql(url: str, destination: Path) -> SnapshotFacts:
    """Dump a registry, all of it as it was at one moment; nobody waits for it.

    Rows are counted and dumped in one snapshot (pg_dump's `--snapshot`).

    Args:
        url: Its address, with its password where it needs one.
        destination: A new file, in pg_dump's custom format.

    Raises:
        BackupProgramFailed: pg_dump is not installed, is older than the server, or ended with an error.
        RegistryUnreachable: The server is away or refuses.
    """
    pg_dump = _program("pg_dump")
    engine = _engine(url)
    try:
        with engine.connect().execution_options(**postgresql.READING) as connection:
            # a large registry takes longer than any statement of Recto may
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            server = str(connection.execute(text("SHOW server_version")).scalar_one())
            facts = SnapshotFacts(POSTGRESQL, revision_of(connection), count_rows(connection), server)
            _run(
                [
                    pg_dump,
                    "--format=custom",
                    "--compress=0",
                    "--no-owner",
                    "--no-privileges",
                    f"--snapshot={snapshot}",
                    f"--file={destination}",
                ],
                engine.url,
            )
    except SQLAlchemyError as error:
        raise RegistryUnreachable(f"The registry {engine.url!r} refused: {in_one_line(error)}.") from error
    finally:
        engine.dispose()
    return facts


def restore_postgresql(dump: Path, url: str, *, force: bool, aside: str) -> str | None:
    """Restore a dump into a database; the tables that are there are kept in another schema.

    Args:
        dump: What `dump_postgresql` wrote.
        url: The database.
        force: Whether a registry that is there may be replaced.
        aside: Name of the schema where the one before is kept.

    Returns:
        The name of that schema; None where the database was empty.

    Raises:
        RegistryInUse: There are tables already and `force` is false.
        BackupProgramFailed: pg_restore is not installed or ended with an error; all is as it was.
        RegistryUnreachable: The server is away or refuses.
    """
    pg_restore = _program("pg_restore")
    engine = _engine(url)
    try:
        schema = _set_aside(engine, force=force, aside=aside)
        try:
            _run(
                [
                    pg_restore,
                    "--no-owner",
                    "--no-privileges",
                    "--exit-on-error",
                    "--single-transaction",
                    str(dump),
                ],
                engine.url,
            )
        except BackupProgramFailed:
            if schema is not None:
                _bring_back(engine, schema, aside)
            raise
    except SQLAlchemyError as error:
        raise RegistryUnreachable(f"The registry {engine.url!r} refused: {in_one_line(error)}.") from error
    finally:
        engine.dispose()
    return None if schema is None else aside


def tables_in_dump(dump: Path) -> set[str]:
    """The tables whose rows a dump has, as its own list of contents says.

    Raises:
        BackupProgramFailed: pg_restore is not installed, or cannot read it.
    """
    lines = _run([_program("pg_restore"), "--list", str(dump)], None).splitlines()
    rows = [line.split() for line in lines if " TABLE DATA " in line]
    # 3421; 0 16412 TABLE DATA public batch recto
    return {words[words.index("DATA") + 2] for words in rows}


def _set_aside(engine: Engine, *, force: bool, aside: str) -> str | None:
    """Rename the schema with the tables; its name, which an empty one has now, or None where there were none."""
    with engine.begin() as connection:
        present = connection.execute(
            text("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()")
        ).scalar_one()
        if not present:
            return None
        if not force:
            raise RegistryInUse(f"There are tables already in {engine.url!r}.")
        schema = str(connection.execute(text("SELECT current_schema()")).scalar_one())
        quoted = connection.dialect.identifier_preparer.quote
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        connection.execute(text(f"ALTER SCHEMA {quoted(schema)} RENAME TO {quoted(aside)}"))
        connection.execute(text(f"CREATE SCHEMA {quoted(schema)}"))
    return schema


def _bring_back(engine: Engine, schema: str, aside: str) -> None:
    with engine.begin() as connection:
        quoted = connection.dialect.identifier_preparer.quote
        # empty: what failed was one transaction
        connection.execute(text(f"DROP SCHEMA IF EXISTS {quoted(schema)}"))
        connection.execute(text(f"ALTER SCHEMA {quoted(aside)} RENAME TO {quoted(schema)}"))


def _run(command: list[str], address: URL | None) -> str:
    """Run a program of PostgreSQL's; the password goes by its environment, where other users cannot see it.

    Raises:
        BackupProgramFailed: It ended with an error.
    """
    environment = dict(os.environ)
    if address is not None:
        plain = address.set(drivername="postgresql", password=None)
        command = [*command, f"--dbname={plain.render_as_string(hide_password=False)}"]
        if address.password:
            environment["PGPASSWORD"] = str(address.password)
    answer = subprocess.run(
        command, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if answer.returncode != 0:
        said = " ".join(answer.stderr.split())[:MOST_LETTERS].rstrip(".")
        raise BackupProgramFailed(f"{Path(command[0]).name} ended with code {answer.returncode}: {said}.")
    return answer.stdout


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupProgramFailed(
            f"The program {name} is not installed, and the registry is in PostgreSQL.",
            remedy="Install it, not older than the server: apt-get install postgresql-client",
        )
    return found


def _engine(url: str) -> Engine:
    address = postgresql.full_address(url)
    return create_engine(address, poolclass=NullPool, connect_args={"connect_timeout": "10"})
