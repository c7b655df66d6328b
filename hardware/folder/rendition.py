# SPDX-License-Identifier: Apache-2.0
"""The pixels of a file from a hot folder, and whether they say all that the file says."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from hardware.errors import DriverMissing, InputOutputFailure, UnsupportedFrame
from hardware.folder.shots import RAW
from hardware.simulated.glass import Pixels, read_image

_TIFF = frozenset({".tif", ".tiff"})

_PLAIN = frozenset({0, 1, 2})
"""TIFF 6.0, PhotometricInterpretation: gray either way round, and RGB."""

_PAGES = _PLAIN | {3, 6}
"""And palettes and YCbCr, which stand for RGB."""

_UNSIGNED = 1
"""TIFF 6.0, SampleFormat."""

_NOT_COMPRESSED = 1
"""TIFF 6.0, Compression."""

_NO_PAGE = frozenset({"CMYK", "LAB", "HSV", "F"})
"""Pillow's modes that it would convert without a profile."""

_STUMBLES = (
    *(ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RuntimeError),
    *(SyntaxError, TypeError, ValueError, struct.error),
)
"""In how many ways the readers of images stumble over damaged ones."""

_ICC_PROFILE, _ORIENTATION = 34675, 274
"""TIFF tags: ICC.1:2001-04, annex B.4, and TIFF 6.0, section 8."""

_SRGB_CURVE = (2.4, 12.92)
"""Exponent and slope at the foot of IEC 61966-2-1, as LibRaw wants them."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """What was read from a file.

    Attributes:
        pixels: (rows, width) gray or (rows, width, 3) colour, 8 or 16 bits.
        dpi: The resolution that the file states, if it does.
        how: By what, and how, the pixels were made; empty when they are the file's own, every one.
        sha256: Digest of the file that was read.
        color_space: What the pixels were made into; empty when nothing was converted.
    """

    pixels: Pixels
    dpi: float | None
    how: str
    sha256: str
    color_space: str = ""


def render(path: Path) -> Rendition:
    """Read a file.

    Raises:
        InputOutputFailure: It is no whole, readable image.
        UnsupportedFrame: Its samples are not those of gray or RGB pages.
        DriverMissing: It is a camera's raw file, and what reads these is not installed.
    """
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, lambda: hashlib.sha256(usedforsecurity=False)).hexdigest()
    except OSError as error:
        raise InputOutputFailure(f"{path.name} cannot be read: {error.strerror}.", path=str(path)) from error
    _refuse_what_has_no_page_pixels(path)
    if path.suffix.lower() in RAW:
        return Rendition(*_develop(path), sha256, "sRGB")
    try:
        pixels, dpi = read_image(path)
    except _STUMBLES as error:
        raise _unreadable(path, type(error).__name__) from error
    return Rendition(pixels, dpi, "" if _says_no_more(path) else "decoded by Pillow or tifffile", sha256)


def _unreadable(path: Path, reason: str) -> InputOutputFailure:
    return InputOutputFailure(
        f"{path.name} cannot be read as an image: {reason}.",
        remedy="Take the file away, or let the capture software write it again.",
        path=str(path),
    )


def _refuse_what_has_no_page_pixels(path: Path) -> None:
    """Refuse samples that readers would make into pixels somehow: inks, Lab, floating point, more than 16 bits."""
    try:
        found = _samples(path)
    except _STUMBLES as error:
        raise _unreadable(path, str(error) or type(error).__name__) from error
    if found:
        raise UnsupportedFrame(
            f"{path.name} has {found}; a page has gray or RGB samples of at most 16 bits.",
            remedy="Let the capture software write gray or RGB with 8 or 16 bits, and scan the page again.",
            path=str(path),
        )


def _samples(path: Path) -> str:
    """What is odd about the samples of an image; empty when nothing is."""
    suffix = path.suffix.lower()
    if suffix in _TIFF:
        import tifffile

        with tifffile.TiffFile(path) as file:
            page: Any = file.pages[0]
            bits = page.imagewidth * page.imagelength * page.samplesperpixel * page.bitspersample
            # YCbCr may leave colour out for most pixels
            stored = page.compression == _NOT_COMPRESSED and page.photometric in _PLAIN
            if stored and bits // 8 > path.stat().st_size:
                # nobody has to make room for gigabytes that a damaged header tells of
                raise ValueError("its pixels do not end before the file does")
            if page.photometric not in _PAGES:
                return f"samples of the kind {page.photometric.name}"
            if page.sampleformat != _UNSIGNED or page.bitspersample not in {1, 2, 4, 8, 16}:
                return f"samples of {page.bitspersample} bits in the format {page.sampleformat}"
    elif suffix not in RAW:
        with Image.open(path) as image:
            if image.mode in _NO_PAGE:
                return f"samples of the kind {image.mode}"
    return ""


def _develop(path: Path) -> tuple[Pixels, float | None, str]:
    """Develop a raw file as the camera saw it: its white balance, no brightening, nothing turned, sRGB, 16 bits."""
    try:
        import rawpy
    except ImportError as error:
        raise DriverMissing(
            f"{path.name} is a camera's raw file, and what reads these is not installed.",
            remedy="Install it with: pip install 'recto[raw]'; or let the capture software write TIFF.",
            path=str(path),
        ) from error
    try:
        with rawpy.imread(str(path)) as raw:
            pixels: Pixels = raw.postprocess(
                use_camera_wb=True,
                no_auto_bright=True,
                user_flip=0,
                output_bps=16,
                output_color=rawpy.ColorSpace.sRGB,
                gamma=_SRGB_CURVE,
            )
    except (OSError, ValueError, rawpy.LibRawError) as error:
        said = error.args[0] if error.args else ""
        reason = said.decode(errors="replace") if isinstance(said, bytes) else str(error)
        raise InputOutputFailure(
            f"{path.name} cannot be read as a raw file: {reason}.",
            remedy="Take the file away, or let the camera or its software write it again.",
            path=str(path),
        ) from error
    version = ".".join(map(str, rawpy.libraw_version))
    how = f"LibRaw {version}: white balance of the camera, no brightening, not turned, 16 bits, sRGB"
    return pixels, None, how


def _says_no_more(path: Path) -> bool:
    """Whether an image holds nothing that its pixels, as they were read, do not hold: one picture, no profile."""
    try:
        if path.suffix.lower() in _TIFF:
            return _plain_tiff(path)
        if path.suffix.lower() != ".png":
            return False
        with Image.open(path) as image:
            plain = image.mode in {"1", "L", "RGB", "I;16", "I"}
            return plain and not {"icc_profile", "transparency"} & image.info.keys()
    except _STUMBLES:
        # it was read a moment ago; what looks odd now is kept
        return False


def _plain_tiff(path: Path) -> bool:
    import tifffile

    with tifffile.TiffFile(path) as file:
        page: Any = file.pages[0]
        return (
            len(file.pages) == 1
            and page.photometric in _PLAIN
            and page.samplesperpixel in {1, 3}
            and page.bitspersample in {1, 8, 16}
            and page.compression != tifffile.COMPRESSION.JPEG
            and _ICC_PROFILE not in page.tags
            and (_ORIENTATION not in page.tags or page.tags[_ORIENTATION].value == 1)
        )
