# SPDX-License-Identifier: Apache-2.0
"""Restoring: an object, or one file of it, from its copies to the institution's restore location or anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog

from archive.errors import ObjectDeleted, RestoredDiffers, RestorePlaceMissing
from archive.progress import ProgressCallback, no_progress
from archive.receiving.good_bytes import Found, GoodBytes, Trouble
from archive.receiving.restored_check import RestoredCheck, check_restored
from archive.receiving.restoring import BagToRestore, bagging_time, restore_bag, restore_file
from archive.registry import Session
from archive.registry.copy_audits import FIXITY_CHECK, suspect_copy
from archive.registry.events import append_event
from archive.registry.kept_objects import (
    DELETED,
    KeptFile,
    count_files,
    files_of,
    find_file,
    find_object,
    find_version,
    identifier_of,
    parts_of,
    version_deleted_at,
)
from archive.registry.notifications import Kind, notify
from archive.registry.receiving_tables import ArchivalObjectRow, InstitutionRow, ObjectVersionRow
from archive.storage.stream_upload import StoredStream
from workers.node import Node
from workers.receiving.institutions import require_restorable_to
from workers.versions import recto_agent

log = structlog.get_logger(__name__)

_AT_ONCE = 500
"""Copies of which something is recorded in one transaction."""

_TOLD = 20
"""Files that an event names one by one."""

DISSEMINATION = "dissemination"
"""PREMIS event type (id.loc.gov/vocabulary/preservation/eventType): something was given out."""


@dataclass(frozen=True, slots=True)
class Restored:
    """Something that was restored.

    Attributes:
        object: The object's identifier.
        version: The number of its version.
        path: Of the one file that was asked for; "" where it was the whole bag.
        url: Where it is now.
        size: Bytes of the tar or the file; sha256 of them.
        proof: What is proved of what is stored there.
        check: What reading a bag back gave; None for a single file, whose digest says all.
        same_tar: Whether the tar is the very one that was ingested, byte for byte.
        already_there: Whether it stood there before and was only compared.
        troubles: Copies that were bad, missing or away, and in whose place another one was read.
    """

    object: str
    version: int
    path: str
    url: str
    size: int
    sha256: str
    proof: str
    check: RestoredCheck | None
    same_tar: bool
    already_there: bool
    troubles: tuple[Trouble, ...]

    @property
    def valid(self) -> bool:
        """Whether it is what it must be: for a bag, that it is valid, too."""
        return self.check is None or self.check.valid

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        told: dict[str, Any] = {
            "object": self.object,
            "version": self.version,
            "path": self.path,
            "url": self.url,
            "bytes": self.size,
            "sha256": self.sha256,
            "proof": self.proof,
            "already_there": self.already_there,
            "troubles": [trouble.to_json() for trouble in self.troubles],
        }
        if self.check is not None:
            told |= {"same_tar": self.same_tar, **self.check.to_json()}
        return told


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be restored, found in the registry.

    Attributes:
        kept: The object.
        version: Its version.
        file: The one file; None for the whole bag.
        count: Files of the version; size their bytes.
        restore: The institution's restore location; "" for none.
    """

    kept: ArchivalObjectRow
    version: ObjectVersionRow
    file: KeptFile | None
    count: int
    size: int
    restore: str

    def bag(self, node: Node) -> BagToRestore:
        """The bag as its tar is rebuilt."""
        version = self.version
        return BagToRestore(
            name=version.bag_name,
            mtime=bagging_time(version.tags, version.created_at),
            files=lambda: files_of(node.registry, version.id),
            count=self.count,
            size=self.size,
            metadata={"object": identifier_of(self.kept), "version": str(version.number)},
        )


def find_wanted(session: Session, identifier: str, version: int | None = None) -> Wanted:
    """What an identifier, of an object or of a file in it, and the number of a version mean.

    Raises:
        ObjectUnknown: There is no such object, or version of it.
        ObjectDeleted: It was deleted.
        FileUnknown: It has no such file.
    """
    kept = find_object(session, identifier)
    if kept.state == DELETED:
        raise ObjectDeleted(
            f"{identifier_of(kept)} was deleted on {(kept.deleted_at or '')[:10]}.",
            object=identifier_of(kept),
        )
    row = find_version(session, kept, version)
    deleted_at = version_deleted_at(session, row)
    if deleted_at is not None:
        raise ObjectDeleted(
            f"Version {row.number} of {identifier_of(kept)} was deleted on {deleted_at[:10]}.",
            object=identifier_of(kept),
            version=row.number,
        )
    path = parts_of(identifier)[2]
    file = find_file(session, row, path) if path else None
    count, size = count_files(session, row.id)
    institution = session.get_one(InstitutionRow, kept.institution)
    return Wanted(kept, row, file, count, size, institution.restore)


def restore(
    node: Node,
    identifier: str,
    *,
    version: int | None = None,
    to: str = "",
    progress: ProgressCallback = no_progress,
) -> Restored:
    """Restore an object, or a file of one, and prove what was restored.

    In an institution's restore location a bag is put as `BAG/vN/BAG.tar` and a file as `BAG/vN/PATH`, so that
    versions and files never stand in each other's way; where a place is named, as `BAG.tar` and under the
    file's own name.

    Args:
        node: The process's settings and registry.
        identifier: `institution/bag`, or `institution/bag/path/of/file`.
        version: The number of the version; the newest where None.
        to: A storage target's name, or an address; the institution's restore location where "".
        progress: Told of bytes; what it raises cancels, and nothing is left.

    Raises:
        ObjectUnknown, FileUnknown, ObjectDeleted: There is nothing to restore.
        RestorePlaceMissing: Nobody said where to.
        RestorePlaceRefused: Bags arrive there, or copies are kept.
        CopiesLost, RestoredDiffers: It cannot be restored; nothing is left.
        StorageError: Copies or the place cannot be reached, or something else stands there.
    """
    with node.registry.reading() as session:
        wanted = find_wanted(session, identifier, version)
    location = to or wanted.restore
    if not location:
        raise RestorePlaceMissing(f"The institution {wanted.kept.institution} has no restore location.")
    key = _key(wanted, named=bool(to))
    require_restorable_to(node, location, key)
    restored = restore_wanted(node, wanted, location, key, progress)
    _record(node, restored, wanted)
    return restored


