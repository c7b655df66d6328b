# SPDX-License-Identifier: Apache-2.0
"""Mending a bad copy with the bytes that just arrived: the bag where it was received has them, as its digests prove."""

from __future__ import annotations

from dataclasses import dataclass

from archive.errors import (
    StorageError,
    StorageUnreachable,
    StoredBytesDiffer,
    StoredObjectMissing,
)
from archive.receiving.audit import Wanted
from archive.receiving.repair import mend_copy
from archive.registry.content_copies import ContentCopy, record_verified
from archive.registry.events import append_event
from archive.registry.notifications import Kind, notify
from archive.registry.received_files import offset_of
from archive.storage.place import ObjectReader, Place
from workers.receiving.ingest import Ingest
from workers.receiving.locations import Keeping
from workers.versions import recto_agent

Bad = StoredBytesDiffer | StoredObjectMissing
"""What is wrong with a copy."""


def mend_from_bag(ingest: Ingest, keeping: Keeping, place: Place, copy: ContentCopy, error: Bad) -> None:
    """Store a content anew where its copy is bad, if the settings let copies be mended; it is told in the object's chain.

    Args:
        ingest: The ingest, whose bag has the content.
        keeping: Its object.
        place: The location of the copy.
        copy: The copy.
        error: What is wrong with it.

    Raises:
        StoredBytesDiffer, StoredObjectMissing: It cannot be mended, or is bad again.
        StorageUnreachable: A place is away.
    """
    if not ingest.work.node.settings.fixity.repair:
        raise _stopping(ingest, error)
    wanted = Wanted(copy.key, copy.size, copy.sha256)
    try:
        mended = mend_copy(
            place,
            wanted,
            _InBag(ingest, copy),
            uid=keeping.object.uid,
            progress=ingest.work.still_ours,
        )
    except StorageUnreachable:
        raise
    except StorageError as again:
        raise _stopping(ingest, error) from again
    detail = {
        "url": mended.url,
        "sha256": copy.sha256,
        "repair": True,
        "source": "the bag that arrived",
        "kept_aside": mended.aside,
        "work_item": ingest.item.id,
    }
    with ingest.work.recording() as session:
        record_verified(session, [(copy.id, mended.proof)])
        append_event(session, keeping.object.chain, "replication", detail=detail, agents=(recto_agent(),))
        facts = {"sha256": copy.sha256, "location": copy.location, "found": error.code, "mended": True}
        notify(session, Kind.FIXITY_MISMATCH, ingest.identifier, facts)


def _stopping(ingest: Ingest, error: Bad) -> Bad:
    return type(error)(
        f"{error.message} It was stored there for the bag {ingest.identifier}.",
        consequence="No version was recorded; the bag still lies where it arrived.",
        remedy="Have the location checked, then: recto receive retry WORK_ITEM",
        **error.facts,
    )


@dataclass(frozen=True, slots=True)
class _InBag:
    """The bytes of a content as they lie in the bag that arrived."""

    ingest: Ingest
    copy: ContentCopy

    def open(self, key: str) -> _Slice:
        """Open them; errors as `Place.open`."""
        with self.ingest.work.node.registry.reading() as session:
            offset = offset_of(session, self.ingest.item.id, self.copy.sha256)
        if offset is None:
            raise StoredObjectMissing(f"The bag {self.ingest.identifier} has no file for {key}.", key=key)
        reader = self.ingest.receiving.open(self.ingest.item.name, self.ingest.item.etag)
        try:
            reader.seek(offset)
        except BaseException:
            reader.close()
            raise
        return _Slice(reader, self.copy.size)


class _Slice:
    """So many bytes of a reader, from where it stands."""

    def __init__(self, reader: ObjectReader, size: int) -> None:
        self._reader = reader
        self._left = size

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, b"" behind the last."""
        wanted = self._left if size < 0 else min(size, self._left)
        block = self._reader.read(wanted) if wanted else b""
        self._left -= len(block)
        return block

    def close(self) -> None:
        """Let the bag go."""
        self._reader.close()
