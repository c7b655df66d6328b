# SPDX-License-Identifier: Apache-2.0
"""Storing a stream whose bytes are made as they go: what every target gives to write to, and what comes of it."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from typing import Protocol

from archive.errors import ObjectExists, StoredBytesDiffer
from archive.progress import ProgressCallback
from archive.storage.target import StorageTarget, StoredCopy


@dataclass(frozen=True, slots=True)
class StoredStream:
    """A stream that is stored whole.

    Attributes:
        copy: Where it is, its size and digest, and what is proved of it.
        part_size: Bytes of each part but the last.
        part_sha256: Of each part, hexadecimal, in order; empty where it was only compared.
        already_there: Whether the very same bytes stood there before.
    """

    copy: StoredCopy
    part_size: int
    part_sha256: tuple[str, ...]
    already_there: bool = False


class StreamUpload(Protocol):
    """A stream on its way into a target. Leaving its context without `finish` makes no object of it."""

    def write(self, block: bytes) -> None:
        """Take the next bytes; waits while too many are on their way.

        Raises:
            StorageError: By its state; nothing stands under the key.
        """

    def finish(self) -> StoredStream:
        """All bytes were written: give them their name, unless another object has it.

        Raises:
            ObjectExists: Another object took the key meanwhile.
            StorageError: One of its classes, by state.
        """


class ComparedStream:
    """Takes a stream for a key that is taken already: the same bytes are a success, others are refused.

    Args:
        target: Where the key is taken.
        copy: Key and address of what stands there.
        progress: Told of bytes read back.
    """

    def __init__(self, target: StorageTarget, copy: StoredCopy, progress: ProgressCallback) -> None:
        self._target = target
        self._copy = copy
        self._progress = progress
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, block: bytes) -> None:
        """Digest the next bytes."""
        self._digest.update(block)
        self._size += len(block)

    def finish(self) -> StoredStream:
        """Read what is stored back and hold it against what was written.

        Raises:
            ObjectExists: It is something else.
        """
        written = dataclasses.replace(self._copy, size=self._size, sha256=self._digest.hexdigest())
        return StoredStream(same_as_stored(self._target, written, self._progress), 0, (), already_there=True)


def same_as_stored(target: StorageTarget, written: StoredCopy, progress: ProgressCallback) -> StoredCopy:
    """The stored copy, proved, where it is byte for byte what was written.

    Raises:
        ObjectExists: It is something else.
    """
    try:
        return target.confirm(written, progress)
    except StoredBytesDiffer as error:
        raise ObjectExists(
            f"{written.url} exists already and holds something else.", url=written.url
        ) from error
