# SPDX-License-Identifier: Apache-2.0
"""Mending a copy from another that was just proved: damaged bytes are kept aside first, and good ones never touched."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from archive.progress import ProgressCallback, no_progress
from archive.receiving.audit import Wanted, require_mounted
from archive.receiving.keys import damaged_key
from archive.storage.place import Place

BLOCK = 1 << 20


class GoodSource(Protocol):
    """Where the right bytes are: a place with a good copy, or the bag that they arrived in."""

    def open(self, key: str) -> ReadableBytes:
        """Open the bytes that belong under a key, as `archive.storage.place.Place.open`."""


class ReadableBytes(Protocol):
    """Bytes that are read from front to back."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, b"" behind the end."""

    def close(self) -> None:
        """Let the connection go."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A copy that is good again.

    Attributes:
        url: Its full address.
        proof: What was proved of it now (`archive.storage.target.Proof`).
        aside: Key, in the same place, of the bytes that were there before; "" where there were none.
    """

    url: str
    proof: str
    aside: str


def mend_copy(
    place: Place,
    wanted: Wanted,
    good: GoodSource,
    *,
    uid: str,
    may_be_empty: bool = False,
    progress: ProgressCallback = no_progress,
) -> Mended:
    """Put good bytes in the place of a copy that is damaged or missing.

    At every moment the key has the bytes from before or the good ones, so that whoever is killed here
    leaves nothing that a later audit could not mend.

    Args:
        place: Where the bad copy is.
        wanted: What it must be.
        good: Where the right bytes are; they are held against the digest once more.
        uid: Of the object.
        may_be_empty: Whether a person has said that the place is new and holds nothing yet.
        progress: Told of bytes; what it raises stops it.

    Raises:
        UploadSourceChanged: The copy that was good, or the damaged one, gives other bytes at each reading.
        StoredObjectChanged: Somebody else has replaced the bad copy meanwhile.
        StorageError: One of its other classes, by state; the bad copy is as it was.
    """
    aside, etag = _keep_aside(place, wanted, uid, progress)
    if not aside and not may_be_empty:
        # the other copy may have been read for hours, and this disk may be unmounted by now
        require_mounted(place)
    with contextlib.closing(good.open(wanted.key)) as reader:
        copy = place.put(
            wanted.key,
            _blocks(reader),
            size=wanted.size,
            sha256=wanted.sha256,
            instead_of=etag,
            progress=progress,
        )
    proof = copy.proof
    if not copy.was_read_back:
        proof = place.prove(wanted.key, size=wanted.size, sha256=wanted.sha256, progress=progress)
    return Mended(copy.url, str(proof), aside)


def _keep_aside(place: Place, wanted: Wanted, uid: str, progress: ProgressCallback) -> tuple[str, str]:
    """Copy what stands there to a key of its own; that key, and the tag of what was copied, or two times ""."""
    seen = place.look(wanted.key)
    if seen is None:
        return "", ""
    digest, size = hashlib.sha256(), 0
    with contextlib.closing(place.open(wanted.key, seen.etag)) as reader:
        for block in _blocks(reader):
            digest.update(block)
            size += len(block)
    aside = damaged_key(uid, wanted.sha256, digest.hexdigest())
    with contextlib.closing(place.open(wanted.key, seen.etag)) as reader:
        place.put(aside, _blocks(reader), size=size, sha256=digest.hexdigest(), progress=progress)
    return aside, seen.etag


def _blocks(reader: ReadableBytes) -> Iterator[bytes]:
    while block := reader.read(BLOCK):
        yield block
