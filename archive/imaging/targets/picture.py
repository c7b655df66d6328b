# SPDX-License-Identifier: Apache-2.0
"""A file that shows a target sheet, read at its full depth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from archive.errors import TargetNotFound
from archive.imaging.color_profiles import gray_profile, srgb_profile
from archive.imaging.image_header import ImageHeader
from archive.imaging.pixels import decode_for_viewing, require_decodable
from archive.imaging.sample_arrays import array_bands
from archive.imaging.technical_metadata import read_header

Samples = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
_EIGHT = 8


@dataclass(frozen=True, slots=True)
class TargetPicture:
    """An image of a target.

    Attributes:
        samples: Of shape (rows, columns, 1 or 3), 8 or 16 bits, black at 0.
        icc: The profile of the file, or that of sRGB or of gray where it has none.
        dpi: The resolution that the file claims; None where it claims none.
    """

    samples: Samples
    icc: bytes
    dpi: tuple[float, float] | None


def read_picture(path: Path) -> TargetPicture:
    """Read a file that shows a target; what is deeper than 8 bits stays so.

    Raises:
        DamagedImage, UnsupportedImage, ImageTooLarge, WorkerExtraMissing: The file cannot be read.
        TargetNotFound: It has one bit a pixel, which tells nothing of colours.
    """
    header = read_header(path)
    if header.bits_per_sample < _EIGHT:
        raise TargetNotFound(
            f"{path} has {header.bits_per_sample} bit a sample, which tells nothing of colours."
        )
    samples = (
        _deep(path, header)
        if header.bits_per_sample > _EIGHT
        else np.asarray(decode_for_viewing(path, header))
    )
    if samples.ndim == 2:  # noqa: PLR2004 (rows and columns: gray)
        samples = samples[..., np.newaxis]
    own = gray_profile() if samples.shape[2] == 1 else srgb_profile()
    return TargetPicture(samples, header.icc or own, header.dpi)


def _deep(path: Path, header: ImageHeader) -> Samples:
    require_decodable(path, header)
    samples = np.concatenate(list(array_bands(path, header)))
    if header.photometric == "white_is_zero":
        samples = np.iinfo(samples.dtype).max - samples
    # a fourth channel is no colour
    return samples[..., :3] if samples.ndim > 2 else samples  # noqa: PLR2004
