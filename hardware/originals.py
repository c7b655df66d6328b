# SPDX-License-Identifier: Apache-2.0
"""Files that pages were made from, kept beside their pixels in the spool, byte for byte as they were delivered."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, Self, runtime_checkable

from hardware.errors import IncompletePage
from hardware.spool import original_path, spool_errors

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file that a driver made a page from.

    Attributes:
        path: Where it lies.
        how: By what, and how, the page's pixels were made from it.
        color_space: What the pixels were made into; empty when nothing was converted.
        sha256: What the driver read; None when it did not read this file.
    """

    path: Path
    how: str
    sha256: str | None
    color_space: str = ""


@runtime_checkable
class RendersFiles(Protocol):
    """A driver whose pages are made from files that say more than their pixels."""

    def original(self) -> SourceFile | None:
        """The file behind the page that was started, if it is to be kept."""
        ...


@dataclass(frozen=True, slots=True)
class Original:
    """The file behind a page, as it lies in the spool.

    Attributes:
        name: What it was called where it came from; its suffix tells what it is.
        size: In bytes.
        sha256: Digest of the file.
        how: By what, and how, the page's pixels were made from it.
        color_space: What they were made into, such as "sRGB"; empty when nothing was converted.
    """

    name: str
    size: int
    sha256: str
    how: str
    color_space: str = ""

    def path(self, spool: Path, number: int) -> Path:
        """Where the file behind a page lies in the spool."""
        return original_path(spool, number, Path(self.name).suffix.lower())

    def to_json(self) -> dict[str, Any]:
        """The original as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The original that `to_json` described."""
        return cls(**document)


def keep_original(driver: object, spool: Path, number: int) -> Original | None:
    """Bring the file behind a page to the spool, when its driver has one to keep.

    Raises:
        IncompletePage: It is gone, or is not the file that the page was made from any more.
        SpoolFull: The disk does not take it.
    """
    source = driver.original() if isinstance(driver, RendersFiles) else None
    if source is None:
        return None
    place = Original(source.path.name, 0, "", source.how).path(spool, number)
    part = place.with_name(place.name + ".part")
    try:
        size, sha256 = _copy(source, part, number)
        if source.sha256 not in {None, sha256}:
            raise _not_the_same(number, source, "it has changed since")
        with spool_errors(place):
            part.replace(place)
    finally:
        # what stood in the way has been said; it must not be hidden by what stands in the way here
        with suppress(OSError):
            part.unlink()
    return Original(source.path.name, size, sha256, source.how, source.color_space)


def _copy(source: SourceFile, part: Path, number: int) -> tuple[int, str]:
    """Copy a file to disk; returns its size and its SHA-256."""
    digest = hashlib.sha256(usedforsecurity=False)
    size = 0
    with spool_errors(part):
        part.parent.mkdir(parents=True, exist_ok=True)
        written = part.open("wb")
    with written:
        try:
            for block in _blocks(source.path):
                digest.update(block)
                size += len(block)
                with spool_errors(part):
                    written.write(block)
        except OSError as error:
            raise _not_the_same(number, source, error.strerror or str(error)) from error
        with spool_errors(part):
            written.flush()
            os.fsync(written.fileno())
    return size, digest.hexdigest()


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _not_the_same(number: int, source: SourceFile, reason: str) -> IncompletePage:
    return IncompletePage(
        f"The file that page {number} was made from, {source.path.name}, cannot be kept: {reason}.",
        remedy="Let the capture software finish, and scan the page again.",
        path=str(source.path),
    )
