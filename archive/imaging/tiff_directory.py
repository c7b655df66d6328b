# SPDX-License-Identifier: Apache-2.0
"""The bytes of a TIFF's header and directory, little-endian, for pixels that lie in the file already."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import IO

_INLINE = 4
"""Bytes of a value that stand in its entry itself."""

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
"""Bytes of one value, by type (TIFF 6.0, section 2)."""

_LARGEST_PART = 2**31
"""Of a fraction: half of what 32 bits hold, so that rounding cannot leave them."""


class FieldType(IntEnum):
    """The types that Recto writes (TIFF 6.0, section 2)."""

    BYTE = 1
    ASCII = 2
    SHORT = 3
    LONG = 4
    RATIONAL = 5
    UNDEFINED = 7


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a directory.

    Attributes:
        tag: Its number.
        type: What its values are.
        count: How many values; for ASCII with the closing NUL.
        value: The values, as they stand in the file.
    """

    tag: int
    type: FieldType
    count: int
    value: bytes


def shorts(tag: int, *values: int) -> Field:
    """A field of 16-bit numbers."""
    return Field(tag, FieldType.SHORT, len(values), struct.pack(f"<{len(values)}H", *values))


def longs(tag: int, values: Sequence[int]) -> Field:
    """A field of 32-bit numbers."""
    return Field(tag, FieldType.LONG, len(values), struct.pack(f"<{len(values)}I", *values))


def rational(tag: int, value: float) -> Field:
    """A field of one positive fraction, the nearest that two 32-bit numbers make of the value."""
    exact = Fraction(value)
    nearest = exact.limit_denominator(min(_LARGEST_PART, max(1, int(_LARGEST_PART / exact))))
    return Field(tag, FieldType.RATIONAL, 1, struct.pack("<2I", nearest.numerator, nearest.denominator))


def ascii_text(tag: int, text: str) -> Field:
    """A field of text in ASCII, closed with a NUL."""
    value = text.encode("ascii") + b"\0"
    return Field(tag, FieldType.ASCII, len(value), value)


def bytes_of(tag: int, value: bytes, kind: FieldType = FieldType.UNDEFINED) -> Field:
    """A field of bytes that TIFF does not look into."""
    return Field(tag, kind, len(value), value)


def tiff_header(directory: int) -> bytes:
    """The eight bytes a TIFF begins with (TIFF 6.0, section 2).

    Args:
        directory: Offset of the directory: an even number.
    """
    return struct.pack("<2sHI", b"II", 42, directory)


def tiff_directory(fields: Sequence[Field], offset: int) -> bytes:
    """The one directory of a TIFF, with the values that do not fit into its entries behind it.

    Args:
        fields: In any order; the file has them by ascending tag, as section 2 asks.
        offset: Where in the file the directory will stand: an even number.
    """
    ordered = sorted(fields, key=lambda field: field.tag)
    values = bytearray()
    behind = offset + 2 + 12 * len(ordered) + 4
    entries = []
    for field in ordered:
        if len(field.value) <= _INLINE:
            place = field.value.ljust(_INLINE, b"\0")
        else:
            values += b"\0" * (len(values) % 2)  # values begin on a word boundary
            place = struct.pack("<I", behind + len(values))
            values += field.value
        entries.append(struct.pack("<2HI4s", field.tag, field.type, field.count, place))
    return struct.pack("<H", len(ordered)) + b"".join(entries) + struct.pack("<I", 0) + bytes(values)


def directory_end(file: IO[bytes]) -> int:
    """The offset behind the last byte that the first directory of a little-endian TIFF needs.

    Readers pass over a value that lies behind the end of the file, so this tells whether a file is
    whole that ends with its directory, as our masters do.

    Args:
        file: The TIFF, open for reading; its position is changed.

    Raises:
        ValueError: It is no such TIFF, or ends within its directory.
    """
    file.seek(0)
    mark, version, offset = struct.unpack("<2sHI", _exactly(file, 8))
    if (mark, version) != (b"II", 42):
        raise ValueError("not a little-endian TIFF")
    file.seek(offset)
    (count,) = struct.unpack("<H", _exactly(file, 2))
    entries = _exactly(file, 12 * count + 4)[:-4]
    ends: list[int] = [offset + 2 + 12 * count + 4]
    for _, kind, values, place in struct.iter_unpack("<2H2I", entries):
        length = _SIZES.get(kind, 0) * values
        if length > _INLINE:
            ends.append(place + length)
    return max(ends)


def _exactly(file: IO[bytes], count: int) -> bytes:
    content = file.read(count)
    if len(content) != count:
        raise ValueError("the file ends within its directory")
    return content
