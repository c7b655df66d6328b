# SPDX-License-Identifier: Apache-2.0
"""From the samples of a page to the colours of the display, by the page's ICC profile.

LittleCMS converts, not QColorSpace: Qt refuses profiles of real scanners (tags that are not aligned)
and knows no tables for gray.
"""

from __future__ import annotations

import threading
from enum import StrEnum
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageCms
from PySide6.QtGui import QImage

from archive.imaging.color_profiles import srgb_profile
from archive.imaging.image_source import ImageSource

_GRAY_SPACE = b"GRAY"
_building = threading.Lock()


class ColorManagement(StrEnum):
    """Whether the colours on screen can be believed."""

    MANAGED = "managed"
    UNNEEDED = "unneeded"
    NO_PROFILE = "no_profile"
    BAD_PROFILE = "bad_profile"


def color_management(source: ImageSource) -> ColorManagement:
    """How the colours of a page come to be shown. Takes some 50 ms for a profile that is new."""
    if source.bits_per_sample == 1:
        return ColorManagement.UNNEEDED
    if source.icc is None:
        return ColorManagement.NO_PROFILE
    if source.icc == _srgb() and source.samples_per_pixel > 1:
        return ColorManagement.MANAGED
    gray = source.samples_per_pixel == 1 and source.photometric != "palette"
    return (
        ColorManagement.BAD_PROFILE if _transform(source.icc, gray=gray) is None else ColorManagement.MANAGED
    )


def to_display(image: Image.Image, icc: bytes | None) -> Image.Image:
    """A page's samples, in mode "L" or "RGB", as sRGB; as they are where no usable profile is given."""
    if icc is None or (image.mode == "RGB" and icc == _srgb()):
        return image
    transform = _transform(icc, gray=image.mode == "L")
    if transform is None:
        return image
    converted = ImageCms.applyTransform(image, transform)
    return image if converted is None else converted


def to_qimage(image: Image.Image) -> QImage:
    """A Pillow image of mode "L" or "RGB" as a QImage in 32 bits, which Qt paints fastest."""
    if image.mode == "L":
        image = image.convert("RGB")
    content = image.tobytes("raw", "BGRX")
    size = image.size
    return QImage(content, *size, size[0] * 4, QImage.Format.Format_RGB32).copy()


@lru_cache(maxsize=1)
def _srgb() -> bytes:
    return srgb_profile()


def _transform(icc: bytes, *, gray: bool) -> ImageCms.ImageCmsTransform | None:
    """The way from a profile to sRGB, where it is a profile for such samples."""
    if (icc[16:20] == _GRAY_SPACE) != gray:
        return None
    with _building:
        return _built_transform(icc, "L" if gray else "RGB")


@lru_cache(maxsize=16)
def _built_transform(icc: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    try:
        return ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(BytesIO(icc)),
            ImageCms.ImageCmsProfile(BytesIO(_srgb())),
            mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (OSError, ImageCms.PyCMSError):
        # for other channels, or rubbish: the samples are shown as they are, and the viewer says so
        return None
