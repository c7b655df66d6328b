# SPDX-License-Identifier: Apache-2.0
"""A page as the scanner delivered it: a spool file of pixel rows and what is needed to read them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from archive.errors import SpoolIncomplete

_TIFF_HEADER = 8

Photometric = Literal["white_is_zero", "black_is_zero", "rgb"]


@dataclass(frozen=True, slots=True)
class RawPage:
    """One captured page before it is a TIFF.

    The spool file holds `height` rows without gaps: 1 bit packed with the leftmost pixel in the
    highest bit and each row filled up to a byte; 16 bit little-endian; RGB interleaved. Where it has
    room for a header in front of them, the file itself may become the master: what stands before the
    first row and behind the last is then the master's.

    Attributes:
        path: The spool file.
        width: Pixels in a row.
        height: Rows.
        bits_per_sample: 1, 8 or 16.
        samples_per_pixel: 1 or 3.
        photometric: What sample value 0 means, or "rgb".
        dpi: Horizontal and vertical resolution that the scanner reported, pixels per inch.
        pixel_sha256: SHA-256 of the rows' bytes as they came from the scanner.
        pixel_offset: Where in the spool file the first row begins.

    Raises:
        ValueError: The combination of facts is none that a scanner delivers.
    """

    path: Path
    width: int
    height: int
    bits_per_sample: int
    samples_per_pixel: int
    photometric: Photometric
    dpi: tuple[float, float]
    pixel_sha256: str
    pixel_offset: int = 0

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ValueError(f"A page of {self.width} x {self.height} pixels has no image.")
        if self.bits_per_sample not in {1, 8, 16} or self.samples_per_pixel not in {1, 3}:
            raise ValueError(
                f"{self.samples_per_pixel} samples of {self.bits_per_sample} bits are not a known pixel."
            )
        if (self.samples_per_pixel == 3) != (self.photometric == "rgb"):  # noqa: PLR2004 - R, G and B
            raise ValueError(f"{self.samples_per_pixel} samples cannot be {self.photometric}.")
        if self.samples_per_pixel > 1 and self.bits_per_sample == 1:
            raise ValueError("Colour pages of 1 bit are not supported.")
        if min(self.dpi) <= 0:
            raise ValueError(f"A resolution of {self.dpi} dpi is not one.")
        if self.pixel_offset < 0:
            raise ValueError(f"Pixels cannot begin at {self.pixel_offset}.")

    @property
    def row_bytes(self) -> int:
        """Bytes of one packed row."""
        return (self.width * self.samples_per_pixel * self.bits_per_sample + 7) // 8

    @property
    def size(self) -> int:
        """Bytes of all rows."""
        return self.row_bytes * self.height

    @property
    def end(self) -> int:
        """Offset behind the last row in the spool file."""
        return self.pixel_offset + self.size

    @property
    def has_room(self) -> bool:
        """Whether the header of a TIFF finds room in front of the pixels (TIFF 6.0, section 2)."""
        return self.pixel_offset >= _TIFF_HEADER

    def require_whole(self) -> None:
        """Refuse a spool file that is shorter than the geometry says, or longer without having room.

        Behind the pixels of a file with room may stand what a killed writer of the master has left.

        Raises:
            SpoolIncomplete: The file is missing or has another size.
        """
        try:
            found = self.path.stat().st_size
        except FileNotFoundError as error:
            raise SpoolIncomplete(f"The spool file {self.path} is gone.", path=str(self.path)) from error
        if found < self.end or (found > self.end and not self.has_room):
            raise SpoolIncomplete(
                f"The spool file {self.path} holds {found} bytes where {self.height} rows of "
                f"{self.row_bytes} bytes need {self.end}.",
                path=str(self.path),
                found=found,
                expected=self.end,
            )
