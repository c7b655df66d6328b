# SPDX-License-Identifier: Apache-2.0
"""From the spool file of a page to its master: the same file under a second name, or else a copy."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archive.durable import NO_LINKS, durable_file
from archive.errors import PixelDigestMismatch
from archive.imaging.master_layout import MasterLayout
from archive.imaging.raw_page import RawPage
from archive.imaging.read_back import ReadBack, read_back

_BLOCK = 1 << 20

_ONLY_A_COPY = NO_LINKS | {errno.EXDEV, errno.ENOENT}
"""What link(2) answers where the spool file cannot have the master's name: the last where /proc is not mounted,
or where the file has lost its own name meanwhile."""


def become_master(raw: RawPage, destination: Path, layout: MasterLayout) -> ReadBack | None:
    """Give a spool file the header and the directory of a TIFF, prove it, and link it to the master's name.

    No byte of the pixels is written or moved. The spool file keeps its name until its owner removes
    it, so a process that is killed anywhere in here leaves the page as it was: what it wrote around
    the pixels is written again.

    Args:
        raw: The page.
        destination: The master's path.
        layout: What stands around the pixels.

    Returns:
        What was read back, or None where the page has to be copied: its file has no room, is in use
        by somebody else, has a second name already, or lies where no link is possible.

    Raises:
        FileExistsError: `destination` exists.
        PixelDigestMismatch: The pixels read back differ from those delivered; there is no master.
        OSError: The disk is full or failing; there is no master.
    """
    if not raw.has_room:
        return None
    destination.parent.mkdir(parents=True, exist_ok=True)
    with _ours_alone(raw.path, destination.parent) as file:
        if file is None:
            return None
        # what a killed writer left may end behind ours
        file.truncate(raw.end)
        _write_at(file, layout.tail, layout.tail_offset)
        _write_at(file, layout.head, 0)
        os.fchmod(file.fileno(), 0o644)
        found = read_back(file, range(raw.pixel_offset, raw.end))
        require_pixels(raw, destination, found, None)
        return found if _link(file, destination) else None


@contextmanager
def _ours_alone(spool: Path, folder: Path) -> Iterator[IO[bytes] | None]:
    """Open a spool file for writing, or None where somebody else may have to do with its bytes.

    A file that may only be read is another user's. One with two names may be a master already. One that is locked is in the hands of a worker
    that has lost its claim and does not know it yet.
    """
    try:
        opened = spool.open("r+b", buffering=0)
    except PermissionError:
        yield None
        return
    with opened as file:
        if os.fstat(file.fileno()).st_dev != folder.stat().st_dev:
            yield None
            return
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield None
            return
        # asked under the lock: a second name is given under it too
        yield file if os.fstat(file.fileno()).st_nlink == 1 else None


def _write_at(file: IO[bytes], content: bytes, offset: int) -> None:
    done = 0
    while done < len(content):
        done += os.pwrite(file.fileno(), content[done:], offset + done)


def _link(file: IO[bytes], destination: Path) -> bool:
    """Give an open file a second name; False where that cannot be. A name that cannot be made to last is none."""
    folder = os.open(destination.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # the file that was proved, whatever stands under its first name now (open(2), linkat(2))
        os.link(f"/proc/self/fd/{file.fileno()}", destination.name, dst_dir_fd=folder, follow_symlinks=True)
    except OSError as error:
        os.close(folder)
        if error.errno in _ONLY_A_COPY:
            return False
        raise
    try:
        os.fsync(folder)
    except OSError:
        os.unlink(destination.name, dir_fd=folder)
        raise
    finally:
        os.close(folder)
    return True


def copy_to_master(raw: RawPage, destination: Path, layout: MasterLayout) -> ReadBack:
    """Write a page's master as a file of its own, and prove it; the spool file is only read.

    Args:
        raw: The page.
        destination: The master's path.
        layout: What stands around the pixels.

    Raises:
        FileExistsError: `destination` exists.
        PixelDigestMismatch: The pixels read back differ from those delivered; no file is left.
        OSError: The disk is full or failing; no file is left.
    """
    with durable_file(destination, overwrite=False) as file:
        file.write(layout.head)
        spooled = _copy_pixels(raw, file)
        file.seek(layout.tail_offset)
        file.write(layout.tail)
        found = read_back(file, range(layout.pixel_offset, layout.pixel_offset + raw.size))
        require_pixels(raw, destination, found, spooled)
    return found


def _copy_pixels(raw: RawPage, file: IO[bytes]) -> str:
    """Copy the rows; returns their SHA-256 as they left the spool."""
    digest = hashlib.sha256(usedforsecurity=False)
    left = raw.size
    with raw.path.open("rb") as spool:
        spool.seek(raw.pixel_offset)
        while left and (block := spool.read(min(left, _BLOCK))):
            digest.update(block)
            file.write(block)
            left -= len(block)
    return digest.hexdigest()


def require_pixels(raw: RawPage, destination: Path, found: ReadBack, spooled: str | None) -> None:
    """Refuse a master whose pixels, as they were read back, are not those that the scanner delivered.

    Args:
        raw: The page.
        destination: The master's path.
        found: What was read back; its part is the pixels.
        spooled: Digest of the pixels as they left the spool, or None where they never did.

    Raises:
        PixelDigestMismatch: They differ.
    """
    if found.part_sha256 == raw.pixel_sha256:
        return
    if spooled is None:
        culprit = "the disk holds others"
    elif spooled == raw.pixel_sha256:
        culprit = "the disk returned other bytes"
    else:
        culprit = "the spool file changed after the scan"
    raise PixelDigestMismatch(
        f"The pixels of {destination.name} are not those that the scanner delivered: {culprit}.",
        path=str(destination),
        delivered=raw.pixel_sha256,
        spooled=spooled,
        read_back=found.part_sha256,
    )
