# SPDX-License-Identifier: Apache-2.0
"""Making all tables of a new registry at once: the migrations lead to the same, and take five times as long."""

from __future__ import annotations

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from archive.registry import receiving_tables  # noqa: F401 - its tables join the others
from archive.registry.tables import Table

VERSION_TABLE = (
    "CREATE TABLE alembic_version "
    "(version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)
"""As Alembic makes it (alembic.sqlalchemy.org, MigrationContext), for it reads and writes it from then on."""


def is_empty(connection: Connection) -> bool:
    """Whether the database has no tables at all."""
    return not inspect(connection).get_table_names()


def make_tables(connection: Connection, revision: str) -> None:
    """Make all tables in an empty database.

    Args:
        connection: In a transaction.
        revision: The newest migration, which the tables are as new as.
    """
    Table.metadata.create_all(connection, checkfirst=False)
    connection.execute(text(VERSION_TABLE))
    connection.execute(
        text("INSERT INTO alembic_version (version_num) VALUES (:revision)"), {"revision": revision}
    )
