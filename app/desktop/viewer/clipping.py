# SPDX-License-Identifier: Apache-2.0
"""Marks pixels whose samples are clipped: what is blown out in the light or blocked up in the dark is lost."""

from __future__ import annotations

import numpy as np
from PIL import Image

BLOWN, BLOCKED = (255, 0, 200), (0, 120, 255)
"""Marks of clipped light and dark; no paper or ink has these colours."""

_WHITE, _BLACK = 255, 0


def with_clipping(shown: Image.Image, samples: Image.Image) -> Image.Image:
    """The image with clipped pixels in signal colours.

    Args:
        shown: The image in display colours.
        samples: The same pixels as they are in the file, reduced to 8 bits.
    """
    values = np.asarray(samples)
    if values.ndim == 2:  # noqa: PLR2004 - rows and columns: gray
        values = values[..., None]
    marked = np.array(shown.convert("RGB"))
    marked[(values >= _WHITE).any(axis=-1)] = BLOWN
    marked[(values <= _BLACK).all(axis=-1)] = BLOCKED
    return Image.fromarray(marked)
