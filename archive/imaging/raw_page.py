# SPDX-License-Identifier: Apache-2.0
"""A page as the scanner delivered it: a spool file of pixel rows and what is needed to read them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from archive.errors import SpoolIncomplete

Photometric = Literal["white_is_zero", "black_is_zero", "rgb"]


@dataclass(frozen=True, slots=True)
class RawPage:
    """One captured page before it is a TIFF.

    The spool file holds exactly `height` rows without header or gaps: 1 bit packed with the
    leftmost pixel in the highest bit and each row filled up to a byte; 16 bit little-endian; RGB
    interleaved.

    Attributes:
        path: The spool file.
        width: Pixels in a row.
        height: Rows.
        bits_per_sample: 1, 8 or 16.
        samples_per_pixel: 1 or 3.
        photometric: What sample value 0 means, or "rgb".
        dpi: Horizontal and vertical resolution that the scanner reported, pixels per inch.
        pixel_sha256: SHA-256 of the spool file's bytes as they came from the scanner.

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

    @property
    def row_bytes(self) -> int:
        """Bytes of one packed row."""
        return (self.width * self.samples_per_pixel * self.bits_per_sample + 7) // 8

    @property
    def size(self) -> int:
        """Bytes of all rows."""
        return self.row_bytes * self.height

    def require_whole(self) -> None:
        """Refuse a spool file that is shorter or longer than the geometry says.

        Raises:
            SpoolIncomplete: The file is missing or has another size.
        """
        try:
            found = self.path.stat().st_size
        except FileNotFoundError as error:
            raise SpoolIncomplete(f"The spool file {self.path} is gone.", path=str(self.path)) from error
        if found != self.size:
            raise SpoolIncomplete(
                f"The spool file {self.path} holds {found} bytes where {self.height} rows of "
                f"{self.row_bytes} bytes make {self.size}.",
                path=str(self.path),
                found=found,
                expected=self.size,
            )
