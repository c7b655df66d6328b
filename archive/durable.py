# SPDX-License-Identifier: Apache-2.0
"""Writing files so that a power cut leaves either the old state or the new one, never half of it."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archive.unfinished_files import mark_alive

NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What link(2) answers where a file cannot have a second name."""


def sync_directory(directory: Path) -> None:
    """Make renames in a directory durable (POSIX rename(2) alone survives a crash only after this)."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def durable_file(destination: Path, *, overwrite: bool = True, mode: int = 0o644) -> Iterator[IO[bytes]]:
    """Open a temporary file beside `destination` that takes its name only when all is on disk.

    On leaving the block without an error the file is flushed, fsynced, renamed to `destination`
    and the directory is fsynced. On an error the temporary file is removed and `destination` is
    as it was before.

    Args:
        destination: The final path; its folder is made when missing.
        overwrite: Whether an existing file may be replaced.
        mode: The rights of the file.

    Yields:
        A binary file, open for reading and writing.

    Raises:
        FileExistsError: `destination` exists and `overwrite` is false.
        OSError: The disk is full, read-only or failing; nothing is left behind.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(
        prefix=f".{destination.name[:100]}.", suffix=".part", dir=destination.parent
    )
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            # what carries no lock is a killed writer's, and may be swept away: so until it has its name
            mark_alive(file.fileno())
            yield file
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
            if overwrite:
                temporary.replace(destination)
                sync_directory(destination.parent)
            else:
                _name_anew(temporary, destination)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _name_anew(temporary: Path, destination: Path) -> None:
    """Give a file a name that nobody has; where that cannot be made to last, the name is free again."""
    try:
        # link(2) fails when the name exists, where rename(2) would silently replace it
        destination.hardlink_to(temporary)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        # exFAT, some network shares: who takes the name between these two lines is not seen
        if destination.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(destination)) from error
        temporary.rename(destination)
    try:
        temporary.unlink(missing_ok=True)
        sync_directory(destination.parent)
    except BaseException:
        destination.unlink(missing_ok=True)
        raise


def write_durably(destination: Path, content: bytes, *, overwrite: bool = True, mode: int = 0o644) -> None:
    """Write a whole small file through `durable_file`."""
    with durable_file(destination, overwrite=overwrite, mode=mode) as file:
        file.write(content)
