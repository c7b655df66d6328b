# SPDX-License-Identifier: Apache-2.0
"""Contents of objects in several preservation locations, for tests of audits: no bags, only bytes, rows and chains."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from archive.receiving.keys import content_key
from archive.registry.archival_objects import object_for_deposit
from archive.registry.clock import now_iso, now_seconds
from archive.registry.content_copies import StoredContent, copies_of_contents, record_stored, record_verified
from archive.registry.events import ChainReport, read_events, verify_chain
from archive.registry.receiving_tables import (
    ArchivalObjectRow,
    ContentCopyRow,
    ContentRow,
    InstitutionRow,
    NotificationRow,
)
from archive.storage.directory_place import DirectoryPlace
from archive.storage.target import Proof, url_below
from workers.node import Node
from workers.settings import Settings, load_settings

INSTITUTION = "library.example.org"
DAY = 86_400.0


@dataclass
class Archive:
    """A registry and locations with kept contents.

    Attributes:
        node: A process of it.
        locations: Names or addresses of the preservation locations.
    """

    node: Node
    locations: Sequence[str]

    def keep(self, name: str, contents: Sequence[bytes], *, proved_days_ago: float = 100.0) -> str:
        """Keep contents of an object in every location; the object's identifier."""
        with self.node.registry.transaction() as session:
            kept = object_for_deposit(session, INSTITUTION, name, storage_option="Standard")
            for location in self.locations:
                record_stored(session, kept.id, location, self._store(location, kept.uid, contents))
            ids = session.scalars(select(ContentRow.id).where(ContentRow.object == kept.id)).all()
            copies = [copy for some in copies_of_contents(session, ids).values() for copy in some]
            record_verified(session, [(copy.id, copy.proof) for copy in copies])
            session.execute(
                update(ContentCopyRow)
                .where(ContentCopyRow.id.in_([copy.id for copy in copies]))
                .values(checked_at=now_seconds() - proved_days_ago * DAY)
            )
        return f"{INSTITUTION}/{name}"

    def _store(self, location: str, uid: str, contents: Sequence[bytes]) -> list[StoredContent]:
        place, stored = self.node.place(location), []
        for content in contents:
            sha256 = hashlib.sha256(content).hexdigest()
            key = content_key(uid, sha256)
            if isinstance(place, DirectoryPlace):
                # no power cut is feared here
                (place.directory / key).parent.mkdir(parents=True, exist_ok=True)
                (place.directory / key).write_bytes(content)
            else:
                place.put(key, [content], size=len(content), sha256=sha256)
            url = url_below(place.url, key)
            stored.append(StoredContent(sha256, len(content), key, url, Proof.WHOLE_DIGEST_READ_BACK))
        return stored

    def file(self, name: str, content: bytes, location: int) -> Path:
        """Where a content of an object lies in a location that is a directory."""
        return Path(self.locations[location]) / content_key(
            self.row(name).uid, hashlib.sha256(content).hexdigest()
        )

    def row(self, name: str) -> ArchivalObjectRow:
        """An object's row."""
        with self.node.registry.reading() as session:
            return session.scalars(select(ArchivalObjectRow).where(ArchivalObjectRow.name == name)).one()

    def copies(self) -> list[ContentCopyRow]:
        """The rows of all copies, in the order in which they were made."""
        with self.node.registry.reading() as session:
            return list(session.scalars(select(ContentCopyRow).order_by(ContentCopyRow.id)))

    def states(self, location: int) -> list[str]:
        """The states of the copies in a location."""
        return [copy.state for copy in self.copies() if copy.location == self.locations[location]]

    def age(self, copy: int, days: float) -> None:
        """Let a copy have been proved some days ago."""
        self._set(copy, checked_at=now_seconds() - days * DAY)

    def _set(self, copy: int, **values: Any) -> None:
        with self.node.registry.transaction() as session:
            session.execute(update(ContentCopyRow).where(ContentCopyRow.id == copy).values(**values))

    def events(self, name: str, *types: str) -> list[Mapping[str, Any]]:
        """The events of an object of some types."""
        with self.node.registry.reading() as session:
            return [event for event in read_events(session, self.row(name).chain) if event["type"] in types]

    def chain(self, name: str) -> ChainReport:
        """What verifying the object's chain finds."""
        with self.node.registry.reading() as session:
            return verify_chain(session, self.row(name).chain)

    def notices(self) -> list[NotificationRow]:
        """What people are to be told."""
        with self.node.registry.reading() as session:
            return list(session.scalars(select(NotificationRow).order_by(NotificationRow.id)))


def make_archive(locations: Sequence[str], settings: Settings | None = None) -> Archive:
    """An archive with one depositor and nothing kept yet; its locations are there and empty, and somebody wants alarms."""
    told = {"notifications": {"targets": {"alarms": {"url": "json://127.0.0.1:9"}}}}
    node = Node(settings or load_settings(told))
    with node.registry.transaction() as session:
        session.add(
            InstitutionRow(
                id=INSTITUTION,
                name="Library",
                state="active",
                receiving="/nowhere",
                restore="",
                quarantine="",
                storage_options={"Standard": list(locations)},
                default_option="Standard",
                created_at=now_iso(),
            )
        )
    for location in locations:
        if location.startswith("/"):
            Path(location).mkdir(parents=True, exist_ok=True)
    return Archive(node, locations)


def flip_bit(file: Path, at: int = -1) -> bytes:
    """Flip a bit of a file, without changing its times; what it has now."""
    times = file.stat()
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    return bytes(content)
