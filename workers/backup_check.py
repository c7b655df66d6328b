# SPDX-License-Identifier: Apache-2.0
"""Checking a backup as a restore would need it: unpacked, opened, counted, its histories verified."""

from __future__ import annotations

from pathlib import Path

from archive.registry.backup.check import CheckedCopy, check_chains, facts_differ
from archive.registry.backup.file import unpack
from archive.registry.backup.postgresql_dump import tables_in_dump
from archive.registry.backup.snapshot import SQLITE, SnapshotFacts
from archive.registry.backup.sqlite_copy import problems_of_sqlite


def check_backup(file: Path, folder: Path, *, most_chains: int = 0) -> CheckedCopy:
    """Check the file of a backup; a dump of PostgreSQL is only read here, its rows are counted where it is restored.

    Args:
        file: The backup.
        folder: Where there is room for the copy, which is removed.
        most_chains: How many of the newest histories are verified; 0 for all.

    Raises:
        BackupUnusable: It is no whole backup.
        RegistryTooNew: A newer Recto made it.
        BackupProgramFailed: It is a dump, and pg_restore is missing or cannot read it.
    """
    copy = folder / "checked"
    manifest = unpack(file, copy)
    try:
        if manifest.facts.engine != SQLITE:
            missing = sorted(manifest.facts.rows.keys() - tables_in_dump(copy))
            return CheckedCopy(tuple(f"The table {table} is not in the dump." for table in missing))
        return check_sqlite_copy(copy, manifest.facts, most_chains)
    finally:
        for ending in ("", "-wal", "-shm", ".migrating"):
            copy.with_name(copy.name + ending).unlink(missing_ok=True)


def check_sqlite_copy(copy: Path, facts: SnapshotFacts, most_chains: int) -> CheckedCopy:
    """Check an unpacked copy, which has today's tables afterwards.

    Raises:
        RegistryTooNew: A newer Recto made it.
    """
    problems = [f"{problem}." for problem in problems_of_sqlite(copy)]
    if problems:
        return CheckedCopy(tuple(problems))
    url = f"sqlite:///{copy}"
    different = facts_differ(facts, url)
    if different:
        return CheckedCopy(tuple(different))
    return check_chains(url, most_chains)
