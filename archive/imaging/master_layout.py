# SPDX-License-Identifier: Apache-2.0
"""How a master lies in its file: a header, the pixels as they were spooled, and behind them the directory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate

from archive.imaging.raw_page import RawPage
from archive.imaging.tag_sets import TagSet, fitting_fields
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
_COMPRESSION, _NONE, _DEFLATE = 259, 1, 8
_PREDICTOR, _HORIZONTAL = 317, 2
_CONTIGUOUS, _INCH = 1, 2


@dataclass(frozen=True, slots=True)
class MasterContent:
    """What a master says about itself, beside its geometry.

    Attributes:
        texts: By field of MasterTags.
        captured_at: ISO 8601 time of capture.
        icc: ICC profile to embed.
        tag_set: What it must, may and must not say.
    """

    texts: Mapping[str, str]
    captured_at: str
    icc: bytes | None
    tag_set: TagSet


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


def master_layout(page: RawPage, content: MasterContent) -> MasterLayout:
    """The layout of a page's master: a baseline TIFF 6.0, uncompressed, little-endian, in strips.

    The directory may stand anywhere in the file (TIFF 6.0, section 2), and strips are extents of it
    (section 3), so the pixels stay where the spool has them.

    Args:
        page: The page; where its pixels begin in the spool they begin in the master, if there is room.
        content: What the master says about itself.

    Raises:
        MasterTagsUnfit: The page is none that the tag set allows.
    """
    pixel_offset = page.pixel_offset if page.has_room else BLOCK
    tops = range(0, page.height, ROWS_PER_STRIP)
    sizes = [min(ROWS_PER_STRIP, page.height - top) * page.row_bytes for top in tops]
    return _layout(page, content, pixel_offset, sizes, [shorts(_COMPRESSION, _NONE)])


def deflated_layout(page: RawPage, content: MasterContent, sizes: Sequence[int]) -> MasterLayout:
    """The layout of a compressed master, whose strips stand one behind the other after the first block.

    Args:
        page: The page.
        content: What the master says about itself.
        sizes: Bytes of each strip.

    Raises:
        MasterTagsUnfit: The page is none that the tag set allows.
    """
    fields = [shorts(_COMPRESSION, _DEFLATE)]
    if page.bits_per_sample > 1:
        fields.append(shorts(_PREDICTOR, _HORIZONTAL))
    return _layout(page, content, BLOCK, sizes, fields)


def _layout(
    page: RawPage, content: MasterContent, pixel_offset: int, sizes: Sequence[int], compression: list[Field]
) -> MasterLayout:
    *offsets, end = accumulate(sizes, initial=pixel_offset)
    tail_offset = -(-end // BLOCK) * BLOCK
    fields = [*_geometry(page), *compression, longs(273, offsets), longs(279, list(sizes)), *_says(content)]
    fitting = fitting_fields(fields, content.tag_set)
    head = tiff_header(tail_offset).ljust(pixel_offset, b"\0")
    return MasterLayout(pixel_offset, head, tail_offset, tiff_directory(fitting, tail_offset))


def _says(content: MasterContent) -> Iterator[Field]:
    for name, tag in _TEXT_TAGS.items():
        if name in content.texts:
            yield ascii_text(tag, ascii_form(content.texts[name]))
    yield ascii_text(306, _tiff_time(content.captured_at))
    packet = xmp_packet(content.texts, content.captured_at)
    if packet is not None:
        yield bytes_of(700, packet, FieldType.BYTE)
    if content.icc is not None:
        yield bytes_of(34675, content.icc)


def _geometry(page: RawPage) -> list[Field]:
    """Baseline fields of bilevel, grayscale and RGB images (TIFF 6.0, sections 3, 4 and 6)."""
    fields = [
        longs(256, [page.width]),
        longs(257, [page.height]),
        shorts(258, *[page.bits_per_sample] * page.samples_per_pixel),
        shorts(262, _PHOTOMETRIC[page.photometric]),
        shorts(277, page.samples_per_pixel),
        longs(278, [ROWS_PER_STRIP]),
        rational(282, page.dpi[0]),
        rational(283, page.dpi[1]),
        shorts(296, _INCH),
    ]
    if page.samples_per_pixel > 1:
        fields.append(shorts(284, _CONTIGUOUS))
    return fields


def _tiff_time(captured_at: str) -> str:
    """The time as tag 306 has it (TIFF 6.0 section 8, DateTime), in UTC."""
    time = datetime.fromisoformat(captured_at)
    if time.tzinfo is not None:
        time = time.astimezone(UTC)
    return time.strftime("%Y:%m:%d %H:%M:%S")
