# SPDX-License-Identifier: Apache-2.0
"""Orientations of stored images (TIFF 6.0, tag 274): turning a piece of one upright, and finding where it lies."""

from __future__ import annotations

from PIL import Image

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels; right and bottom lie outside."""

_SIDEWAYS = 5
"""Orientations 5 to 8 swap rows and columns."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """A stored image, or a piece of one, as people read it."""
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def upright_size(width: int, height: int, orientation: int) -> tuple[int, int]:
    """Width and height of a stored image when it is upright."""
    return (height, width) if orientation >= _SIDEWAYS else (width, height)


def stored_box(box: Box, width: int, height: int, orientation: int) -> Box:
    """Where a box of the upright image lies in the stored one, which is `width` x `height`."""
    left, top, right, bottom = box
    boxes = {
        2: (width - right, top, width - left, bottom),
        3: (width - right, height - bottom, width - left, height - top),
        4: (left, height - bottom, right, height - top),
        5: (top, left, bottom, right),
        6: (top, height - right, bottom, height - left),
        7: (width - bottom, height - right, width - top, height - left),
        8: (width - bottom, left, width - top, right),
    }
    return boxes.get(orientation, box)
