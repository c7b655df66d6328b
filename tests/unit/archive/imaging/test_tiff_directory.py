# SPDX-License-Identifier: Apache-2.0
"""The directory is what TIFF 6.0 asks for, and tells where a file that ends with it must end."""

from __future__ import annotations

import io
import struct

import pytest
import tifffile

from archive.imaging.tiff_directory import (
    Field,
    FieldType,
    ascii_text,
    bytes_of,
    directory_end,
    longs,
    rational,
    shorts,
    tiff_directory,
    tiff_header,
)

FIELDS = [
    ascii_text(305, "Recto"),
    longs(256, [5]),
    longs(257, [3]),
    shorts(258, 8),
    shorts(259, 1),
    shorts(262, 1),
    longs(273, [8, 13, 18]),
    shorts(277, 1),
    longs(278, [1]),
    longs(279, [5, 5, 5]),
    ascii_text(271, "abc"),
    bytes_of(34675, b"odd"),
    bytes_of(700, b"a packet of odd length", FieldType.BYTE),
]
PIXELS = bytes(range(15))


def file_of(fields: list[Field]) -> bytes:
    """A page of 5 x 3 gray pixels between header and directory."""
    return tiff_header(24) + PIXELS + b"\0" + tiff_directory(fields, 24)


def test_an_independent_reader_finds_pixels_and_values() -> None:
    with tifffile.TiffFile(io.BytesIO(file_of(FIELDS))) as tiff:
        page = tiff.pages.first
        values = {tag.code: tag.value for tag in page.tags}
        assert page.asarray().tobytes() == PIXELS
    assert (values[305], values[271], values[34675]) == ("Recto", "abc", b"odd")
    assert values[700] == b"a packet of odd length"


def test_entries_ascend_by_tag_and_values_begin_on_words() -> None:
    content = tiff_directory(FIELDS, 24)
    (count,) = struct.unpack_from("<H", content)
    entries = [struct.unpack_from("<2H2I", content, 2 + 12 * index) for index in range(count)]
    tags = [tag for tag, *_ in entries]
    assert tags == sorted(tags)
    assert count == len(FIELDS)
    assert struct.unpack_from("<I", content, 2 + 12 * count) == (0,)
    far = [place for tag, _, values, place in entries if tag in {305, 273, 279, 700}]
    assert all(place % 2 == 0 for place in far)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(300.0, (300, 1)), (0.5, (1, 2)), (118.11, (11811, 100)), (2400.25, (9601, 4)), (1 / 3, (1, 3))],
)
def test_a_fraction_is_the_simplest_that_is_meant(value: float, expected: tuple[int, int]) -> None:
    assert struct.unpack("<2I", rational(282, value).value) == expected


@pytest.mark.parametrize("value", [1e9 / 7, 3.14159265358979e-5, 4_000_000_000.5])
def test_no_fraction_leaves_its_32_bits(value: float) -> None:
    numerator, denominator = struct.unpack("<2I", rational(282, value).value)
    assert numerator / denominator == pytest.approx(value, rel=1e-4)


def test_a_file_needs_all_of_its_directory_and_nothing_behind_it() -> None:
    content = file_of(FIELDS)
    assert directory_end(io.BytesIO(content)) == len(content)
    assert directory_end(io.BytesIO(content + b"more")) == len(content)


@pytest.mark.parametrize(
    "content", [b"", b"II*\0", b"MM\0*\0\0\0\x08", b"II*\0\xff\0\0\0", file_of(FIELDS)[:60]]
)
def test_what_has_no_whole_directory_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"TIFF|directory"):
        directory_end(io.BytesIO(content))
