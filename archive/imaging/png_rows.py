# SPDX-License-Identifier: Apache-2.0
"""Writing a gray or bitonal PNG (ISO/IEC 15948) row by row: Pillow's encoder wants the whole image."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import IO

import numpy as np
from PIL import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GRAY = 0
_METER = 1
_INCH = 0.0254
"""Metres."""


def write_png_rows(
    file: IO[bytes], bands: Iterable[Image.Image], size: tuple[int, int], *, mode: str, dpi: float
) -> None:
    """Write a PNG of bands of rows that follow each other.

    Args:
        file: Where it goes.
        bands: The rows, from the top, in mode `mode` and of the full width.
        size: Width and height of the whole.
        mode: "L" or "1".
        dpi: Its resolution.

    Raises:
        ValueError: The bands do not make that image.
        OSError: The disk is full or failing.
    """
    file.write(_SIGNATURE)
    depth = 1 if mode == "1" else 8
    _chunk(file, b"IHDR", struct.pack(">IIBBBBB", *size, depth, _GRAY, 0, 0, 0))
    per_meter = int(dpi / _INCH + 0.5)
    _chunk(file, b"pHYs", struct.pack(">IIB", per_meter, per_meter, _METER))
    # level 1: what is written here is read once and thrown away
    packer = zlib.compressobj(1)
    rows = 0
    for band in bands:
        if band.mode != mode or band.width != size[0]:
            raise ValueError(f"A band of {band.width} pixels in mode {band.mode} is none of this image.")
        rows += band.height
        if packed := packer.compress(_filtered(band)):
            _chunk(file, b"IDAT", packed)
    if rows != size[1]:
        raise ValueError(f"The bands have {rows} rows, not {size[1]}.")
    _chunk(file, b"IDAT", packer.flush())
    _chunk(file, b"IEND", b"")


def _filtered(band: Image.Image) -> bytes:
    """The rows with their filter in front: none (9.2), which is the cheapest."""
    rows = np.frombuffer(band.tobytes(), np.uint8).reshape(band.height, -1)
    return np.pad(rows, ((0, 0), (1, 0))).tobytes()


def _chunk(file: IO[bytes], kind: bytes, content: bytes) -> None:
    file.write(struct.pack(">I", len(content)) + kind + content)
    file.write(struct.pack(">I", zlib.crc32(kind + content)))
