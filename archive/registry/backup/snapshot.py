# SPDX-License-Identifier: Apache-2.0
"""What a copy of a registry tells of itself, and how rows are counted so that it can be held against that."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, inspect, text

from archive.errors import BackupUnusable

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(frozen=True, slots=True)
class SnapshotFacts:
    """A copy of a registry, all of it of one moment.

    Attributes:
        engine: "sqlite", or "postgresql" for a dump of pg_dump.
        revision: The migration that its tables are as new as.
        rows: How many rows each table has.
        server: Version of the database that it was taken from.
    """

    engine: str
    revision: str
    rows: dict[str, int]
    server: str

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Any) -> SnapshotFacts:
        """The facts of a JSON object.

        Raises:
            BackupUnusable: It is none of such facts.
        """
        try:
            rows = {str(table): int(number) for table, number in document["rows"].items()}
            facts = cls(str(document["engine"]), str(document["revision"]), rows, str(document["server"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BackupUnusable("The backup's manifest does not say what is in it.") from error
        if facts.engine not in {SQLITE, POSTGRESQL}:
            raise BackupUnusable(
                f"The backup is of a database that this Recto does not know: {facts.engine}."
            )
        return facts


def count_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table has, by name."""
    quoted = connection.dialect.identifier_preparer.quote
    return {
        table: int(connection.execute(text(f"SELECT count(*) FROM {quoted(table)}")).scalar_one())  # noqa: S608 (names from the catalogue)
        for table in sorted(inspect(connection).get_table_names())
    }


def revision_of(connection: Connection) -> str:
    """The migration that a registry's tables are as new as.

    Raises:
        BackupUnusable: It is no registry.
    """
    if not inspect(connection).has_table("alembic_version"):
        raise BackupUnusable("There is no registry of Recto in this database.")
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
