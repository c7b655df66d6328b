# SPDX-License-Identifier: Apache-2.0
"""A small raw file as a camera writes it, for tests: DNG 1.4 with a Bayer mosaic of gray with a red corner."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tifffile

SHAPE = (32, 48)

_ONE = (1, 1)
_NONE = (0, 1)

_TAGS = (
    (33421, 3, 2, (2, 2)),  # CFARepeatPatternDim
    (33422, 1, 4, bytes([0, 1, 1, 2])),  # CFAPattern: red and green over green and blue
    (50706, 1, 4, bytes([1, 4, 0, 0])),  # DNGVersion
    (50707, 1, 4, bytes([1, 1, 0, 0])),  # DNGBackwardVersion
    (50708, 2, 0, "Example Camera"),  # UniqueCameraModel
    (50714, 4, 1, 0),  # BlackLevel
    (50717, 4, 1, 16383),  # WhiteLevel
    (50721, 10, 9, (*_ONE, *_NONE, *_NONE, *_NONE, *_ONE, *_NONE, *_NONE, *_NONE, *_ONE)),  # ColorMatrix1
    (50728, 5, 3, (*_ONE, *_ONE, *_ONE)),  # AsShotNeutral
    (50778, 3, 1, 21),  # CalibrationIlluminant1: D65
)
"""Tags of the DNG specification 1.4, chapter 4: code, type, count, value."""


def write_dng(path: Path) -> bytes:
    """Write it; returns its bytes."""
    mosaic = np.full(SHAPE, 6000, np.uint16)
    mosaic[: SHAPE[0] // 2 : 2, : SHAPE[1] // 2 : 2] = 16000
    path.parent.mkdir(parents=True, exist_ok=True)
    tags = [(*tag, True) for tag in _TAGS]
    # 32803 is the photometric interpretation of a colour filter array (TIFF/EP, ISO 12234-2)
    tifffile.imwrite(path, mosaic, photometric=32803, extratags=tags, metadata=None)
    return path.read_bytes()
