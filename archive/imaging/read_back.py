# SPDX-License-Identifier: Apache-2.0
"""Reading a file again that was just written, from the disk and not from memory."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

_BLOCK = 1 << 20
_BLOCKS = 4
"""Blocks in memory: one is read while the others are digested."""


_KEPT_IN_CACHE = 4 * _BLOCK
"""Bytes that may gather in the page cache while they are read: using the same memory again costs the least."""


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What was found in a file on disk.

    Attributes:
        size: Bytes.
        sha256: SHA-256 of the file, in lower-case hexadecimal.
        md5: MD5 of the file.
        part_sha256: SHA-256 of the part that was asked for.
    """

    size: int
    sha256: str
    md5: str
    part_sha256: str


def read_back(file: IO[bytes], part: range = range(0)) -> ReadBack:
    """Bring a file to disk, drop it from the page cache where the system can, and digest it again.

    The file is read once. Each digest is taken in a thread of its own, because MD5 alone takes longer
    than a good disk; memory stays at a few blocks.

    Args:
        file: The file, open for reading and writing; its position is left undefined.
        part: The bytes that are digested for themselves as well.

    Raises:
        OSError: The disk is full or failing.
    """
    file.flush()
    os.fsync(file.fileno())
    _drop_from_cache(file)
    running = [hashlib.new(name, usedforsecurity=False) for name in ("sha256", "md5", "sha256")]
    size = 0
    with ExitStack() as stack:
        # one thread a digest keeps its blocks in order
        threads = [stack.enter_context(ThreadPoolExecutor(1)) for _ in running]
        under_way: deque[_Digesting] = deque()
        while True:
            buffer = _free_buffer(under_way)
            count = os.preadv(file.fileno(), [buffer], size)
            if not count:
                break
            block = buffer[:count]
            inner = block[max(0, part.start - size) : max(0, part.stop - size)]
            work = [
                thread.submit(digest.update, wanted)
                for thread, digest, wanted in zip(threads, running, (block, block, inner), strict=True)
            ]
            under_way.append(_Digesting(buffer, work))
            size += count
            if size % _KEPT_IN_CACHE == 0:
                _drop_from_cache(file, size)
        for digesting in under_way:
            digesting.done()
    sha256, md5, part_sha256 = (digest.hexdigest() for digest in running)
    return ReadBack(size, sha256, md5, part_sha256)


def _drop_from_cache(file: IO[bytes], end: int = 0) -> None:
    """Drop the pages of a file up to an offset, or all, from the page cache, where the system can."""
    if hasattr(os, "posix_fadvise"):
        # only clean pages are dropped (posix_fadvise(2)), which the fsync has made them
        os.posix_fadvise(file.fileno(), 0, end, os.POSIX_FADV_DONTNEED)


def _free_buffer(under_way: deque[_Digesting]) -> memoryview:
    if len(under_way) < _BLOCKS:
        return memoryview(bytearray(_BLOCK))
    return under_way.popleft().done()


@dataclass(frozen=True, slots=True)
class _Digesting:
    """A block whose digests are being taken."""

    buffer: memoryview
    work: list[Future[None]]

    def done(self) -> memoryview:
        """The block's memory, when all have finished with it."""
        for each in self.work:
            each.result()
        return self.buffer
