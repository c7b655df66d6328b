# SPDX-License-Identifier: Apache-2.0
"""Restoring the registry from a backup: checked first, the one of now kept aside, nothing replaced without being told to."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from archive.errors import BackupUnusable, RegistryInUse
from archive.registry import open_registry
from archive.registry.backup.check import CheckedCopy, check_chains, facts_differ
from archive.registry.backup.file import BackupManifest, unpack
from archive.registry.backup.postgresql_dump import restore_postgresql
from archive.registry.backup.snapshot import SQLITE
from archive.registry.backup.sqlite_copy import put_in_place
from archive.registry.notification_messages import forget_unsent
from archive.registry.schedule_runs import begin_run, end_run
from workers.backup_check import check_sqlite_copy
from workers.local_station import station_runs
from workers.node import Node
from workers.registry_backup import registry_address, registry_file, working_folder

log = structlog.get_logger(__name__)

RUN = "registry_restore"


@dataclass(frozen=True, slots=True)
class RestoredRegistry:
    """What was restored.

    Attributes:
        manifest: What the backup says of itself.
        aside: Where the registry of before is kept; "" where there was none.
        checked: What was checked.
    """

    manifest: BackupManifest
    aside: str
    checked: CheckedCopy

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "aside": self.aside or None,
            "problems": list(self.checked.problems),
            "chains": self.checked.chains,
            "chains_of": self.checked.chains_of,
            "manifest": self.manifest.to_json(),
        }


def restore(node: Node, file: Path, *, force: bool = False, most_chains: int = 0) -> RestoredRegistry:
    """Restore the registry that the settings name.

    Args:
        node: The process's settings; its registry is closed.
        file: The backup.
        force: Whether a registry that is there may be replaced; it is kept aside.
        most_chains: How many of the newest histories are verified; 0 for all.

    Raises:
        RegistryInUse: A station runs, or there is a registry and `force` is false; nothing was changed.
        BackupUnusable: The backup is not sound, or of the other kind of database; nothing was changed.
        RegistryTooNew: A newer Recto made it; nothing was changed.
        BackupProgramFailed: pg_restore is missing or failed; all is as it was.
    """
    node.close()
    if station_runs(node.settings):
        raise RegistryInUse("A station runs on this machine.", remedy="Stop it, then restore.")
    url = registry_address(node)
    moment = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S_%fZ")
    target = registry_file(url)
    with working_folder(node) as folder:
        copy = folder / "restored"
        manifest = unpack(file, copy)
        if (manifest.facts.engine == SQLITE) != (target is not None):
            raise BackupUnusable(
                f"The backup is of {manifest.facts.engine}, and the settings name a registry of the other kind.",
                remedy="Set database_url to a database of the same kind for the restore.",
            )
        if target is not None:
            restored = _restore_sqlite(
                copy, target, manifest, force=force, most_chains=most_chains, moment=moment
            )
        else:
            aside = restore_postgresql(copy, url, force=force, aside=f"before_{moment.lower()}")
            different = tuple(facts_differ(manifest.facts, url))
            restored = RestoredRegistry(
                manifest, aside or "", CheckedCopy(different) if different else check_chains(url, most_chains)
            )
    _record(url, restored)
    log.info("registry.restored", made_at=manifest.made_at, aside=restored.aside)
    return restored


def _restore_sqlite(
    copy: Path, target: Path, manifest: BackupManifest, *, force: bool, most_chains: int, moment: str
) -> RestoredRegistry:
    if target.exists() and not force:
        # asked again when it is put in place; here before minutes of checking
        raise RegistryInUse(f"There is a registry already: {target}.")
    checked = check_sqlite_copy(copy, manifest.facts, most_chains)
    if checked.problems:
        raise BackupUnusable(f"The backup is not sound: {' '.join(checked.problems[:5])}")
    beside = target.with_name(f".{target.name}.restoring")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(copy, beside)
    try:
        before = put_in_place(beside, target, force=force, aside=f"before-{moment}")
    finally:
        beside.unlink(missing_ok=True)
    return RestoredRegistry(manifest, str(before or ""), checked)


def _record(url: str, restored: RestoredRegistry) -> None:
    registry = open_registry(url)
    try:
        with registry.transaction() as session:
            run = begin_run(session, RUN)
            told = restored.to_json()
            end_run(session, run, "fail" if restored.checked.problems else "success", told)
            forget_unsent(session)
    finally:
        registry.close()
