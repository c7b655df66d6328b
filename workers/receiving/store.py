# SPDX-License-Identifier: Apache-2.0
"""The store stage: what a preservation location does not hold yet of an arriving bag is stored there, each content once."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archive.errors import StoredObjectChanged, StoredObjectMissing
from archive.progress import Progress
from archive.receiving.keys import content_key
from archive.registry.content_copies import StoredContent, WantedContent, record_stored, wanted_contents
from archive.storage.place import ObjectReader, Place
from workers.receiving.errors import waiting_for_places
from workers.receiving.ingest import Ingest
from workers.receiving.locations import NO_SUCH_COPY, Keeping, open_location

if TYPE_CHECKING:
    from workers.work import Work

SMALL = 1 << 20
"""Bytes of a content that is held in memory, so that several of them are stored at the same time."""
AT_ONCE = 8
"""How many small contents are stored at the same time: a bucket answers each after some ten milliseconds."""
BLOCK = 1 << 20
"""Bytes that are read at once from a large content."""
RECORDED_FILES, RECORDED_BYTES = 500, 256 << 20
"""After how much the registry is told what was stored: a worker that dies has as much compared again, not sent."""


def store(work: Work) -> dict[str, Any]:
    """Store into one location what it lacks of the bag."""
    ingest = Ingest.of(work)
    skipped = ingest.skipped()
    if skipped is not None:
        return skipped
    keeping = Keeping.of(ingest)
    location = keeping.of_chunk(work.first_page)
    if location is None:
        return NO_SUCH_COPY
    with waiting_for_places():
        storing = _Storing(ingest, keeping, location, open_location(ingest, location))
        try:
            storing.store_all()
        except _BagLost:
            return ingest.lost()
    return {"location": location, "contents": storing.contents, "bytes": storing.size}


class _BagLost(Exception):
    """The bag is not where it arrived any more, or is another one by now."""


@dataclass
class _Storing:
    """One location taking what it lacks.

    Attributes:
        contents: How many were stored.
        size: Their bytes.
    """

    ingest: Ingest
    keeping: Keeping
    location: str
    place: Place
    contents: int = 0
    size: int = 0
    _stored: list[StoredContent] = field(default_factory=list)
    _under_way: deque[Future[StoredContent]] = field(default_factory=deque)

    def store_all(self) -> None:
        """Store the wanted contents in the order of the tar, which is read once from front to back."""
        tar: ObjectReader | None = None
        with contextlib.ExitStack() as stack:
            pool = ThreadPoolExecutor(AT_ONCE, "store")
            stack.callback(pool.shutdown, cancel_futures=True)
            for wanted in self._wanted():
                if tar is None:
                    tar = stack.enter_context(contextlib.closing(self._open()))
                self.ingest.work.still_ours(self._progress())
                if wanted.size <= SMALL:
                    self._under_way.append(pool.submit(self._put, wanted, [*_bytes_of(tar, wanted)]))
                    self._collect(2 * AT_ONCE)
                else:
                    self._take(self._put(wanted, _bytes_of(tar, wanted)))
            self._collect(0)
            self._record()

    def _wanted(self) -> Iterator[WantedContent]:
        """What is wanted, a page of the bag's files after the other, the pages before being recorded."""
        last = 0
        while True:
            with self.ingest.work.node.registry.reading() as session:
                some, last = wanted_contents(
                    session, self.keeping.object.id, self.ingest.item.id, self.location, after=last
                )
            yield from some
            if not last:
                return
            if some:
                # a content may come again in the next page, and is then not to be stored a second time
                self._collect(0)
                self._record()

    def _open(self) -> ObjectReader:
        try:
            return self.ingest.receiving.open(self.ingest.item.name, self.ingest.item.etag)
        except (StoredObjectMissing, StoredObjectChanged) as error:
            raise _BagLost from error

    def _put(self, wanted: WantedContent, blocks: Sequence[bytes] | Iterator[bytes]) -> StoredContent:
        copy = self.place.put(
            content_key(self.keeping.object.uid, wanted.sha256),
            blocks,
            size=wanted.size,
            sha256=wanted.sha256,
            progress=self._listen,
        )
        return StoredContent(wanted.sha256, wanted.size, copy.key, copy.url, copy.proof)

    def _listen(self, progress: Progress) -> None:
        self.ingest.work.still_ours(progress)

    def _collect(self, left: int) -> None:
        """Wait until no more than some are under way."""
        while len(self._under_way) > left:
            self._take(self._under_way.popleft().result())

    def _take(self, stored: StoredContent) -> None:
        self._stored.append(stored)
        self.contents += 1
        self.size += stored.size
        if len(self._stored) >= RECORDED_FILES or sum(each.size for each in self._stored) >= RECORDED_BYTES:
            self._record()

    def _record(self) -> None:
        if not self._stored:
            return
        with self.ingest.work.recording() as session:
            record_stored(session, self.keeping.object.id, self.location, self._stored)
        self._stored.clear()

    def _progress(self) -> Progress:
        return Progress(f"Storing at {self.location}", self.size, None)


def _bytes_of(tar: ObjectReader, wanted: WantedContent) -> Iterator[bytes]:
    """The bytes of a content; whoever stores them holds them against its digest."""
    try:
        tar.seek(wanted.offset)
        left = wanted.size
        while left and (block := tar.read(min(BLOCK, left))):
            left -= len(block)
            yield block
    except (StoredObjectMissing, StoredObjectChanged) as error:
        raise _BagLost from error
