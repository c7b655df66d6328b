# SPDX-License-Identifier: Apache-2.0
"""A stream and its upload parts: sizes S3 allows, and the digests of whole and parts in one reading."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.digest_threads import DigestThreads
from archive.digests import BLOCK
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter

DEFAULT_PART_SIZE = 16 << 20
"""Bytes of a part where nothing else is asked: 10,000 of them make 156 GiB."""

SMALLEST_PART = 5 << 20
"""Bytes every part but the last must have (Amazon S3 multipart upload limits)."""

MOST_PARTS = 10_000
"""Parts an upload may have (Amazon S3 multipart upload limits)."""


_LARGE = 1 << 18
"""Bytes that are worth a write and a digest of their own."""

LARGEST_PART = 5 << 30
"""Bytes a part, or an object sent in one request, may have (Amazon S3 multipart upload limits)."""

LARGEST_OBJECT = 5 << 40
"""Bytes an object may have: the 5 TB that every S3 service grants."""


def limit_problem(size: int, part_size: int) -> str | None:
    """Why S3 would not take a file of so many bytes in such parts, or None if it would."""
    if size > LARGEST_OBJECT:
        return f"S3 takes objects of at most {LARGEST_OBJECT} bytes, and this one has {size}"
    if min(size, part_size) > LARGEST_PART:
        return f"S3 takes parts of at most {LARGEST_PART} bytes, not of {part_size}"
    count = part_count(size, part_size)
    if count > MOST_PARTS or (count > 1 and part_size < SMALLEST_PART):
        return (
            f"S3 takes at most {MOST_PARTS} parts of at least {SMALLEST_PART} bytes, "
            f"not {count} of {part_size}"
        )
    return None


def choose_part_size(size: int, smallest: int = DEFAULT_PART_SIZE) -> int:
    """A part size that keeps a stream of up to `size` bytes within the limit of parts.

    Args:
        size: Bytes of the stream.
        smallest: The part size where that is large enough; else whole MiB are given.
    """
    needed = -(-size // MOST_PARTS)
    return smallest if needed <= smallest else -(-needed // (1 << 20)) << 20


def part_count(size: int, part_size: int) -> int:
    """Parts in a stream."""
    return -(-size // part_size)


def composite_sha256(part_sha256: Sequence[str]) -> str:
    """The checksum S3 gives a multipart object: base64 of the SHA-256 over the parts' digests, "-" and their number.

    Args:
        part_sha256: Hexadecimal digests of the parts, in order.
    """
    joined = b"".join(bytes.fromhex(digest) for digest in part_sha256)
    return f"{base64.b64encode(hashlib.sha256(joined).digest()).decode()}-{len(part_sha256)}"


def is_composite_sha256(told: str, part_sha256: Sequence[str]) -> bool:
    """Whether a checksum told by a storage is the composite of these parts; some leave out the number."""
    expected = composite_sha256(part_sha256)
    return told in {expected, expected.rpartition("-")[0]}


@dataclass(frozen=True, slots=True)
class StreamDigests:
    """The digests of a finished stream, lower-case hexadecimal.

    Attributes:
        size: Bytes.
        sha256: Of the whole.
        part_sha256: Of each part, in order; empty where no parts were asked for.
    """

    size: int
    sha256: str
    part_sha256: tuple[str, ...]


class PartedStream:
    """Passes bytes on and takes the digests of the whole and of its parts while they go by.

    Small blocks are gathered before they are passed on, the last of them by `finish`.

    Args:
        write: Takes the bytes.
        part_size: Bytes in every part but the last; 0 where no digests of parts are wanted.
        threads: Where whole and parts are digested, each in a thread of its own; else by the caller.
    """

    def __init__(
        self, write: Callable[[bytes], object], part_size: int, threads: DigestThreads | None = None
    ) -> None:
        self._write = write
        self._threads = threads
        self._whole = _Whole(part_size)
        self._later_parts = _Parts(part_size)
        self._part_size = part_size
        self._gathered: list[bytes] = []
        self._gathered_size = 0
        self._size = 0

    def write(self, block: bytes) -> None:
        """Take the next bytes."""
        if len(block) >= _LARGE:
            self._pass_gathered()
            self._pass(block)
            return
        self._gathered.append(block)
        self._gathered_size += len(block)
        if self._gathered_size >= _LARGE:
            self._pass_gathered()

    def finish(self) -> StreamDigests:
        """Pass on what was gathered, and close the last part."""
        self._pass_gathered()
        if self._threads is not None:
            self._threads.wait()
        whole = self._whole.sha256.hexdigest()
        if not self._part_size or not self._size:
            return StreamDigests(self._size, whole, ())
        return StreamDigests(
            self._size, whole, (self._whole.first_part or whole, *self._later_parts.finish())
        )

    def _pass_gathered(self) -> None:
        if self._gathered:
            block = b"".join(self._gathered)
            self._gathered.clear()
            self._gathered_size = 0
            self._pass(block)

    def _pass(self, block: bytes) -> None:
        in_first = self._part_size - self._size
        self._digest("tar-sha256", self._whole.update, block)
        if self._part_size and in_first < len(block):
            later = memoryview(block)[in_first:] if in_first > 0 else block
            self._digest("part-sha256", self._later_parts.update, later)
        self._write(block)
        self._size += len(block)

    def _digest(self, name: str, update: Callable[[Any], None], block: bytes | memoryview) -> None:
        if self._threads is None:
            update(block)
        else:
            self._threads.hand(name, update, block)


class _Whole:
    """Digests a stream; what it has at the end of the first part is the digest of that part."""

    def __init__(self, part_size: int) -> None:
        self.sha256 = hashlib.sha256()
        self._left = part_size
        self.first_part = ""

    def update(self, block: bytes) -> None:
        if not 0 < self._left <= len(block):
            self.sha256.update(block)
        else:
            view = memoryview(block)
            self.sha256.update(view[: self._left])
            self.first_part = self.sha256.hexdigest()
            self.sha256.update(view[self._left :])
        self._left -= len(block)


class _Parts:
    """Digests the parts of a stream."""

    def __init__(self, part_size: int) -> None:
        self._part_size = part_size
        self._part = hashlib.sha256()
        self._in_part = 0
        self._done: list[str] = []

    def update(self, block: bytes | memoryview) -> None:
        view = memoryview(block)
        while view:
            piece = view[: self._part_size - self._in_part]
            self._part.update(piece)
            self._in_part += len(piece)
            view = view[len(piece) :]
            if self._in_part == self._part_size:
                self._end_part()

    def finish(self) -> tuple[str, ...]:
        if self._in_part:
            self._end_part()
        return tuple(self._done)

    def _end_part(self) -> None:
        self._done.append(self._part.hexdigest())
        self._part = hashlib.sha256()
        self._in_part = 0


def digest_for_upload(
    source: Path, part_size: int = DEFAULT_PART_SIZE, progress: ProgressCallback = no_progress
) -> StreamDigests:
    """Read a file once for everything an upload needs to know of it.

    Raises:
        OSError: The file cannot be read to its end.
    """
    meter = ProgressMeter(progress, f"Reading {source.name}", source.stat().st_size)
    meter.start()
    with source.open("rb", buffering=0) as file, DigestThreads() as threads:
        stream = PartedStream(len, part_size, threads)
        while block := file.read(BLOCK):
            stream.write(block)
            meter.advance(len(block))
        digests = stream.finish()
    meter.finish()
    return digests
