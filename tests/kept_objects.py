# SPDX-License-Identifier: Apache-2.0
"""Objects that are kept, for tests: a bag's files in all locations and in the registry, as its ingest leaves them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive.bag.readers import open_bag
from archive.bag.tag_files import parse_tags
from archive.digests import DigestSet
from archive.receiving.keys import content_key
from archive.registry import open_registry
from archive.registry.archival_objects import object_for_deposit
from archive.registry.clock import now_iso
from archive.registry.content_copies import (
    StoredContent,
    copies_of_contents,
    record_stored,
    record_verified,
)
from archive.registry.events import append_event
from archive.registry.ingest_facts import Outcome
from archive.registry.kept_objects import ACTIVE, find_object
from archive.registry.receiving_tables import (
    ArchivalObjectRow,
    ContentRow,
    NotificationRow,
    ObjectVersionRow,
    VersionFileRow,
    WorkItemRow,
)
from archive.registry.states import State
from archive.registry.tables import BatchRow, ItemRow, UnitRow
from archive.storage.directory_place import DirectoryPlace
from archive.storage.place import Place
from archive.storage.target import Proof
from tests.arrivals import INSTITUTION, ReceivingSite


@dataclass(frozen=True)
class KeptBag:
    """A version of an object that is kept.

    Attributes:
        object: Key of the object; `identifier` its name in the archive.
        version: Key of the version; `number` its number.
        sha256: Of the tar that was ingested.
        files: SHA-256 of each file by its path.
    """

    site: ReceivingSite
    object: int
    identifier: str
    version: int
    number: int
    sha256: str
    files: dict[str, str]

    @property
    def row(self) -> ArchivalObjectRow:
        """The object as it is now."""
        with self.site.registry.reading() as session:
            return find_object(session, self.identifier)

    def copies(self, path: str) -> list[Path]:
        """Where the copies of a file lie, by location."""
        return [location / content_key(self.row.uid, self.files[path]) for location in self.site.locations]

    def damage(self, path: str, *, copy: int = 0) -> Path:
        """Flip a bit in a copy of a file."""
        stored = self.copies(path)[copy]
        content = bytearray(stored.read_bytes())
        content[len(content) // 2] ^= 4
        stored.write_bytes(content)
        return stored


def keep_bag(site: ReceivingSite, tar: Path, *, locations: Sequence[Path | str] = ()) -> KeptBag:
    """Keep a bag in the site's locations, or in some, as another version where its object is kept already."""
    contents = _contents(tar)
    name = tar.name.removesuffix(".tar")
    sha256 = hashlib.sha256(tar.read_bytes()).hexdigest()
    arrival = site.deposit(tar, told_right=True)
    with site.registry.transaction() as session:
        kept = object_for_deposit(session, INSTITUTION, name, storage_option="Standard")
        for location in locations or site.locations:
            place = site.node.place(str(location))
            record_stored(session, kept.id, str(location), _store(place, kept.uid, contents))
        rows = session.scalars(select(ContentRow).where(ContentRow.object == kept.id)).all()
        known = {row.sha256: row.id for row in rows}
        copies = copies_of_contents(session, known.values()).values()
        record_verified(session, [(copy.id, copy.proof) for some in copies for copy in some])
        kept.version += 1
        kept.state, kept.deleted_at = ACTIVE, None
        item = session.get_one(WorkItemRow, arrival.key)
        item.object, item.version, item.outcome = kept.id, kept.version, Outcome.INGESTED
        item.blocking, item.ended_at = False, now_iso()
        _end_ledger(session, arrival.batch)
        version = _version(kept, item.id, sha256, contents)
        session.add(version)
        session.flush()
        # with keys in the order of the tar
        session.add_all(_file(version.id, path, content, known) for path, content in contents.items())
        session.flush()
        append_event(session, kept.chain, "ingestion", detail={"version": kept.version})
        number, key = kept.version, kept.id
    (site.receiving / tar.name).unlink()
    files = {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
    return KeptBag(site, key, f"{INSTITUTION}/{name}", version.id, number, sha256, files)


def _end_ledger(session: Session, batch: str) -> None:
    """Have all stages of an ingest done."""
    session.execute(update(UnitRow).where(UnitRow.batch == batch).values(state=State.DONE))
    session.execute(update(ItemRow).where(ItemRow.batch == batch).values(state=State.DONE))
    session.execute(update(BatchRow).where(BatchRow.id == batch).values(state=State.DONE))


def _contents(tar: Path) -> dict[str, bytes]:
    """The files of a bag in the order of its tar."""
    with open_bag(tar) as reader:
        return {member.path: b"".join(reader.blocks(member)) for member in reader.members()}


def hear_all(site: ReceivingSite) -> Callable[[], list[str]]:
    """Have notifications of all kinds written down, as where targets want them; gives what tells their kinds."""
    site.node.close()
    site.node.__dict__["registry"] = open_registry(site.node.settings.registry_url)

    def kinds() -> list[str]:
        with site.registry.reading() as session:
            return list(session.scalars(select(NotificationRow.kind).order_by(NotificationRow.id)))

    return kinds


def _store(place: Place, uid: str, contents: Mapping[str, bytes]) -> list[StoredContent]:
    stored = []
    for content in contents.values():
        sha256 = hashlib.sha256(content).hexdigest()
        key = content_key(uid, sha256)
        if isinstance(place, DirectoryPlace):
            # a test's setting need not survive a power cut
            path = place.directory / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            copy = StoredContent(sha256, len(content), key, path.as_uri(), Proof.WHOLE_DIGEST_READ_BACK)
        else:
            put = place.put(key, [content], size=len(content), sha256=sha256)
            copy = StoredContent(sha256, len(content), key, put.url, put.proof)
        stored.append(copy)
    return stored


def _version(
    kept: ArchivalObjectRow, item: int, sha256: str, contents: Mapping[str, bytes]
) -> ObjectVersionRow:
    payload = {path: content for path, content in contents.items() if path.startswith("data/")}
    lines = "".join(f"{hashlib.sha256(content).hexdigest()}, {path}\n" for path, content in payload.items())
    tags = {
        path: parse_tags(contents[path].decode())[0]
        for path in ("bag-info.txt", "aptrust-info.txt")
        if path in contents
    }
    return ObjectVersionRow(
        object=kept.id,
        number=kept.version,
        work_item=item,
        bag_name=kept.name,
        bag_sha256=sha256,
        payload_sha256=hashlib.sha256(lines.encode()).hexdigest(),
        payload_files=len(payload),
        payload_bytes=sum(map(len, payload.values())),
        chain_root="",
        profile="aptrust-2.3",
        tags=tags,
        created_at=now_iso(),
    )


def _file(version: int, path: str, content: bytes, known: Mapping[str, int]) -> VersionFileRow:
    digests = DigestSet(("md5", "sha256", "sha512"))
    digests.update(content)
    told = digests.hexdigests()
    return VersionFileRow(
        version=version, path=path, content=known[told["sha256"]], md5=told["md5"], sha512=told["sha512"]
    )
