# SPDX-License-Identifier: Apache-2.0
"""Backing up the registry: copied at one moment, checked, sent to its target, and the oldest backups let go."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog

from archive.digests import digest_file
from archive.errors import ArchiveError, BackupUnusable
from archive.registry.backup.file import BLOCK, BackupManifest, pack
from archive.registry.backup.postgresql_dump import dump_postgresql
from archive.registry.backup.snapshot import SnapshotFacts
from archive.registry.backup.sqlite_copy import copy_sqlite
from archive.registry.notifications import Kind, notify
from archive.registry.schedule_runs import begin_run, end_run
from archive.storage.file_url import path_of
from archive.storage.place import Place
from archive.unfinished_files import living_folder, remove_unfinished
from workers.backup_check import check_backup
from workers.backup_retention import kept
from workers.errors import SettingsInvalid
from workers.failures import describe_failure
from workers.node import Node
from workers.secrets import DATABASE, with_password
from workers.versions import package_version

log = structlog.get_logger(__name__)

RUN = "registry_backup"
"""Under which name backups record their runs."""

FOLDER = "registry-backups"
"""Where backups lie in their target, below it the folder of each registry."""

_STAMP = "%Y%m%dT%H%M%S.%fZ"
_NAME = re.compile(r"registry-(?P<stamp>\d{8}T\d{6}\.\d{6}Z)\.tar")


@dataclass(frozen=True, slots=True)
class StoredBackup:
    """A backup in its target.

    Attributes:
        key: Its key there.
        made_at: When it was made, in UTC.
        size: Bytes.
    """

    key: str
    made_at: dt.datetime
    size: int

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {"key": self.key, "made_at": self.made_at.isoformat(), "bytes": self.size}


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A backup that was made now.

    Attributes:
        url: Its address.
        proof: What was proved of the stored bytes.
        manifest: What it says of itself.
        size: Bytes of the whole file.
        removed: Keys of older ones that were let go.
        warnings: What is to be looked at, though the backup is there.
    """

    url: str
    proof: str
    manifest: BackupManifest
    size: int
    removed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "url": self.url,
            "proof": self.proof,
            "bytes": self.size,
            "removed": list(self.removed),
            "warnings": list(self.warnings),
            "manifest": self.manifest.to_json(),
        }


def back_up(node: Node, target: str = "") -> MadeBackup:
    """Copy the registry, check the copy, and store it; how it went is recorded, and told when it failed.

    Args:
        node: The process's settings and registry.
        target: A storage target's name or address; that of the settings when left out.

    Raises:
        SettingsInvalid: No target is named.
        BackupUnusable: The copy is not what the registry is.
        BackupProgramFailed: pg_dump is missing or failed.
        StorageError, RegistryError: One of their classes, by state.
    """
    chosen = _named(node, target)
    with node.registry.transaction() as session:
        run = begin_run(session, RUN)
    try:
        made = _back_up(node, chosen)
    except BaseException as error:
        broken_off = {"code": "interrupted", "message": "It was broken off.", "remedy": "Run it again."}
        _tell_failure(node, run, describe_failure(error) if isinstance(error, Exception) else broken_off)
        raise
    with node.registry.transaction() as session:
        end_run(session, run, "warning" if made.warnings else "success", made.to_json())
    log.info("backup.made", url=made.url, bytes=made.size, removed=len(made.removed))
    return made


def stored_backups(node: Node, target: str = "", *, everyone: bool = False) -> list[StoredBackup]:
    """The backups of this registry in its target, the newest first; those of other stations too where asked for.

    Raises:
        SettingsInvalid: No target is named.
        StorageError: It cannot be listed.
    """
    return _stored(_place(node, _named(node, target)), "" if everyone else owner_of(node))


@contextmanager
def fetched(node: Node, name: str, target: str = "") -> Iterator[Path]:
    """A backup as a file, during the block.

    Args:
        node: The process's settings.
        name: A file, a key that `stored_backups` gives or its last part, or "newest".
        target: Where it is, unless it is a file; that of the settings when left out.

    Raises:
        BackupUnusable: There is no such backup.
        StorageError: It cannot be read.
    """
    if Path(name).is_file():
        yield Path(name)
        return
    place = _place(node, _named(node, target))
    stored = _stored(place, owner_of(node))
    key = stored[0].key if name == "newest" and stored else name
    known = {backup.key: backup for backup in stored} | {
        backup.key.rpartition("/")[2]: backup for backup in stored
    }
    # a backup of another registry, such as that of a station that is lost, is named by its whole key
    chosen = known[key].key if key in known else key
    if chosen not in known and place.look(chosen) is None:
        raise BackupUnusable(
            f"There is no file {name}, and no such backup of {owner_of(node)} in {place.url}.",
            remedy="List what is there, of lost stations too: recto registry backups --all",
        )
    with working_folder(node) as folder:
        file = folder / "fetched.tar"
        reader = place.open(chosen)
        try:
            with file.open("xb") as writing:
                while block := reader.read(BLOCK):
                    writing.write(block)
        finally:
            reader.close()
        yield file


