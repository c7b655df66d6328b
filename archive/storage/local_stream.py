# SPDX-License-Identifier: Apache-2.0
"""A stream into a directory: under a temporary name until all of it is on disk and read back."""

from __future__ import annotations

import dataclasses
import hashlib
from contextlib import ExitStack
from pathlib import Path

from archive.durable import durable_file
from archive.progress import ProgressCallback
from archive.progress_meter import ProgressMeter
from archive.storage.local_file import make_folder, prove_written, refusal, require_room
from archive.storage.stream_upload import StoredStream, same_as_stored
from archive.storage.target import StorageTarget, StoredCopy
from archive.unfinished_files import remove_unfinished


class _Dropped(Exception):
    """The stream was left before its end."""


class LocalStream:
    """A new file of a directory target.

    Args:
        target: The directory.
        destination: The file's path.
        copy: Its key and address.
        part_size: Bytes of each part whose digest is taken.
        expected_size: Bytes that there must be room for.
        progress: Told of bytes; what it raises stops the stream.

    Raises:
        StorageFull, StorageUnreachable: The file cannot be begun.
    """

    def __init__(
        self,
        target: StorageTarget,
        destination: Path,
        copy: StoredCopy,
        part_size: int,
        expected_size: int,
        progress: ProgressCallback,
    ) -> None:
        self._target = target
        self._destination = destination
        self._copy = copy
        self._part_size = part_size
        self._progress = progress
        self._meter = ProgressMeter(progress, f"Storing {copy.key}", expected_size)
        self._digest = hashlib.sha256()
        self._size = 0
        self._stack = ExitStack()
        try:
            make_folder(destination.parent)
            remove_unfinished(destination)
            require_room(destination.parent, copy.key, expected_size)
            self._file = self._stack.enter_context(durable_file(destination, overwrite=False))
        except OSError as error:
            raise refusal(destination, error) from error
        self._meter.start()

    def write(self, block: bytes) -> None:
        """Write the next bytes; errors as `StreamUpload.write`."""
        try:
            self._file.write(block)
        except OSError as error:
            raise refusal(self._destination, error) from error
        self._digest.update(block)
        self._size += len(block)
        self._meter.advance(len(block))

    def finish(self) -> StoredStream:
        """Read everything back and give it its name; errors as `StreamUpload.finish`."""
        sha256 = self._digest.hexdigest()
        stored = dataclasses.replace(self._copy, size=self._size, sha256=sha256)
        try:
            prove_written(self._file, self._destination, sha256)
            self._stack.close()
        except FileExistsError:
            # somebody else was faster: theirs must be the same bytes
            same = same_as_stored(self._target, stored, self._progress)
            return StoredStream(same, 0, (), already_there=True)
        except OSError as error:
            raise refusal(self._destination, error) from error
        self._meter.finish()
        return StoredStream(stored, self._part_size, ())

    def drop(self) -> None:
        """Remove what was written, unless it was finished."""
        self._stack.__exit__(_Dropped, _Dropped(), None)
