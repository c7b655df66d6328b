# SPDX-License-Identifier: Apache-2.0
"""A file below a directory place that is being read, and must stay the file that was opened."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from archive.errors import AccessRefused, StorageError, StoredObjectChanged, StoredObjectMissing
from archive.storage.local_file import refusal


def etag_of(found: os.stat_result) -> str:
    """The tag of a file, made of its size and of the time of its last change."""
    return f"{found.st_size:x}-{found.st_mtime_ns:x}"


def reading_refusal(path: Path, error: OSError) -> StorageError:
    """The state behind an error of the operating system while something is read or removed."""
    if isinstance(error, PermissionError):
        return AccessRefused(
            f"{path} may not be read or changed: {error.strerror or error}.",
            consequence="Nothing there was touched.",
            remedy="Grant the account that Recto runs as the right to read and write there.",
            path=str(path),
        )
    return refusal(path, error)


class DirectoryReader:
    """An open file, as `ObjectReader`.

    Links are not followed: who may put a file here must not make us read one elsewhere.

    Args:
        path: The file.
        etag: The tag that it must have; "" for any.

    Raises:
        StoredObjectMissing: There is no such file.
        StoredObjectChanged: It has another tag.
        StorageError: One of its other classes, by state.
    """

    def __init__(self, path: Path, etag: str = "") -> None:
        self._path = path
        try:
            # a pipe without a writer would be waited for
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise self._refusal(error) from error
        self._file = os.fdopen(descriptor, "rb", buffering=0)
        self._opened = os.fstat(descriptor)
        self.size = self._opened.st_size
        try:
            if not stat.S_ISREG(self._opened.st_mode):
                raise _missing(path)
            if etag and etag_of(self._opened) != etag:
                raise _changed(path)
        except StorageError:
            self.close()
            raise

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; errors as `ObjectReader.read`."""
        try:
            content = self._file.read(size) or b""
        except OSError as error:
            raise self._refusal(error) from error
        self._refuse_another()
        return content

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go on from another byte."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The byte that comes next."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _refuse_another(self) -> None:
        """Raise where the name no longer means the file that was opened, or it was written to."""
        try:
            now = os.stat(self._path, follow_symlinks=False)  # noqa: PTH116 - Path.lstat makes a path each time
        except OSError as error:
            raise self._refusal(error) from error
        if (now.st_dev, now.st_ino, etag_of(now)) != (
            self._opened.st_dev,
            self._opened.st_ino,
            etag_of(self._opened),
        ):
            raise _changed(self._path)

    def _refusal(self, error: OSError) -> StorageError:
        if isinstance(error, FileNotFoundError | NotADirectoryError | IsADirectoryError):
            return _missing(self._path)
        if self._path.is_symlink():
            return _missing(self._path)
        return reading_refusal(self._path, error)


def _missing(path: Path) -> StoredObjectMissing:
    return StoredObjectMissing(f"There is no file {path}.", path=str(path))


def _changed(path: Path) -> StoredObjectChanged:
    return StoredObjectChanged(f"{path} is not the file any more that was to be read.", path=str(path))
