# SPDX-License-Identifier: Apache-2.0
"""The values of a TIFF's tags as plain numbers, texts and bytes, from a file or before it is written."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.errors import DamagedImage
from archive.imaging.tiff_directory import Field, FieldType

TagValue = int | float | str | bytes

_NUMBERS = {FieldType.SHORT: "H", FieldType.LONG: "I"}
_SMALLEST_ICC = 132
"""Header and tag count of an ICC profile (ICC.1:2001-04, 6.1)."""


def values_of_field(field: Field) -> tuple[TagValue, ...]:
    """The values of a field that is to be written."""
    if field.type in _NUMBERS:
        return struct.unpack(f"<{field.count}{_NUMBERS[field.type]}", field.value)
    if field.type is FieldType.RATIONAL:
        numerator, denominator = struct.unpack("<2I", field.value)
        return (_fraction(numerator, denominator),)
    if field.type is FieldType.ASCII:
        return (field.value.rstrip(b"\0").decode("ascii"),)
    return (field.value,)


def read_tag_values(path: Path) -> dict[int, tuple[TagValue, ...]]:
    """The values of all tags in the first directory of a TIFF.

    Raises:
        DamagedImage: It has no readable directory.
        OSError: The file cannot be read.
    """
    # the writer of masters needs the rest of this module, and loads fast without this
    import tifffile

    try:
        with tifffile.TiffFile(path) as tiff:
            return {tag.code: _values_of_tag(tag) for tag in tiff.pages.first.tags}
    except (
        tifffile.TiffFileError, ValueError, TypeError, LookupError, ArithmeticError, struct.error,
    ) as error:  # fmt: skip
        raise DamagedImage(f"{path} has no readable TIFF directory: {error}", path=str(path)) from error


def _values_of_tag(tag: Any) -> tuple[TagValue, ...]:
    value = tag.value
    if int(tag.dtype) in {5, 10} and isinstance(
        value, tuple
    ):  # rationals: numerators and denominators in turn
        return tuple(_fraction(*value[at : at + 2]) for at in range(0, len(value) - 1, 2))
    if isinstance(value, str | bytes):
        return (value,)
    if isinstance(value, tuple | list):
        return tuple(_plain(each) for each in value)
    return (_plain(value),)


def _plain(value: Any) -> TagValue:
    if isinstance(value, str | bytes | float):
        return value
    # what tifffile reads as an enumeration is a number in the file; what is no value at all is told as text
    return int(value) if isinstance(value, int) else str(value)


def _fraction(numerator: int, denominator: int) -> float:
    return numerator / denominator if denominator else float("nan")


def is_of_kind(values: Sequence[TagValue], kind: str) -> bool:
    """Whether values are what a tag set asks for: "any", "ascii", "datetime" or "icc"."""
    if kind == "any":
        return True
    if len(values) != 1:
        return False
    (value,) = values
    if kind == "icc":
        return isinstance(value, bytes) and _is_icc(value)
    if not isinstance(value, str):
        return False
    return _is_datetime(value) if kind == "datetime" else value.isascii() and value.isprintable()


def _is_icc(content: bytes) -> bool:
    return (
        len(content) >= _SMALLEST_ICC
        and content[36:40] == b"acsp"
        and content[:4] == struct.pack(">I", len(content))
    )


def _is_datetime(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - TIFF states no zone
    except ValueError:
        return False
    return len(text) == len("2026:03:01 10:20:30")
