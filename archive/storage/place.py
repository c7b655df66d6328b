# SPDX-License-Identifier: Apache-2.0
"""What a place can do where others put files, or where files are kept for good: list, read anywhere, put, delete."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from archive.progress import ProgressCallback, no_progress
from archive.storage.target import Proof, StoredCopy


@dataclass(frozen=True, slots=True)
class PlacedObject:
    """An object, as a list or a look at it tells.

    Attributes:
        key: Below the place, with slashes.
        size: Bytes.
        etag: The storage's own tag without quotation marks; of a directory, one made of size and time.
        modified: When it was stored, in UTC, by the storage's clock.
        age: How long ago that was, by the same clock.
        metadata: What the uploader kept with it, names in small letters; empty in a list, which tells none.
    """

    key: str
    size: int
    etag: str
    modified: dt.datetime
    age: dt.timedelta
    metadata: Mapping[str, str] = field(default_factory=dict)


class ObjectReader(Protocol):
    """An object that is being read: a seekable binary file whose bytes come from the place.

    Reading straight on is one request; seeking forward a little reads on, seeking elsewhere asks anew.
    The object stays the one that was opened: when another takes its place, reading raises.
    """

    size: int

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, as many as asked for unless the end comes first.

        Raises:
            StoredObjectChanged: Another object has its key by now.
            StorageError: One of its other classes, by state.
        """

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go on from another byte."""

    def tell(self) -> int:
        """The byte that comes next."""

    def close(self) -> None:
        """Let the connection go."""


class Place(Protocol):
    """A prefix of a bucket, or a directory."""

    @property
    def url(self) -> str:
        """Its address, without credentials."""

    def objects(self, below: str = "") -> Iterator[PlacedObject]:
        """All objects, however many, in the order of their keys where the storage has one; never held all at once.

        Args:
            below: Only keys that begin with this.

        Raises:
            StorageError: It cannot be listed to its end; the class names the state.
        """

    def look(self, key: str) -> PlacedObject | None:
        """One object with its metadata; None where there is none.

        Raises:
            StorageError: One of its classes, by state.
        """

    def open(self, key: str, etag: str = "") -> ObjectReader:
        """Open an object for reading.

        Args:
            key: Its key.
            etag: The tag that it must have; "" for any.

        Raises:
            StoredObjectMissing: There is none.
            StoredObjectChanged: It has another tag.
            StorageError: One of its other classes, by state.
        """

    def put(
        self,
        key: str,
        blocks: Iterable[bytes],
        *,
        size: int,
        sha256: str,
        metadata: Mapping[str, str] | None = None,
        instead_of: str = "",
        progress: ProgressCallback = no_progress,
    ) -> StoredCopy:
        """Store bytes under a key, in one request or in parts, whole or not at all; never overwrite another object.

        What is there already with the same bytes counts as stored; it is read to know that.

        Args:
            key: Where to.
            blocks: The bytes; they are read once.
            size: How many there are.
            sha256: Of all of them, hexadecimal; the storage and we hold the bytes against it.
            metadata: Facts kept with the object where the storage can.
            instead_of: Tag of the one object that may be overwritten, because it is damaged; at every moment there
                is either that one or the new one.
            progress: Told of bytes; what it raises stops it.

        Returns:
            The copy, with the proof that was really made.

        Raises:
            ObjectExists: Another object has the key.
            StoredObjectChanged: The object that may be overwritten is another one by now.
            DamagedInTransit, UploadSourceChanged: The bytes are not those of the digest; nothing is stored.
            StorageError: One of its other classes, by state.
        """

    def replace(self, key: str, content: bytes, *, metadata: Mapping[str, str] | None = None) -> None:
        """Put a small document under a key, in place of the one before, whole or not at all.

        Raises:
            StorageError: One of its classes, by state.
        """

    def prove(self, key: str, *, size: int, sha256: str, progress: ProgressCallback = no_progress) -> Proof:
        """Read an object whole and compare it.

        Raises:
            StoredBytesDiffer: Other bytes are stored.
            StoredObjectMissing: Nothing is.
            StorageError: One of its other classes, by state.
        """

    def delete(self, keys: Collection[str]) -> None:
        """Remove objects; one that is gone already is no error.

        Raises:
            StorageError: One of its classes, by state; those that are left can be removed later.
        """

    def remove(self, key: str, etag: str) -> bool:
        """Remove an object, if it is still the one that has this tag: what came in its place is never touched.

        A bucket whose service overlooks conditions is asked right before.

        Args:
            key: Its key.
            etag: The tag that it must have.

        Returns:
            Whether it was removed; False where another has its key, or none.

        Raises:
            StorageError: One of its classes, by state.
        """
