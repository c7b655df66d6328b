# SPDX-License-Identifier: Apache-2.0
"""An arriving tar as a file that is read once from its first byte to its last, digested on the way."""

from __future__ import annotations

import hashlib
import io

from archive.digest_threads import DigestThreads
from archive.errors import DamagedInTransit
from archive.storage.place import ObjectReader

BLOCK = 1 << 20
"""Bytes asked for at a time."""

_KEPT = 1 << 16
"""Bytes behind the newest block that can be read again without asking anew: a reader of tars goes back by one."""

_NAME = "the whole bag"


class OnePass(io.RawIOBase):
    """A seekable file over an object of a place that asks for each byte once.

    Moving forward reads on, for the digest needs what lies between. Moving far back asks anew; what is
    read a second time does not count for the digest.

    Args:
        opened: The object.
        threads: Where the digest of the whole is taken.
    """

    def __init__(self, opened: ObjectReader, threads: DigestThreads) -> None:
        super().__init__()
        self._opened = opened
        self._threads = threads
        self._sha256 = hashlib.sha256()
        self._digested = 0
        self._window = b""
        self._start = 0
        self._position = 0
        self.bytes_read = 0

    @property
    def size(self) -> int:
        """Bytes of the whole."""
        return self._opened.size

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always, and far back at a price."""
        return True

    def tell(self) -> int:
        """The byte that comes next."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; beyond the end means to the end.

        Raises:
            StorageError: See `read`.
        """
        if whence != io.SEEK_SET:
            raise io.UnsupportedOperation("only positions from the start are known")
        offset = min(offset, self.size)
        if offset < self._start:
            self._opened.seek(offset)
            self._window, self._start = b"", offset
        while offset > self._end:
            self._fetch()
        self._position = offset
        return offset

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes, fewer only at the end.

        Raises:
            DamagedInTransit: The storage stopped before the end that it had told.
            StorageError: One of its other classes, by state.
        """
        if size is None or size < 0:
            raise io.UnsupportedOperation("the whole is never held in memory")
        left = min(size, self.size - self._position)
        pieces: list[bytes] = []
        while left:
            here = self._position - self._start
            piece = self._window[here : here + left]
            if not piece:
                self._fetch()
                continue
            pieces.append(piece)
            self._position += len(piece)
            left -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def sha256(self) -> str:
        """The digest of the whole in hexadecimal; what was not read yet is read now.

        Raises:
            StorageError: See `read`.
        """
        self.seek(self.size)
        self._threads.wait()
        return self._sha256.hexdigest()

    @property
    def _end(self) -> int:
        return self._start + len(self._window)

    def _fetch(self) -> None:
        """Let the window hold the bytes after it."""
        end = self._end
        block = self._opened.read(min(BLOCK, self.size - end))
        if not block:
            raise DamagedInTransit(
                f"Of {self.size} bytes the storage gave {end}.",
                consequence="The bag was not judged; it lies where it arrived.",
                remedy="Nothing needs doing: it is read again by itself.",
            )
        self.bytes_read += len(block)
        if end + len(block) > self._digested:
            fresh = block[max(0, self._digested - end) :]
            self._threads.hand(_NAME, self._sha256.update, fresh)
            self._digested = end + len(block)
        kept = self._window[-_KEPT:]
        self._start = end - len(kept)
        self._window = kept + block