def owner_of(node: Node) -> str:
    """Whose registry this is: the station's own, or that of all who share the database."""
    url = node.settings.registry_url
    return node.settings.station if url.startswith("sqlite") else urlsplit(url).path.strip("/") or "registry"


def registry_address(node: Node) -> str:
    """The registry's address with its password, for the programs that copy it."""
    settings = node.settings
    return with_password(settings.registry_url, DATABASE, settings.passwords_in_keyring)


def registry_file(url: str) -> Path | None:
    """The file of a registry in SQLite; None where it is on a server."""
    return Path(url.partition(":///")[2].partition("?")[0]) if url.startswith("sqlite") else None


@contextmanager
def working_folder(node: Node) -> Iterator[Path]:
    """A folder for copies while they are made, on the disk of the registry; what killed processes left goes first."""
    top = node.settings.state_directory / "backups"
    top.mkdir(parents=True, exist_ok=True, mode=0o700)
    remove_unfinished(top / "making")
    folder = Path(tempfile.mkdtemp(prefix=".making.", suffix=".part", dir=top))
    try:
        with living_folder(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _back_up(node: Node, target: str) -> MadeBackup:
    place, owner = _place(node, target), owner_of(node)
    moment = dt.datetime.now(dt.UTC)
    with working_folder(node) as folder:
        copy, file = folder / "registry", folder / "registry.tar"
        facts = _copy(node, copy)
        manifest = pack(
            copy,
            facts,
            file,
            made_at=moment.isoformat(timespec="seconds"),
            owner=owner,
            recto=package_version("recto"),
        )
        copy.unlink()
        if node.settings.backup.verify:
            problems = check_backup(file, folder, most_chains=node.settings.backup.chains_verified).problems
            if problems:
                raise BackupUnusable(
                    f"The copy of the registry is not sound: {' '.join(problems[:5])}",
                    consequence="It was not stored; earlier backups are kept.",
                    remedy="Look at the disk of the registry; take the newest good backup: recto registry backups",
                )
        digest = digest_file(file, ("sha256",)).hexdigests()["sha256"]
        key = f"{FOLDER}/{owner}/registry-{moment.strftime(_STAMP)}.tar"
        with file.open("rb") as reading:
            blocks = iter(lambda: reading.read(BLOCK), b"")
            stored = place.put(key, blocks, size=file.stat().st_size, sha256=digest)
    removed, warnings = _let_go(node, place, owner, moment)
    return MadeBackup(stored.url, stored.proof, manifest, stored.size, removed, warnings)


def _copy(node: Node, destination: Path) -> SnapshotFacts:
    url = registry_address(node)
    file = registry_file(url)
    return dump_postgresql(url, destination) if file is None else copy_sqlite(file, destination)


def _let_go(
    node: Node, place: Place, owner: str, moment: dt.datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove backups that the settings do not keep; where that fails, the new one is there all the same."""
    try:
        stored = _stored(place, owner)
        wanted = kept([backup.made_at for backup in stored], node.settings.backup, moment)
        keys = tuple(backup.key for backup in stored if backup.made_at not in wanted)
        if keys:
            place.delete(keys)
    except ArchiveError as error:
        log.warning("backup.none_removed", code=error.code, message=error.message)
        return (), (f"Older backups could not be removed: {error.message}",)
    return keys, ()


def _stored(place: Place, owner: str) -> list[StoredBackup]:
    found = []
    for placed in place.objects(f"{FOLDER}/{owner}/" if owner else f"{FOLDER}/"):
        match = _NAME.fullmatch(placed.key.rpartition("/")[2])
        if match:
            made_at = dt.datetime.strptime(match["stamp"], _STAMP).replace(tzinfo=dt.UTC)
            found.append(StoredBackup(placed.key, made_at, placed.size))
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def _named(node: Node, target: str) -> str:
    named = target or node.settings.backup.target
    if not named:
        raise SettingsInvalid(
            "No target is named for backups of the registry.",
            consequence="No backup was made, listed or read.",
            remedy="Name a storage target: target in [backup] of the settings, or --target.",
        )
    return named


def _place(node: Node, target: str) -> Place:
    url = node.address(target)
    if "://" not in url or url.startswith("file:"):
        # the first backup makes the folder; a place reads none that is missing
        path_of(url).expanduser().mkdir(parents=True, exist_ok=True)
    return node.place(target)


def _tell_failure(node: Node, run: int, failure: dict[str, Any]) -> None:
    """Record that a backup failed, and have people told; a registry that is away keeps nobody from the error."""
    log.error("backup.failed", code=failure["code"], message=failure["message"])
    try:
        with node.registry.transaction() as session:
            end_run(session, run, "fail", {"message": failure["message"], "code": failure["code"]})
            facts = {"reason": failure["message"], "remedy": failure["remedy"], "code": failure["code"]}
            notify(session, Kind.BACKUP_FAILED, owner_of(node), facts)
    except ArchiveError as error:
        log.warning("backup.not_recorded", message=error.message)
