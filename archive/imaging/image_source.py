# SPDX-License-Identifier: Apache-2.0
"""Which image is to be looked at: where its pixels lie, and what is known of them."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

from archive.imaging.image_header import ImageHeader
from archive.imaging.raw_page import RawPage
from archive.imaging.sample_arrays import is_streamable
from archive.imaging.strips import strip_extent
from archive.imaging.technical_metadata import read_header

SourceKind = Literal["raw", "tiff", "image", "unread"]

_TURNED_SIDEWAYS = 5
"""Orientations 5 to 8 swap rows and columns (TIFF 6.0, tag 274)."""


@dataclass(frozen=True, slots=True)
class ImageSource:
    """An image to look at.

    Attributes:
        path: The file that holds it.
        kind: "raw" for a page in the spool, "tiff", "image" for what else can be decoded, or "unread"
            for a file whose header nobody has read yet: its width and height are 0.
        width: Pixels in a row, upright.
        height: Rows, upright.
        bits_per_sample: Bits of one sample.
        samples_per_pixel: Samples of one pixel.
        photometric: white_is_zero, black_is_zero, rgb, or another TIFF word.
        key: What tells this image from all others: the SHA-256 of its pixels, or a word of the file's own.
        pixel_offset: Where in the file `height` gapless rows begin, packed as in `RawPage`; None where
            the file has to be decoded.
        dpi: Horizontal and vertical resolution, pixels per inch, or None if nobody knows.
        icc: The ICC profile of the samples, or None.
    """

    path: Path
    kind: SourceKind
    width: int
    height: int
    bits_per_sample: int
    samples_per_pixel: int
    photometric: str
    key: str
    pixel_offset: int | None = None
    dpi: tuple[float, float] | None = None
    icc: bytes | None = None

    @property
    def cache_name(self) -> str:
        """A file name for what is made of this image.

        Blank pages of another shape have the same bytes and so the same digest: the shape is in the name.
        """
        kind = f"{self.bits_per_sample}x{self.samples_per_pixel}{self.photometric[:1]}"
        word = self.key if self.key.isalnum() else hashlib.sha256(self.key.encode()).hexdigest()
        return f"{word[:64]}-{self.width}x{self.height}-{kind}"

    @property
    def row_bytes(self) -> int:
        """Bytes of one packed row."""
        return (self.width * self.samples_per_pixel * self.bits_per_sample + 7) // 8

    @classmethod
    def from_raw_page(cls, page: RawPage, icc: bytes | None = None) -> Self:
        """The image of a page in the spool."""
        return cls(
            path=page.path,
            kind="raw",
            width=page.width,
            height=page.height,
            bits_per_sample=page.bits_per_sample,
            samples_per_pixel=page.samples_per_pixel,
            photometric=page.photometric,
            key=page.pixel_sha256,
            pixel_offset=page.pixel_offset,
            dpi=page.dpi if min(page.dpi) > 0 else None,
            icc=icc,
        )

    @classmethod
    def from_file(cls, path: Path, *, key: str = "") -> Self:
        """The image in a file; its header is read, no pixel.

        Args:
            path: A TIFF, JPEG, PNG or JPEG 2000 file.
            key: SHA-256 of its pixels; when left out, a word made of name, size and time of the file.

        Raises:
            DamagedImage, UnsupportedImage, OSError: The header cannot be read, or a strip is missing.
        """
        header = read_header(path)
        sideways = header.orientation >= _TURNED_SIDEWAYS
        width, height = (header.height, header.width) if sideways else (header.width, header.height)
        return cls(
            path=path,
            kind="tiff" if header.format_name == "TIFF" else "image",
            width=width,
            height=height,
            bits_per_sample=header.bits_per_sample,
            samples_per_pixel=header.samples_per_pixel,
            photometric=header.photometric,
            key=key or _key_of(path),
            pixel_offset=_rows_in(path, header),
            dpi=header.dpi[::-1] if sideways and header.dpi else header.dpi,
            icc=None if header.icc is None else _one_copy(header.icc),
        )

    @classmethod
    def unread(cls, path: Path, *, key: str) -> Self:
        """The image in a file that is read only when it is needed, as lists of thousands want it.

        Args:
            path: The file.
            key: SHA-256 of its pixels, or another word that changes when they do.
        """
        return cls(path, "unread", 0, 0, 0, 0, "", key)

    def read(self) -> ImageSource:
        """The same image with its header read, if it was not yet.

        Raises:
            DamagedImage, UnsupportedImage, OSError: As `from_file`.
        """
        return ImageSource.from_file(self.path, key=self.key) if self.kind == "unread" else self

    def to_json(self) -> dict[str, Any]:
        """The source as a JSON object; the profile in Base64."""
        icc = None if self.icc is None else base64.b64encode(self.icc).decode("ascii")
        return asdict(self) | {"path": str(self.path), "icc": icc}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """The source that `to_json` described."""
        facts = dict(document)
        facts["path"] = Path(facts["path"])
        facts["dpi"] = (float(facts["dpi"][0]), float(facts["dpi"][1])) if facts["dpi"] else None
        facts["icc"] = base64.b64decode(facts["icc"]) if facts["icc"] else None
        return cls(**facts)


@lru_cache(maxsize=64)
def _one_copy(icc: bytes) -> bytes:
    """The first of equal profiles: a thousand pages do not need a thousand copies of half a megabyte."""
    return icc


def _key_of(path: Path) -> str:
    status = path.stat()
    words = f"{path.resolve()}\0{status.st_size}\0{status.st_mtime_ns}"
    return hashlib.sha256(words.encode("utf-8", "surrogateescape")).hexdigest()


def _rows_in(path: Path, header: ImageHeader) -> int | None:
    """Where the rows begin in a TIFF that holds them as a spool file does."""
    gapless = (
        header.orientation == 1
        and (header.samples_per_pixel, header.photometric)
        in {(1, "white_is_zero"), (1, "black_is_zero"), (3, "rgb")}
        and is_streamable(path, header)
    )
    if not gapless:
        return None
    with path.open("rb") as file:
        return strip_extent(file, path).start
