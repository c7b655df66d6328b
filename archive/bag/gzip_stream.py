# SPDX-License-Identifier: Apache-2.0
"""A gzip file read as the stream inside it: nothing is unpacked to disk, and no bomb goes off."""

from __future__ import annotations

import io
import zlib
from typing import IO

from archive.bag.contents import BLOCK

LARGEST_RATIO = 200
"""Bytes out for each byte in that are believed; pages pack to a few to one, bilevel ones to some tens."""

ALWAYS_ALLOWED = 1 << 30
"""Bytes out that are read whatever the ratio: a short stream of blank pages is no bomb."""

_KEPT = 1 << 16
"""Bytes behind the position that can be read again without starting over."""

_GZIP = zlib.MAX_WBITS | 16


class StreamDamaged(OSError):
    """The gzip stream breaks off, or its bytes are not those that were packed."""


class StreamBomb(OSError):
    """The stream unpacks to more than its packed size can honestly hold."""


class GzipStream(io.RawIOBase):
    """What a gzip file holds, several streams one after the other included (RFC 1952, section 2.2).

    Reading is sequential. Going back further than a little starts over from the first byte.

    Args:
        packed: The gzip file, seekable.
    """

    def __init__(self, packed: IO[bytes]) -> None:
        super().__init__()
        self._packed = packed
        size = packed.seek(0, io.SEEK_END)
        self._most = max(ALWAYS_ALLOWED, size * LARGEST_RATIO)
        self._restart()

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always, and backwards at a price."""
        return True

    def tell(self) -> int:
        """Position in what was packed."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; beyond the end means to the end.

        Raises:
            StreamDamaged, StreamBomb: As `read`.
        """
        if whence != io.SEEK_SET:
            raise io.UnsupportedOperation("only positions from the start are known")
        if offset < self._start:
            self._restart()
        while offset > self._start + len(self._window):
            self._position = self._start + len(self._window)
            if not self._unpack():
                break
        self._position = min(offset, self._start + len(self._window))
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes, fewer only at the end.

        Raises:
            StreamDamaged: The stream cannot be unpacked further.
            StreamBomb: More has come out than is believed.
        """
        if size is None or size < 0:
            raise io.UnsupportedOperation("the whole stream is never held in memory")
        pieces: list[bytes] = []
        while size:
            here = self._position - self._start
            piece = bytes(self._window[here : here + size])
            if not piece and not self._unpack():
                break
            self._position += len(piece)
            size -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def _restart(self) -> None:
        self._packed.seek(0)
        self._stream = zlib.decompressobj(_GZIP)
        self._window = b""
        self._start = 0
        self._position = 0
        self._begun = False

    def _unpack(self) -> bool:
        """Let the window hold the next bytes after the position; False at the end of the file."""
        while True:
            packed = self._stream.unconsumed_tail or self._packed.read(1 << 16)
            if not packed:
                if self._begun or not self._start + len(self._window):
                    raise StreamDamaged("the gzip stream breaks off")
                return False
            if not self._begun and self._start + len(self._window) and not packed.strip(b"\0"):
                continue  # tape drives fill up with zeros
            if self._take(packed):
                return True

    def _take(self, packed: bytes) -> bool:
        """Unpack some bytes; whether anything came out."""
        self._begun = True
        try:
            fresh = self._stream.decompress(packed, BLOCK)
        except zlib.error as error:
            raise StreamDamaged(f"the gzip stream is damaged: {error}") from error
        if self._stream.eof:
            self._packed.seek(-len(self._stream.unused_data), io.SEEK_CUR)
            self._stream = zlib.decompressobj(_GZIP)
            self._begun = False
        kept = self._window[-_KEPT:]
        self._start += len(self._window) - len(kept)
        self._window = kept + fresh
        if self._start + len(self._window) > self._most:
            raise StreamBomb(f"it unpacks to more than {self._most} bytes, which its size cannot hold")
        return bool(fresh)
