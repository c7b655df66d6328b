# SPDX-License-Identifier: Apache-2.0
"""A stream and its upload parts: sizes S3 allows, and the digests of whole and parts in one reading."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.digests import BLOCK
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter

DEFAULT_PART_SIZE = 16 << 20
"""Bytes of a part where nothing else is asked: 10,000 of them make 156 GiB."""

SMALLEST_PART = 5 << 20
"""Bytes every part but the last must have (Amazon S3 multipart upload limits)."""

MOST_PARTS = 10_000
"""Parts an upload may have (Amazon S3 multipart upload limits)."""


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
    return max(smallest, -(-needed // (1 << 20)) << 20)


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
        md5: Of the whole.
        part_sha256: Of each part, in order.
    """

    size: int
    sha256: str
    md5: str
    part_sha256: tuple[str, ...]


class PartedStream:
    """Passes bytes on and takes the digests of the whole and of its parts while they go by.

    Args:
        write: Takes the bytes.
        part_size: Bytes in every part but the last.
    """

    def __init__(self, write: Callable[[bytes], object], part_size: int) -> None:
        self._write = write
        self._part_size = part_size
        self._sha256 = hashlib.sha256()
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._part = hashlib.sha256()
        self._in_part = 0
        self._parts: list[str] = []
        self._size = 0

    def write(self, block: bytes) -> None:
        """Take the next bytes."""
        self._write(block)
        self._sha256.update(block)
        self._md5.update(block)
        self._size += len(block)
        view = memoryview(block)
        while view:
            piece = view[: self._part_size - self._in_part]
            self._part.update(piece)
            self._in_part += len(piece)
            view = view[len(piece) :]
            if self._in_part == self._part_size:
                self._end_part()

    def finish(self) -> StreamDigests:
        """Close the last part."""
        if self._in_part:
            self._end_part()
        return StreamDigests(self._size, self._sha256.hexdigest(), self._md5.hexdigest(), tuple(self._parts))

    def _end_part(self) -> None:
        self._parts.append(self._part.hexdigest())
        self._part = hashlib.sha256()
        self._in_part = 0


def digest_for_upload(
    source: Path, part_size: int = DEFAULT_PART_SIZE, progress: ProgressCallback = no_progress
) -> StreamDigests:
    """Read a file once for everything an upload needs to know of it.

    Raises:
        OSError: The file cannot be read to its end.
    """
    stream = PartedStream(len, part_size)
    meter = ProgressMeter(progress, f"Reading {source.name}", source.stat().st_size)
    meter.start()
    with source.open("rb") as file:
        while block := file.read(BLOCK):
            stream.write(block)
            meter.advance(len(block))
    meter.finish()
    return stream.finish()
