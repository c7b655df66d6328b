# SPDX-License-Identifier: Apache-2.0
"""How a master lies in its file: a header, the pixels as they were spooled, and behind them the directory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.imaging.raw_page import RawPage
from archive.imaging.tiff_directory import (
    Field,
    FieldType,
    ascii_text,
    bytes_of,
    longs,
    rational,
    shorts,
    tiff_directory,
    tiff_header,
)
from archive.imaging.xmp import ascii_form, xmp_packet

ROWS_PER_STRIP = 64
"""Small enough to read a detail without the page, large enough that the tables stay short."""

BLOCK = 4096
"""Header, pixels and directory begin on blocks of their own: a write of one that is cut short by a power
failure cannot harm another."""

_TEXT_TAGS = {
    "document_name": 269, "description": 270, "make": 271, "model": 272,
    "software": 305, "artist": 315, "copyright": 33432,
}  # fmt: skip
_PHOTOMETRIC = {"white_is_zero": 0, "black_is_zero": 1, "rgb": 2}
_NO_COMPRESSION, _CONTIGUOUS, _INCH = 1, 1, 2


@dataclass(frozen=True, slots=True)
class MasterLayout:
    """All bytes of a master that are not its pixels.

    Attributes:
        pixel_offset: Where the first row begins.
        head: What stands before it, from the start of the file on.
        tail_offset: Where the directory begins; between the last row and it are zeros.
        tail: The directory and its values: the end of the file.
    """

    pixel_offset: int
    head: bytes
    tail_offset: int
    tail: bytes


def master_layout(
    raw: RawPage, texts: Mapping[str, str], captured_at: str, icc: bytes | None
) -> MasterLayout:
    """The layout of a page's master: a baseline TIFF 6.0, uncompressed, little-endian, in strips.

    The directory may stand anywhere in the file (TIFF 6.0, section 2), and strips are extents of it
    (section 3), so the pixels stay where the spool has them.

    Args:
        raw: The page; where its pixels begin in the spool they begin in the master, if there is room.
        texts: By field of MasterTags.
        captured_at: ISO 8601 time of capture.
        icc: ICC profile to embed.
    """
    pixel_offset = raw.pixel_offset if raw.has_room else BLOCK
    tail_offset = -(-(pixel_offset + raw.size) // BLOCK) * BLOCK
    fields = [
        *_geometry(raw, pixel_offset),
        *(ascii_text(tag, ascii_form(texts[name])) for name, tag in _TEXT_TAGS.items() if name in texts),
        ascii_text(306, _tiff_time(captured_at)),
    ]
    packet = xmp_packet(texts, captured_at)
    if packet is not None:
        fields.append(bytes_of(700, packet, FieldType.BYTE))
    if icc is not None:
        fields.append(bytes_of(34675, icc))
    head = tiff_header(tail_offset).ljust(pixel_offset, b"\0")
    return MasterLayout(pixel_offset, head, tail_offset, tiff_directory(fields, tail_offset))


def _geometry(raw: RawPage, pixel_offset: int) -> list[Field]:
    """Baseline fields of bilevel, grayscale and RGB images (TIFF 6.0, sections 3, 4 and 6)."""
    tops = range(0, raw.height, ROWS_PER_STRIP)
    fields = [
        longs(256, [raw.width]),
        longs(257, [raw.height]),
        shorts(258, *[raw.bits_per_sample] * raw.samples_per_pixel),
        shorts(259, _NO_COMPRESSION),
        shorts(262, _PHOTOMETRIC[raw.photometric]),
        longs(273, [pixel_offset + top * raw.row_bytes for top in tops]),
        shorts(277, raw.samples_per_pixel),
        longs(278, [ROWS_PER_STRIP]),
        longs(279, [min(ROWS_PER_STRIP, raw.height - top) * raw.row_bytes for top in tops]),
        rational(282, raw.dpi[0]),
        rational(283, raw.dpi[1]),
        shorts(296, _INCH),
    ]
    if raw.samples_per_pixel > 1:
        fields.append(shorts(284, _CONTIGUOUS))
    return fields


def _tiff_time(captured_at: str) -> str:
    """The time as tag 306 has it (TIFF 6.0 section 8, DateTime), in UTC."""
    time = datetime.fromisoformat(captured_at)
    if time.tzinfo is not None:
        time = time.astimezone(UTC)
    return time.strftime("%Y:%m:%d %H:%M:%S")
