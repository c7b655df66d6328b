# SPDX-License-Identifier: Apache-2.0
"""The header boxes of a JP2 file: a colour profile and a resolution, which no encoder at hand writes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction

_SUPERBOX_HEADER = 8
_LARGEST = 2**16 - 1
_PER_METRE = Fraction(5000, 127)
"""Pixels per metre for one per inch: an inch has 25.4 mm."""

_RESTRICTED_ICC = 2
"""Method of a colour specification box that holds an ICC profile (ISO/IEC 15444-1, I.5.3.3)."""


def with_profile_and_resolution(jp2: bytes, icc: bytes, dpi: tuple[float, float] | None) -> bytes:
    """A JP2 file with an ICC profile in place of its colour specification, and with a resolution.

    Args:
        jp2: The file as an encoder wrote it.
        icc: A profile for images of one or three channels, with a matrix or one curve.
        dpi: Horizontal and vertical resolution at capture, pixels per inch; None for none.

    Raises:
        ValueError: It is no JP2 file with a header.
    """
    written = bytearray()
    headers = 0
    for kind, content in boxes(jp2):
        if kind == b"jp2h":
            headers += 1
            written += box(kind, _header(content, icc, dpi))
        else:
            written += box(kind, content)
    if headers != 1:
        raise ValueError(f"a JP2 file with {headers} header boxes")
    return bytes(written)


def boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes of a file, or of a superbox, in their order: type and content (ISO/IEC 15444-1, I.4).

    Raises:
        ValueError: A box ends behind the end.
    """
    at = 0
    while at < len(content):
        if len(content) - at < _SUPERBOX_HEADER:
            raise ValueError("a box is cut short")
        length, kind = struct.unpack_from(">I4s", content, at)
        head = _SUPERBOX_HEADER
        if length == 1:
            (length,) = struct.unpack_from(">Q", content, at + head)
            head += 8
        end = len(content) if length == 0 else at + length
        if end > len(content) or end < at + head:
            raise ValueError(f"the box {kind!r} ends outside of the file")
        yield kind, content[at + head : end]
        at = end


def box(kind: bytes, content: bytes) -> bytes:
    """One box; its content must be smaller than 4 GiB."""
    return struct.pack(">I4s", len(content) + _SUPERBOX_HEADER, kind) + content


def _header(content: bytes, icc: bytes, dpi: tuple[float, float] | None) -> bytes:
    # the image header comes first, the order of the others is free (I.5.3)
    kept = b"".join(box(kind, inner) for kind, inner in boxes(content) if kind not in {b"colr", b"res "})
    color = box(b"colr", struct.pack(">3B", _RESTRICTED_ICC, 0, 0) + icc)
    return kept + color + (b"" if dpi is None else box(b"res ", box(b"resc", _resolution(dpi))))


def _resolution(dpi: tuple[float, float]) -> bytes:
    """The content of a capture resolution box: fractions and powers of ten, vertical first (I.5.3.7.1)."""
    (across, down) = (_scaled(value) for value in dpi)
    return struct.pack(">4H2b", *down[:2], *across[:2], down[2], across[2])


def _scaled(dpi: float) -> tuple[int, int, int]:
    """Numerator, denominator and power of ten whose product is nearest to so many pixels per metre."""
    value = Fraction(dpi).limit_denominator(1000) * _PER_METRE
    for exponent in range(10):
        part = value / 10**exponent
        if part.numerator <= _LARGEST and part.denominator <= _LARGEST:
            return part.numerator, part.denominator, exponent
    exponent = max(0, len(str(int(value))) - 4)
    part = value / 10**exponent
    nearest = part.limit_denominator(max(1, min(_LARGEST, int(_LARGEST / part))))
    return nearest.numerator, nearest.denominator, exponent
