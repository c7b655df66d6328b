# SPDX-License-Identifier: Apache-2.0
"""Where the bytes of a bag go: into a tar stream, into a folder, or against one that exists already."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Protocol

from archive.bag.tar_headers import FILE_MODE, FOLDER_MODE, TarHeaders
from archive.durable import sync_directory
from archive.errors import BagExists


class BagSink(Protocol):
    """Takes the files of a bag in their final order. Paths are inside the bag, with slashes."""

    def add_folder(self, path: str) -> None:
        """Make a folder, "" being the top."""

    def add_file(self, path: str, size: int, blocks: Iterable[bytes]) -> None:
        """Take a file, whose blocks add up to `size` bytes."""

    def finish(self) -> None:
        """Everything has been added."""


class TarSink:
    """A deterministic POSIX pax tar: equal files in, equal bytes out.

    Owner and group are 0 without names, modes are fixed, all times are `mtime`. Pax records appear
    only where a name or size does not fit the ustar header.

    Args:
        write: Takes the next bytes of the tar.
        top: The one folder at its top.
        mtime: Seconds since 1970, for every member.
    """

    def __init__(self, write: Callable[[bytes], None], top: str, mtime: int) -> None:
        self._write = write
        self._top = top
        self._headers = TarHeaders(mtime)
        self._size = 0

    def add_folder(self, path: str) -> None:
        """Make a folder, "" being the top."""
        self._put(self._headers.of_folder(f"{self._top}/{path}" if path else self._top))

    def add_file(self, path: str, size: int, blocks: Iterable[bytes]) -> None:
        """Take a file."""
        self._put(self._headers.of_file(f"{self._top}/{path}", size))
        for block in blocks:
            self._put(block)
        if size % tarfile.BLOCKSIZE:
            self._put(bytes(-size % tarfile.BLOCKSIZE))

    def finish(self) -> None:
        """End the archive: two zero blocks, then zeros to a full record, as POSIX asks."""
        self._put(bytes(2 * tarfile.BLOCKSIZE))
        self._put(bytes(-self._size % tarfile.RECORDSIZE))

    def _put(self, block: bytes) -> None:
        self._size += len(block)
        self._write(block)


class ExistingFile:
    """Takes the bytes of a file that exists already, and refuses the first that differs.

    Args:
        file: The existing file, open at its start.
        path: Its path, for the message.
    """

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file = file
        self._path = path

    def write(self, block: bytes) -> None:
        """Compare the next bytes.

        Raises:
            BagExists: They differ.
        """
        if self._file.read(len(block)) != block:
            raise different(self._path)

    def finish(self) -> None:
        """Nothing may follow.

        Raises:
            BagExists: Something does.
        """
        if self._file.read(1):
            raise different(self._path)


class FolderSink:
    """Writes the files of a bag below a folder that nobody else uses yet, each fsynced.

    Args:
        root: An existing empty folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders = {root}

    def add_folder(self, path: str) -> None:
        """Make a folder with all above it."""
        folder = self._root / path
        for ancestor in [*reversed(folder.parents), folder]:
            if ancestor.is_relative_to(self._root) and ancestor not in self._folders:
                ancestor.mkdir(mode=FOLDER_MODE)
                self._folders.add(ancestor)

    def add_file(self, path: str, size: int, blocks: Iterable[bytes]) -> None:  # noqa: ARG002
        """Write a file."""
        self.add_folder(path.rpartition("/")[0])
        with (self._root / path).open("xb") as file:
            for block in blocks:
                file.write(block)
            file.flush()
            os.fchmod(file.fileno(), FILE_MODE)
            os.fsync(file.fileno())

    def finish(self) -> None:
        """Make the names durable."""
        for folder in self._folders:
            sync_directory(folder)


class ExistingFolder:
    """Compares the files of a bag with a folder that exists already.

    Args:
        root: The existing folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen: set[Path] = set()

    def add_folder(self, path: str) -> None:
        """The folder must be there.

        Raises:
            BagExists: It is not.
        """
        if not (self._root / path).is_dir():
            raise different(self._root)

    def add_file(self, path: str, size: int, blocks: Iterable[bytes]) -> None:
        """The file must be there with the same bytes.

        Raises:
            BagExists: It is not.
        """
        there = self._root / path
        if there.is_symlink() or not there.is_file() or there.stat().st_size != size:
            raise different(self._root)
        self._seen.add(there)
        with there.open("rb") as file:
            existing = ExistingFile(file, self._root)
            for block in blocks:
                existing.write(block)
            existing.finish()

    def finish(self) -> None:
        """Nothing else may be there.

        Raises:
            BagExists: Something is.
        """
        if {path for path in self._root.rglob("*") if path.is_symlink() or not path.is_dir()} != self._seen:
            raise different(self._root)


def different(path: Path) -> BagExists:
    """The error for a bag that stands there and is not byte for byte the one to be written."""
    return BagExists(
        f"{path} exists already, and is not byte for byte the bag to be written.", path=str(path)
    )
