# SPDX-License-Identifier: Apache-2.0
"""Holding a restored registry against its manifest: revision, rows, and the histories link by link."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import create_engine, select
from sqlalchemy.pool import NullPool

from archive.registry import open_registry, postgresql
from archive.registry.backup.snapshot import SnapshotFacts, count_rows, revision_of
from archive.registry.events import verify_chain
from archive.registry.tables import BatchRow


@dataclass(frozen=True, slots=True)
class CheckedCopy:
    """What was checked, and what is wrong.

    Attributes:
        problems: In sentences; none where the copy is as it was when it was made.
        chains: How many histories were verified.
        chains_of: How many there are.
    """

    problems: tuple[str, ...]
    chains: int = 0
    chains_of: int = 0


def facts_differ(facts: SnapshotFacts, url: str) -> list[str]:
    """In what a database differs from what its manifest tells, before anything migrates it.

    Args:
        facts: What the manifest tells.
        url: The database.
    """
    engine = create_engine(postgresql.full_address(url), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            revision, rows = revision_of(connection), count_rows(connection)
    finally:
        engine.dispose()
    found = []
    if revision != facts.revision:
        found.append(f"Its tables are of revision {revision}, and the manifest says {facts.revision}.")
    found += [
        f"The table {table} has {rows.get(table, 'no')} rows, and the manifest says {facts.rows.get(table, 'none')}."
        for table in sorted(rows.keys() | facts.rows.keys())
        if rows.get(table) != facts.rows.get(table)
    ]
    return found


def check_chains(url: str, most: int = 0) -> CheckedCopy:
    """Open a restored registry, bring it to today's tables, and verify its histories.

    Args:
        url: The registry: a copy that is nobody's yet.
        most: How many of the newest histories; 0 for all.

    Raises:
        RegistryTooNew: A newer Recto made it.
        RegistryUnreachable: It cannot be opened.
    """
    registry = open_registry(url)
    try:
        with registry.reading() as session:
            batches = list(
                session.scalars(select(BatchRow.id).order_by(BatchRow.created_at.desc(), BatchRow.id))
            )
        chosen = batches[:most] if most else batches
        problems = []
        for batch in chosen:
            with registry.reading() as session:
                report = verify_chain(session, batch)
            problems += [f"The history of {batch} is broken: {problem}" for problem in report.problems[:3]]
    finally:
        registry.close()
    return CheckedCopy(tuple(problems), len(chosen), len(batches))
