# SPDX-License-Identifier: Apache-2.0
"""The bytes of what is kept, from whichever copy has them: each held against the size and digest of its ingest."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from archive.digests import BLOCK
from archive.errors import ArchiveError, CopiesLost, StorageUnreachable, StoredObjectMissing
from archive.receiving.audit import Finding, Wanted, audit_copy
from archive.registry.kept_objects import DELETED, KeptCopy, KeptFile
from archive.storage.place import Place

SMALL = 1 << 20
"""Bytes of a file that is read whole before any of it is handed on, so that a bad copy of it costs nothing."""

READ_AHEAD = 16
"""Small files that are fetched at the same time: a storage far away answers each of them after a while."""


class Found(StrEnum):
    """What was wrong with a copy."""

    MISMATCH = "mismatch"
    MISSING = "missing"
    UNREACHABLE = "unreachable"


_VERDICTS = {
    Finding.GOOD: (Found.UNREACHABLE, "The copy of {path} in {location} is read differently each time."),
    Finding.DAMAGED: (
        Found.MISMATCH,
        "The copy of {path} in {location} does not have the bytes that were ingested.",
    ),
    Finding.MISSING: (Found.MISSING, "There is no copy of {path} in {location} any more."),
    Finding.UNREACHABLE: (Found.UNREACHABLE, "The copy of {path} in {location} cannot be read now."),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A copy that did not give the right bytes.

    Attributes:
        file: The file for which it was read.
        copy: The copy.
        found: What was wrong.
        message: That in a sentence.
    """

    file: KeptFile
    copy: KeptCopy
    found: Found
    message: str

    def to_json(self) -> dict[str, Any]:
        """As JSON: `{path, sha256, location, found, message}`."""
        return {
            "path": self.file.path,
            "sha256": self.file.sha256,
            "location": self.copy.location,
            "found": str(self.found),
            "message": self.message,
        }


class CopyFailed(Exception):
    """A copy failed, perhaps when some of its bytes had been handed on: what was made of them must be made again."""


class GoodBytes:
    """Reads contents, from another copy where one is bad, missing or away. May be used from several threads.

    A location whose copies failed is asked after the others from then on.

    Args:
        open_place: Gives the place of a preservation location.
    """

    def __init__(self, open_place: Callable[[str], Place]) -> None:
        self._open_place = open_place
        self._places: dict[str, Place] = {}
        self._troubles: dict[int, Trouble] = {}
        self._blamed: Counter[str] = Counter()
        self._forgiven: set[int] = set()
        self._lock = threading.Lock()

    @property
    def troubles(self) -> list[Trouble]:
        """All copies that failed, each once, in the order in which that was found."""
        with self._lock:
            return list(self._troubles.values())

    def whole(self, file: KeptFile) -> bytes:
        """All bytes of a small file.

        Raises:
            CopiesLost: No copy is good.
            StorageUnreachable: The copies that might be good cannot be read now.
        """
        while True:
            try:
                return b"".join(self.blocks(file))
            except CopyFailed:
                # nothing was handed on yet
                continue

    def blocks(self, file: KeptFile) -> Iterator[bytes]:
        """The bytes of a file, block by block.

        Raises:
            CopyFailed: The copy failed behind its first block, or as a whole; reading again asks another one.
            CopiesLost, StorageUnreachable: As `whole`.
        """
        copy = self._next_copy(file)
        digest, size = hashlib.sha256(), 0
        try:
            for block in self._blocks_of(copy, file):
                digest.update(block)
                size += len(block)
                yield block
        except StoredObjectMissing as error:
            self._judge(file, copy)
            raise CopyFailed from error
        except ArchiveError as error:
            self._blame(file, copy, Found.UNREACHABLE, error.message)
            raise CopyFailed from error
        if size != file.size or digest.hexdigest() != file.sha256:
            self._judge(file, copy)
            raise CopyFailed

    def ahead(self, files: Iterable[KeptFile]) -> Generator[tuple[KeptFile, bytes | None]]:
        """Files in their order, small ones with their bytes, which are fetched some ahead; large ones with None.

        Raises:
            CopiesLost, StorageUnreachable: As `whole`.
        """
        waiting: deque[tuple[KeptFile, Future[bytes] | None]] = deque()
        with ThreadPoolExecutor(READ_AHEAD, thread_name_prefix="copies") as pool:
            try:
                for file in files:
                    waiting.append((file, pool.submit(self.whole, file) if file.size <= SMALL else None))
                    # a large one is read when its turn comes
                    while waiting and (len(waiting) >= READ_AHEAD or waiting[0][1] is None):
                        yield _came(*waiting.popleft())
                while waiting:
                    yield _came(*waiting.popleft())
            finally:
                for _, future in waiting:
                    if future is not None:
                        future.cancel()

    def _blocks_of(self, copy: KeptCopy, file: KeptFile) -> Iterator[bytes]:
        with closing(self._place(copy.location).open(file.key)) as reader:
            left = file.size if reader.size == file.size else 0
            while left and (block := reader.read(min(BLOCK, left))):
                left -= len(block)
                yield block

    def _next_copy(self, file: KeptFile) -> KeptCopy:
        with self._lock:
            usable = [copy for copy in file.copies if copy.id not in self._troubles and copy.state != DELETED]
            if usable:
                return min(usable, key=self._doubt)
            raise self._lost(file)

    def _doubt(self, copy: KeptCopy) -> tuple[bool, int]:
        return copy.state in {Found.MISMATCH, Found.MISSING}, self._blamed[copy.location]

    def _lost(self, file: KeptFile) -> ArchiveError:
        known = [self._troubles[copy.id] for copy in file.copies if copy.id in self._troubles]
        told = " ".join(trouble.message for trouble in known)
        facts: dict[str, Any] = {"path": file.path, "copies": [trouble.to_json() for trouble in known]}
        if any(trouble.found is Found.UNREACHABLE for trouble in known):
            return StorageUnreachable(
                f"No copy of {file.path} can be read now. {told}",
                consequence="Nothing was restored; nothing is known to be lost.",
                remedy="Try again when the preservation locations can be reached.",
                **facts,
            )
        if not known:
            return CopiesLost(f"No copy of {file.path} is kept any more.", **facts)
        return CopiesLost(f"No copy of {file.path} is good. {told}", **facts)

    def _judge(self, file: KeptFile, copy: KeptCopy) -> None:
        """Find out what is wrong with a copy, as an audit does: a cable may have lied, a place not be mounted."""
        place = self._place(copy.location)
        verdict = audit_copy(place, Wanted(file.key, file.size, file.sha256)).finding
        if verdict is Finding.GOOD:
            with self._lock:
                if copy.id not in self._forgiven:
                    self._forgiven.add(copy.id)
                    return
        found, message = _VERDICTS[verdict]
        self._blame(file, copy, found, message.format(path=file.path, location=copy.location))

    def _blame(self, file: KeptFile, copy: KeptCopy, found: Found, message: str) -> None:
        with self._lock:
            self._troubles.setdefault(copy.id, Trouble(file, copy, found, message))
            self._blamed[copy.location] += 1

    def _place(self, location: str) -> Place:
        with self._lock:
            if location not in self._places:
                self._places[location] = self._open_place(location)
            return self._places[location]


def _came(file: KeptFile, content: Future[bytes] | None) -> tuple[KeptFile, bytes | None]:
    return file, None if content is None else content.result()
