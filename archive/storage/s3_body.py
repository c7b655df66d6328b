# SPDX-License-Identifier: Apache-2.0
"""A stretch of a file as the body of a request, digested as it is sent."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import IO

from archive.storage.bandwidth import Bandwidth


class PartBody(io.RawIOBase):
    """A stretch of an open file as a body for boto3, with the digest of what was really sent of it.

    Args:
        file: The file, which is not closed with the body.
        start: First byte.
        size: Bytes.
        bandwidth: The limit that holds while it is sent.
        may_change: Whether the file is another's, so that what is sent must be digested.
    """

    def __init__(
        self,
        file: IO[bytes],
        start: int,
        size: int,
        bandwidth: Bandwidth | None = None,
        *,
        may_change: bool = True,
    ) -> None:
        super().__init__()
        self._bandwidth = bandwidth or Bandwidth()
        self.is_sent = True
        self._may_change = may_change
        self._file = file
        self._start = start
        self._size = size
        self._digest = hashlib.sha256()
        self.seek(0)

    def __len__(self) -> int:
        return self._size

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always: a request that is signed or sent again is read again."""
        return True

    def tell(self) -> int:
        """Position within the part."""
        return self._file.tell() - self._start

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move within the part; going to its start begins the digest anew."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell(), io.SEEK_END: self._size}[whence]
        if base + offset == 0:
            self._digest = hashlib.sha256()
        self._file.seek(self._start + base + offset)
        return self.tell()

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes of the part."""
        left = max(self._size - self.tell(), 0)
        block = self._file.read(left if size is None or size < 0 else min(size, left))
        if self.is_sent:
            # not where it is only read for the signature, which has a digest of its own
            if self._may_change:
                self._digest.update(block)
            self._bandwidth.take(len(block))
        return block

    def sha256(self) -> str:
        """Digest of what was sent since the part's start, hexadecimal."""
        return self._digest.hexdigest()


class PartOfFile(PartBody):
    """A stretch of a file that is opened for it, and closed with it.

    Args:
        source: The file.
        start: First byte.
        size: Bytes.
        bandwidth: The limit that holds while it is sent.
    """

    def __init__(self, source: Path, start: int, size: int, bandwidth: Bandwidth | None = None) -> None:
        super().__init__(source.open("rb", buffering=0), start, size, bandwidth)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
