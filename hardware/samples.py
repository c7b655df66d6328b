# SPDX-License-Identifier: Apache-2.0
"""Conversions of rows of samples: padding, byte order, single bits, and three planes into pixels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from hardware.frames import PASSES, FrameFormat, FrameParameters, PageLayout

_BLOCK = 1 << 20
"""Bytes that are interleaved at once."""


def canonical_rows(rows: bytes | memoryview, *, frame: FrameParameters, swap: bool) -> bytes:
    """Whole rows of a frame in the canonical form of `hardware.frames`.

    Args:
        rows: Rows as the driver sent them, padding included.
        frame: The frame they are of.
        swap: Whether 16-bit samples are big-endian.
    """
    padded = np.frombuffer(rows, np.uint8).reshape(-1, frame.bytes_per_line)
    cropped = np.array(padded[:, : frame.bytes_needed], order="C")
    if frame.depth > 1:
        return (cropped.view(np.uint16).byteswap() if swap else cropped).tobytes()
    if frame.format is FrameFormat.GRAY:
        # what stands in the bits right of the page is the driver's memory, not the scanner's pixels
        cropped[:, -1] &= 0xFF << (-frame.pixels_per_line % 8) & 0xFF
        return cropped.tobytes()
    if frame.format is FrameFormat.RGB:
        # each group of eight pixels is a byte of red, a byte of green and a byte of blue
        groups = np.unpackbits(cropped.reshape(len(cropped), -1, 3, 1), axis=3)
        pixels = groups.transpose(0, 1, 3, 2).reshape(len(cropped), -1, 3)
    else:
        pixels = np.unpackbits(cropped, axis=1)
    return (pixels[:, : frame.pixels_per_line] * np.uint8(255)).tobytes()


def interleave(planes: Mapping[FrameFormat, Path], layout: PageLayout, rows: int) -> Iterator[bytes]:
    """The pixel-interleaved rows of a page whose three colours were spooled to three files.

    Args:
        planes: For each of `PASSES` the file of its canonical rows, one sample a pixel.
        layout: The page's canonical form.
        rows: Rows of each plane.

    Yields:
        Blocks of whole rows, about a megabyte each.

    Raises:
        OSError: A plane cannot be read to its end.
    """
    sample = np.dtype("<u2" if layout.bits_per_sample == 16 else "u1")  # noqa: PLR2004  # bits
    step = max(1, _BLOCK // layout.bytes_per_row)
    with ExitStack() as stack:
        # read, not mapped: mapped pages would count as memory of this process
        files = [stack.enter_context(planes[colour].open("rb")) for colour in PASSES]
        for top in range(0, rows, step):
            samples = min(step, rows - top) * layout.width
            yield np.stack([_samples(file, sample, samples) for file in files], axis=1).tobytes()


def _samples(file: IO[bytes], sample: np.dtype[Any], count: int) -> npt.NDArray[Any]:
    block = file.read(count * sample.itemsize)
    if len(block) != count * sample.itemsize:
        raise OSError(f"A spooled colour pass ended early: {file.name}")
    return np.frombuffer(block, sample)