def restore_wanted(
    node: Node,
    wanted: Wanted,
    location: str,
    key: str,
    progress: ProgressCallback = no_progress,
    *,
    purpose: str = "restore",
) -> Restored:
    """Restore and prove; of it all only copies that failed are recorded. Errors as `restore`.

    Args:
        node: The process's settings and registry.
        wanted: What is restored.
        location: Where to: a storage target's name, or an address.
        key: Its key there.
        progress: Told of bytes; what it raises cancels, and nothing is left.
        purpose: What for, in the events of copies that failed.
    """
    copies = GoodBytes(node.place)
    try:
        return _restored(node, wanted, copies, location, key, progress)
    finally:
        _record_troubles(node, wanted, copies.troubles, purpose)


def _key(wanted: Wanted, *, named: bool) -> str:
    bag = wanted.version.bag_name
    path = f"{bag}.tar" if wanted.file is None else wanted.file.path
    return path.rpartition("/")[2] if named else f"{bag}/v{wanted.version.number}/{path}"


def _restored(
    node: Node, wanted: Wanted, copies: GoodBytes, location: str, key: str, progress: ProgressCallback
) -> Restored:
    target = node.storage_target(location)
    check = None
    if wanted.file is None:
        bag = wanted.bag(node)
        stored = restore_bag(bag, copies, target, key, progress)
        place = node.place(location)
        check = check_restored(place, key, bag.name, bag.files(), progress)
        if not check.equal:
            _take_back(node, location, key, stored, check)
    else:
        stored = restore_file(wanted.file, copies, target, key, progress)
    copy = stored.copy if stored.copy.was_read_back else target.confirm(stored.copy, progress)
    return Restored(
        object=identifier_of(wanted.kept),
        version=wanted.version.number,
        path="" if wanted.file is None else wanted.file.path,
        url=copy.url,
        size=copy.size,
        sha256=copy.sha256,
        proof=copy.proof,
        check=check,
        same_tar=wanted.file is None and copy.sha256 == wanted.version.bag_sha256,
        already_there=stored.already_there,
        troubles=tuple(copies.troubles),
    )


def _take_back(node: Node, location: str, key: str, stored: StoredStream, check: RestoredCheck) -> None:
    """Remove what the place made of our bytes, and say so; never what stood there before."""
    if not stored.already_there:
        node.place(location).delete([key])
    raise RestoredDiffers(
        f"{stored.copy.url} gave back other files than were written: {' '.join(check.differences[:3])}",
        url=stored.copy.url,
        differences=list(check.differences),
    )


def _record(node: Node, restored: Restored, wanted: Wanted) -> None:
    told = {name: value for name, value in restored.to_json().items() if name not in {"warnings", "object"}}
    told["troubles"] = len(restored.troubles)
    if wanted.file is not None:
        told |= {"equal": True}
    agents = tuple(agent for agent in (node.settings.operator, recto_agent()) if agent)
    with node.registry.transaction() as session:
        append_event(
            session,
            wanted.kept.chain,
            DISSEMINATION,
            outcome="success" if restored.valid else "warning",
            detail=told,
            agents=agents,
        )
        facts = {"version": restored.version, "path": restored.path, "url": restored.url}
        facts |= {"bytes": restored.size, "bad copies": len(restored.troubles)}
        if restored.valid:
            notify(session, Kind.RESTORE_DONE, restored.object, facts)
    log.info("restore.done", object=restored.object, version=restored.version, url=restored.url)


def _record_troubles(node: Node, wanted: Wanted, troubles: list[Trouble], purpose: str) -> None:
    """Tell of the copies that failed, and have the next audit begin with those that can be mended."""
    groups: dict[tuple[str, Found], list[Trouble]] = {}
    for trouble in troubles:
        groups.setdefault((trouble.copy.location, trouble.found), []).append(trouble)
    for (location, found), some in groups.items():
        name = identifier_of(wanted.kept)
        log.warning("copies.failed", object=name, location=location, found=str(found), copies=len(some))
        if found is not Found.UNREACHABLE:
            _suspect(node, some)
            _record_bad(node, wanted.kept, some, purpose)


def _suspect(node: Node, troubles: list[Trouble]) -> None:
    for start in range(0, len(troubles), _AT_ONCE):
        with node.registry.transaction() as session:
            for trouble in troubles[start : start + _AT_ONCE]:
                suspect_copy(session, trouble.copy.id, trouble.found)


def _record_bad(node: Node, kept: ArchivalObjectRow, troubles: list[Trouble], purpose: str) -> None:
    """One event and one notification for all bad copies of a location."""
    first = troubles[0]
    told = {"location": first.copy.location, "found": str(first.found), "copies": len(troubles)}
    examples = [{"path": each.file.path, "sha256": each.file.sha256} for each in troubles[:_TOLD]]
    detail = {**told, "purpose": purpose, "first": examples}
    with node.registry.transaction() as session:
        append_event(
            session, kept.chain, FIXITY_CHECK, outcome="fail", detail=detail, agents=(recto_agent(),)
        )
        facts = {**told, "path": first.file.path, "noticed by": purpose}
        notify(session, Kind.FIXITY_MISMATCH, identifier_of(kept), facts)
