# SPDX-License-Identifier: Apache-2.0
"""A short fingerprint of how a page looks, by which a page that was scanned twice is found.

Each of 16 x 16 fields says whether the page gets brighter to the right there: a difference hash. 64 bits cannot
tell pages of text apart; of 256 bits, scans of one page differ in at most 46 and different pages in at least 67.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

SIDE = 16
BITS = SIDE * SIDE

SAME = 55
"""Bits in which two scans of one page may differ."""


def fingerprint(proxy: Image.Image) -> str:
    """The fingerprint of a page as 64 hexadecimal digits.

    Args:
        proxy: The page in mode "L", of any size.
    """
    fields = np.asarray(proxy.resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS), dtype=np.int16)
    brighter = fields[:, 1:] > fields[:, :-1]
    return np.packbits(brighter).tobytes().hex()


def difference(first: str, second: str) -> int:
    """In how many bits two fingerprints differ, 0 to 256.

    Raises:
        ValueError: One is no fingerprint.
    """
    return (int(first, 16) ^ int(second, 16)).bit_count()
