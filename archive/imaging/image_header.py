# SPDX-License-Identifier: Apache-2.0
"""The facts that every image format's header is read into."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """What an image file promises before it is decoded.

    Fields are those of `archive.imaging.technical_metadata.TechnicalMetadata`, with the ICC profile
    in full.
    """

    format_name: str
    mime: str
    format_version: str
    byte_order: str
    compression: str
    width: int
    height: int
    bits_per_sample: int
    samples_per_pixel: int
    photometric: str
    dpi: tuple[float, float] | None = None
    orientation: int = 1
    icc: bytes | None = None
    tags: dict[str, str] = field(default_factory=dict)
    images: int = 1

    @property
    def wide(self) -> bool:
        """Whether a decoder that only knows 8-bit colour would halve its samples without a word."""
        return self.bits_per_sample > 8 and self.samples_per_pixel > 1  # noqa: PLR2004 - bits

    @property
    def pixels(self) -> int:
        """Pixels that a decoder would have to make."""
        return self.width * self.height


def clean_text(value: object) -> str:
    """A tag's text without the padding and control characters that devices leave in it."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return "".join(character for character in text if character.isprintable()).strip()


def resolution(x: float, y: float) -> tuple[float, float] | None:
    """A resolution in dpi as a pair, or None where the file gives nonsense."""
    return (round(x, 3), round(y, 3)) if 0 < x < float("inf") and 0 < y < float("inf") else None


def orientation(value: object) -> int:
    """A TIFF orientation, 1 for anything that is none (TIFF 6.0, tag 274)."""
    return value if isinstance(value, int) and 1 <= value <= 8 else 1  # noqa: PLR2004 - the eight orientations
