# SPDX-License-Identifier: Apache-2.0
"""Files of a directory target: read back from the disk, and the state that an error of theirs tells."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from archive.digests import BLOCK, DigestSet
from archive.errors import (
    StorageError,
    StorageFull,
    StorageUnreachable,
    StoredBytesDiffer,
    UploadSourceChanged,
)
from archive.progress_meter import ProgressMeter

SPARE = 1 << 20
"""Bytes to leave free: the file system needs some for the name itself."""

_STALE = frozenset({errno.ESTALE, errno.EIO, errno.ETIMEDOUT, errno.EHOSTDOWN})


def make_folder(folder: Path) -> None:
    """Make the folder of a stored file, with all above it.

    Raises:
        OSError: It cannot be made; NotADirectoryError where a file has its place.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        # said as it is, this would be taken for the object that is to be stored
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from error


def require_room(folder: Path, key: str, size: int) -> None:
    """Refuse what cannot fit, before its first byte.

    Raises:
        StorageFull: The file system has too little room.
    """
    free, needed = shutil.disk_usage(folder).free, size + SPARE
    if free < needed:
        raise StorageFull(
            f"{folder} has {free} bytes free, and {key} needs {needed}.", free=free, needed=needed
        )


def prove_written(file: IO[bytes], path: Path, sha256: str) -> None:
    """Bring an open file to the disk and read it back from there.

    Raises:
        StoredBytesDiffer: The disk gives back other bytes than were written.
        OSError: It cannot be written or read.
    """
    file.flush()
    os.fsync(file.fileno())
    forget_cached(file)
    file.seek(0)
    if digest_of(blocks_of(file)).hexdigests()["sha256"] != sha256:
        raise StoredBytesDiffer(
            f"{path.parent} gave back other bytes for {path.name} than were written.", path=str(path)
        )


def blocks_of(file: IO[bytes]) -> Iterator[bytes]:
    """An open file from here to its end."""
    while block := file.read(BLOCK):
        yield block


def blocks_of_source(source: Path) -> Iterator[bytes]:
    """A file that is to be stored, so that its own errors are not taken for those of the storage.

    Raises:
        UploadSourceChanged: It cannot be read to its end.
    """
    try:
        with source.open("rb") as file:
            yield from blocks_of(file)
    except OSError as error:
        raise UploadSourceChanged(
            f"{source} cannot be read: {error.strerror or error}.", path=str(source)
        ) from error


def digest_of(
    blocks: Iterable[bytes], meter: ProgressMeter | None = None, copy_to: IO[bytes] | None = None
) -> DigestSet:
    """The SHA-256 of blocks, which may be copied on the way."""
    digests = DigestSet(["sha256"])
    for block in blocks:
        if copy_to is not None:
            copy_to.write(block)
        digests.update(block)
        if meter is not None:
            meter.advance(len(block))
    return digests


def forget_cached(file: IO[bytes]) -> None:
    """Have the next reading come from the disk, as far as the kernel grants it."""
    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def refusal(path: Path, error: OSError) -> StorageError:
    """The state behind an error of the operating system."""
    message = f"{path} cannot be written or read: {error.strerror or error}."
    if error.errno in _STALE:
        return StorageUnreachable(
            message,
            consequence="Nothing was stored under this name, and nothing half-written counts.",
            remedy="Check the disk, its cable or the network share; the work is tried again by itself.",
            path=str(path),
        )
    return StorageFull(message, path=str(path))
