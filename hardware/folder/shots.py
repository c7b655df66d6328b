# SPDX-License-Identifier: Apache-2.0
"""Which files of a hot folder are one page: an image, a camera's raw file, or both under one name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LOSSLESS = frozenset({".tif", ".tiff", ".png"})
"""Images that can hold each pixel as it was."""

IMAGES = LOSSLESS | {".jpg", ".jpeg"}

RAW = frozenset(
    {".dng", ".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".erf", ".fff", ".iiq", ".kdc", ".mef", ".mos"}
    | {".mrw", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".srf", ".sr2", ".srw", ".x3f"}
)
"""Raw files of cameras that LibRaw reads (libraw.org, supported cameras), by the suffixes of their makers."""


@dataclass(frozen=True, slots=True)
class Shot:
    """The files of one page.

    Attributes:
        image: What the page's pixels are read from.
        raw: The camera's raw file of the same name, when `image` is another.
        others: Files of the same name that count for nothing: the camera's JPEG beside its raw file.
    """

    image: Path
    raw: Path | None = None
    others: tuple[Path, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """All files that must be whole before the page is."""
        return (self.image, *([self.raw] if self.raw else []), *self.others)


def counts(path: Path) -> bool:
    """Whether a file is, or belongs to, a page; its suffix tells, whatever the case. Hidden ones never are."""
    return path.suffix.lower() in IMAGES | RAW and not path.name.startswith(".")


def shots(paths: Iterable[Path]) -> list[Shot]:
    """The pages that files make, in no order.

    A raw file alone is a page. With a TIFF or PNG of its name beside it, which the capture software made
    from it without loss, that is the page and the raw file its original; a JPEG beside it is passed over.
    """
    named: dict[str, list[Path]] = {}
    alone: list[Shot] = []
    for path in sorted(paths):
        named.setdefault(path.stem.casefold(), []).append(path)
    for files in named.values():
        raw = [path for path in files if path.suffix.lower() in RAW]
        images = [path for path in files if path.suffix.lower() in IMAGES]
        if len(raw) != 1:
            # nobody can say which of two raw files an image was made from
            alone += [Shot(path) for path in files]
            continue
        lossless = [path for path in images if path.suffix.lower() in LOSSLESS]
        if lossless:
            alone += [Shot(path, raw[0]) for path in lossless]
            alone += [Shot(path) for path in images if path not in lossless]
        else:
            alone.append(Shot(raw[0], others=tuple(images)))
    return alone
