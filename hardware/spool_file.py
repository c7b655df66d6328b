# SPDX-License-Identifier: Apache-2.0
"""One raw file in the making: bytes come in from the driver, and a thread beside it writes and digests them."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from hardware.spool import part_path, spool_errors

PIXEL_OFFSET = 4096
"""Bytes left free in front of the pixels of a page: the header of a file format finds its place there, and the
pixels need not be copied. A whole block of common file systems, so that writing the header later rewrites no
block that holds pixels."""

_CHUNK = 1 << 20
"""Bytes written and digested at once: long enough that the thread's work outweighs handing it over."""

_CHUNKS = 4
"""Chunks in memory: one is filled while the others are written."""

_WRITE_OUT = 8 * _CHUNK
"""Bytes after which the system is told to bring them to disk, so that the last sync is short."""


class SpoolFile:
    """One raw file: `<page>.raw.part` until `commit`.

    What is written may reach the file a few chunks later, in another thread; an error of the disk is
    raised by the next call that notices it, at the latest by `flush` or `commit`.

    Args:
        destination: Its name in the end; a file of that name is replaced.
        offset: Bytes left free, as zeros, before the first byte that is written.

    Raises:
        SpoolFull: Here and in all methods: the disk does not take it.
    """

    def __init__(self, destination: Path, offset: int = 0) -> None:
        self.destination = destination
        self.part = part_path(destination)
        self.offset = offset
        self.size = 0
        self._digest = hashlib.sha256(usedforsecurity=False)
        self._stored = offset
        self._written_out = 0
        self._chunk: memoryview | None = None
        self._filled = 0
        self._thread: ThreadPoolExecutor | None = None
        self._under_way: deque[tuple[Future[None], memoryview]] = deque()
        with spool_errors(self.part):
            destination.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.part.open("wb", buffering=0)
            self._file.seek(offset)

    @property
    def sha256(self) -> str:
        """SHA-256 of all bytes written, in lower-case hexadecimal; known after `flush`."""
        return self._digest.hexdigest()

    def write(self, block: bytes | memoryview) -> None:
        """Append bytes; the block may be used for others afterwards."""
        with memoryview(block) as view:
            done = 0
            while done < len(view):
                chunk = self._chunk or self._free_chunk()
                taken = min(len(view) - done, _CHUNK - self._filled)
                chunk[self._filled : self._filled + taken] = view[done : done + taken]
                done += taken
                self._filled += taken
                if self._filled == _CHUNK:
                    self._hand_over(chunk)
            self.size += done

    def _free_chunk(self) -> memoryview:
        if len(self._under_way) < _CHUNKS - 1:
            self._chunk = memoryview(bytearray(_CHUNK))
        else:
            self._chunk = self._oldest()
        return self._chunk

    def _hand_over(self, chunk: memoryview) -> None:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._under_way.append((self._thread.submit(self._store, chunk), chunk))
        self._chunk, self._filled = None, 0

    def _oldest(self) -> memoryview:
        """The chunk that was handed over first, when it has been stored."""
        stored, chunk = self._under_way.popleft()
        with spool_errors(self.part):
            stored.result()
        return chunk

    def _store(self, chunk: memoryview) -> None:
        done = 0
        while done < len(chunk):
            # a full disk may take the first half of a chunk without an error
            done += self._file.write(chunk[done:]) or 0
        self._digest.update(chunk)
        self._stored += len(chunk)
        if self._stored - self._written_out >= _WRITE_OUT:
            with suppress(OSError):  # advice: where it is not taken, the sync at the end takes longer
                # what is not on disk yet is on its way there from now on, what is there makes room
                # for what follows (posix_fadvise(2)): using the same memory again costs least
                os.posix_fadvise(self._file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            self._written_out = self._stored

    def flush(self) -> None:
        """Wait until all bytes are in the file, though not yet on disk; gives the memory back."""
        try:
            while self._under_way:
                self._oldest()
            if self._chunk is not None:
                with spool_errors(self.part):
                    self._store(self._chunk[: self._filled])
                self._chunk, self._filled = None, 0
        finally:
            self._end_thread()

    def commit(self) -> Path:
        """Bring the file to disk under its name."""
        self.flush()
        with spool_errors(self.destination):
            os.fsync(self._file.fileno())
            self._file.close()
            self.part.replace(self.destination)
            descriptor = os.open(self.destination.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        return self.destination

    def discard(self) -> None:
        """Leave nothing behind; does nothing after `commit`."""
        self._end_thread()
        self._under_way.clear()
        if not self._file.closed:
            self._file.close()
        self.part.unlink(missing_ok=True)

    def _end_thread(self) -> None:
        if self._thread is not None:
            self._thread.shutdown(cancel_futures=True)
            self._thread = None
