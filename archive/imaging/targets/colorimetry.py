# SPDX-License-Identifier: Apache-2.0
"""From the samples of an image to CIE L*a*b*, by the image's own ICC profile, without rounding."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from archive.errors import WorkerExtraMissing

Floats = npt.NDArray[np.float64]


def to_lab(samples: Floats, icc: bytes) -> Floats:
    """Colours in CIE L*a*b* under D50, relative to the white of the profile.

    Args:
        samples: Samples from 0 to 1, of shape (n, 3), or (n, 1) for gray.
        icc: The ICC profile of the samples.

    Returns:
        L*, a* and b*, of shape (n, 3).

    Raises:
        WorkerExtraMissing: LittleCMS comes with the worker extra, which is not installed.
        ValueError: The profile is not one of such samples.
    """
    codecs = _imagecodecs()
    channels = samples.shape[1]
    colors = np.ascontiguousarray(samples[np.newaxis] if channels > 1 else samples.T)
    try:
        lab = codecs.cms_transform(
            colors,
            icc,
            _lab_profile(),
            colorspace="rgb" if channels > 1 else "gray",
            outcolorspace="lab",
            outdtype="float64",
            intent=codecs.CMS.INTENT.RELATIVE_COLORIMETRIC,
        )
    except codecs.CmsError as error:
        raise ValueError(f"The ICC profile is not one of {channels} channels: {error}") from error
    return np.asarray(lab, np.float64).reshape(-1, 3)


def luminance(samples: npt.NDArray[Any], icc: bytes) -> Floats:
    """Relative luminance Y from 0 to 1 of an area, as the edge method of ISO 12233:2017 wants it: linear in light.

    Args:
        samples: Samples from 0 to 1, of shape (rows, columns, channels).
        icc: Their ICC profile.
    """
    rows, columns, channels = samples.shape
    lightness = to_lab(samples.reshape(-1, channels).astype(np.float64), icc)[:, 0]
    # CIE 15:2004, 8.2.1, the other way round
    cube = ((lightness + 16) / 116) ** 3
    linear = np.where(lightness > 8, cube, lightness / (24389 / 27))  # noqa: PLR2004 (L* where the cube begins)
    return linear.reshape(rows, columns)


@cache
def _lab_profile() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def _imagecodecs() -> Any:
    try:
        import imagecodecs
    except ModuleNotFoundError as error:
        raise WorkerExtraMissing(
            "Colours cannot be measured: the package imagecodecs is not installed.", package="imagecodecs"
        ) from error
    return imagecodecs
