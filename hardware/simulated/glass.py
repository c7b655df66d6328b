# SPDX-License-Identifier: Apache-2.0
"""Real images that lie on the glass of a simulated scanner instead of drawn pages."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile, UnidentifiedImageError

from hardware.driver import PageAddress
from hardware.errors import FeederEmpty, InputOutputFailure

_TIFF = {".tif", ".tiff"}
_IMAGES = _TIFF | {".png", ".jpg", ".jpeg", ".jp2", ".bmp", ".gif", ".webp", ".ppm", ".pgm", ".pbm"}

_SAME_DPI = 0.5
"""Resolutions nearer than this are the same: PNG stores them in whole pixels a metre."""

_LEAST_DPI = 10.0
"""A smaller resolution tag is no resolution but an aspect ratio, or nonsense."""

_DEEP = 257
"""One step of 8 bit in steps of 16 bit: 65535 / 255."""

_WHITE_IS_ZERO = 0
"""TIFF 6.0, PhotometricInterpretation."""

_NO_INFRARED = "it has no fourth sample of 16 bits, so it has no infrared"

_SEPARATE = 2
"""TIFF 6.0, PlanarConfiguration: one plane a channel."""

# the operator's own images: a 1200 dpi scan of a large sheet is no attack
Image.MAX_IMAGE_PIXELS = 1 << 31

Pixels = npt.NDArray[Any]
"""(rows, width) gray or (rows, width, 3) colour, of uint8 or uint16."""


def images_on(glass: Path, item: str) -> list[Path]:
    """The images that lie there for an item, by name: those of the item's own folder, else of the glass.

    Raises:
        FeederEmpty: There is no such folder, or no image in it.
    """
    own = glass / item
    # an item's name comes from a manifest: it must not lead out of the glass
    inside = bool(item) and own.resolve().is_relative_to(glass.resolve())
    folder = own if inside and own.is_dir() else glass
    if not folder.is_dir():
        raise FeederEmpty(
            f"Nothing lies on the simulated glass: {folder} is not a folder.",
            remedy="Make the folder and put images into it, or configure the device without a glass.",
            glass=str(folder),
        )
    images = sorted(path for path in folder.iterdir() if path.suffix.lower() in _IMAGES and path.is_file())
    if not images:
        raise FeederEmpty(
            f"Nothing lies on the simulated glass: there is no image in {folder}.",
            remedy="Put images into the folder.",
            glass=str(folder),
        )
    return images


def image_for(glass: Path, address: PageAddress) -> Path:
    """The image that is page n of an item: the n-th by name.

    Raises:
        FeederEmpty: There are fewer images.
    """
    images = images_on(glass, address.item)
    if not 1 <= address.number <= len(images):
        raise FeederEmpty(
            f"There are {len(images)} images on the simulated glass, so there is no page {address.number}.",
            glass=str(glass),
            item=address.item,
            images=len(images),
        )
    return images[address.number - 1]


def load(path: Path, dpi: float, *, infrared: bool = False) -> Pixels:
    """The pixels of an image as a scanner of this resolution sees it.

    An image of this resolution, or of no stated one, is taken pixel for pixel; another is resampled
    (Lanczos). Nothing is turned or trimmed.

    Args:
        path: The image.
        dpi: Resolution of the scan.
        infrared: Whether to see the fourth sample of a 16-bit TIFF, as film scanners store infrared, alone.

    Returns:
        An array of (rows, width) for gray or (rows, width, 3) for colour, of 8 or 16 bits; bilevel
        images as 8-bit gray of 0 and 255.

    Raises:
        InputOutputFailure: The file is no readable image.
    """
    pixels, own_dpi = read_image(path, infrared=infrared)
    if own_dpi is None or abs(own_dpi - dpi) < _SAME_DPI:
        return pixels
    return _resample(pixels, dpi / own_dpi)


def read_image(path: Path, *, infrared: bool = False) -> tuple[Pixels, float | None]:
    """The pixels of an image as they are, or its infrared alone, and the dpi that it states.

    Returns:
        An array of (rows, width) for gray or (rows, width, 3) for colour, of 8 or 16 bits, bilevel
        images as 8-bit gray of 0 and 255; and None for a resolution that is not stated.

    Raises:
        InputOutputFailure: The file is no readable image.
    """
    try:
        return _read(path, infrared=infrared)
    except (
        OSError,
        ValueError,
        KeyError,
        IndexError,
        SyntaxError,
        struct.error,
        UnidentifiedImageError,
        Image.DecompressionBombError,
    ) as error:
        raise InputOutputFailure(
            f"{path.name} cannot be read as an image: {error}.",
            remedy="Take the file away or replace it by a readable image.",
            path=str(path),
        ) from error


def _read(path: Path, *, infrared: bool) -> tuple[Pixels, float | None]:
    if path.suffix.lower() in _TIFF:
        import tifffile

        with tifffile.TiffFile(path) as file:
            page: Any = file.pages[0]
            if page.bitspersample == 16:  # noqa: PLR2004  # bits; Pillow would silently drop half of them
                return _deep_tiff(page, infrared=infrared), _tiff_dpi(page)
    if infrared:
        raise ValueError(_NO_INFRARED)
    with Image.open(path) as image:
        stated = image.info.get("dpi")
        own_dpi = float(stated[0]) if stated and float(stated[0]) >= _LEAST_DPI else None
        return _pixels(image), own_dpi


def _deep_tiff(page: Any, *, infrared: bool) -> Pixels:
    pixels: npt.NDArray[np.uint16] = page.asarray().astype(np.uint16, copy=False)
    if pixels.ndim == 3 and page.planarconfig == _SEPARATE:  # noqa: PLR2004  # axes
        pixels = np.moveaxis(pixels, 0, -1)
    if infrared:
        if pixels.ndim != 3 or pixels.shape[2] != 4:  # noqa: PLR2004  # axes, samples
            raise ValueError(_NO_INFRARED)
        return pixels[:, :, 3]
    if pixels.ndim == 3:  # noqa: PLR2004  # axes
        # a fourth sample is infrared, or alpha, which no scanner sees
        pixels = pixels[:, :, :3] if pixels.shape[2] >= 3 else pixels[:, :, 0]  # noqa: PLR2004  # channels
    if page.photometric == _WHITE_IS_ZERO:
        pixels = 0xFFFF - pixels
    return pixels


def _tiff_dpi(page: Any) -> float | None:
    dpi = float(page.get_resolution("INCH")[0]) if "XResolution" in page.tags else 0.0
    return dpi if dpi >= _LEAST_DPI else None


def _pixels(image: ImageFile.ImageFile) -> Pixels:
    if image.mode.startswith("I"):
        return np.asarray(image).astype(np.uint16)
    if any(";16" in str(tile.args) for tile in image.tile):
        raise ValueError("colour of 16 bits is read from TIFF only")
    if image.mode in {"1", "L"}:
        return np.asarray(image.convert("L"))
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        # what is transparent lies on white, like everything under the lid
        paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
        return np.asarray(Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB"))
    return np.asarray(image.convert("RGB"))


def _resample(pixels: Pixels, factor: float) -> Pixels:
    height, width = pixels.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    if pixels.dtype == np.uint8:
        return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))
    planes = pixels.reshape(height, width, -1)
    resampled = [
        # Pillow's floating-point planes keep all 16 bits
        np.asarray(
            Image.fromarray(planes[:, :, channel].astype(np.float32)).resize(size, Image.Resampling.LANCZOS)
        )
        for channel in range(planes.shape[2])
    ]
    whole: Pixels = np.clip(np.rint(np.stack(resampled, axis=2)), 0, 0xFFFF).astype(np.uint16)
    return whole if pixels.ndim == 3 else whole[:, :, 0]  # noqa: PLR2004  # axes


class GlassPage:
    """One real image as rows of a page, like `hardware.simulated.pages.DrawnPage`.

    Args:
        path: The image.
        dpi: Resolution of the scan.
        infrared: Whether to see its infrared alone.

    Raises:
        InputOutputFailure: The file is no readable image, or has no infrared.
    """

    def __init__(self, path: Path, dpi: float, *, infrared: bool = False) -> None:
        self._pixels = load(path, dpi, infrared=infrared)
        self.height, self.width = self._pixels.shape[:2]

    def rows(self, top: int, bottom: int) -> Pixels:
        """Rows from `top` to before `bottom`, gray or colour, 8 or 16 bit."""
        return self._pixels[top:bottom]


def to_depth(pixels: Pixels, depth: int) -> Pixels:
    """The same pixels in 8 or 16 bits, white staying white."""
    if depth == 16 and pixels.dtype == np.uint8:  # noqa: PLR2004  # bits
        return pixels.astype(np.uint16) * np.uint16(_DEEP)
    if depth == 8 and pixels.dtype == np.uint16:  # noqa: PLR2004  # bits
        return ((pixels.astype(np.uint32) + _DEEP // 2) // _DEEP).astype(np.uint8)
    return pixels


def to_colour(pixels: Pixels) -> Pixels:
    """The same pixels with three samples."""
    return np.repeat(pixels[:, :, None], 3, axis=2) if pixels.ndim == 2 else pixels  # noqa: PLR2004  # axes


def to_gray(pixels: Pixels) -> Pixels:
    """The same pixels with one sample: luma of ITU-R BT.601, section 2.5.1."""
    if pixels.ndim == 2:  # noqa: PLR2004  # axes
        return pixels
    # weights in 65536ths, rounded, so that equal channels stay what they are
    weighted = pixels.astype(np.uint32) @ np.array([19595, 38470, 7471], np.uint32)
    return ((weighted + 0x8000) >> 16).astype(pixels.dtype)
