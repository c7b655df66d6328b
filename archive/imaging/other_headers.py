# SPDX-License-Identifier: Apache-2.0
"""Reading the headers of JPEG, PNG and JPEG 2000 files."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

from archive.errors import DamagedImage, UnsupportedImage
from archive.imaging.image_header import ImageHeader, clean_text, orientation, resolution

# Recto checks its own, settable limit before it decodes (archive.imaging.pixels); Pillow's fixed one
# would refuse large maps already when their header is read.
Image.MAX_IMAGE_PIXELS = None

_SIGNATURES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\0\0\0\x0cjP  \r\n\x87\n": "JPEG2000",
}
_NAMES = {"JPEG": "JPEG", "PNG": "PNG", "JPEG2000": "JPEG 2000"}
_MIMES = {"JPEG": "image/jpeg", "PNG": "image/png", "JPEG2000": "image/jp2"}
_COMPRESSION = {"JPEG": "jpeg", "PNG": "deflate", "JPEG2000": "jpeg 2000"}
_PHOTOMETRIC = {
    "1": "black_is_zero", "L": "black_is_zero", "LA": "black_is_zero", "I": "black_is_zero",
    "I;16": "black_is_zero", "P": "palette", "RGB": "rgb", "RGBA": "rgb", "CMYK": "cmyk", "YCbCr": "ycbcr",
}  # fmt: skip
_EXIF_TEXTS = {
    ExifTags.Base.ImageDescription: "description", ExifTags.Base.Make: "make", ExifTags.Base.Model: "model",
    ExifTags.Base.Software: "software", ExifTags.Base.DateTime: "datetime", ExifTags.Base.Artist: "artist",
    ExifTags.Base.Copyright: "copyright", ExifTags.Base.DocumentName: "document_name",
}  # fmt: skip
_EXIF_UNITS = {2: 1.0, 3: 2.54}
_JFIF_UNITS = {1: 1.0, 2: 2.54}
_PNG_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel by PNG colour type (ISO/IEC 15948, 11.2.2)."""


def read_other_header(path: Path, start: bytes) -> ImageHeader:
    """Read the header of a file that is no TIFF.

    Args:
        path: The file.
        start: Its first 32 bytes.

    Raises:
        DamagedImage: It begins like a known format and goes on like none.
        UnsupportedImage: It is none of the known formats.
    """
    kind = next((name for signature, name in _SIGNATURES.items() if start.startswith(signature)), None)
    if kind is None:
        raise UnsupportedImage(f"{path} is not a TIFF, JPEG, PNG or JPEG 2000 file.", path=str(path))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd EXIF is no reason to refuse a page
            with Image.open(path, formats=[kind]) as image:
                return _header(path, kind, start, image)
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, struct.error) as error:
        raise DamagedImage(f"The header of {path} cannot be read: {error}", path=str(path)) from error


def _header(path: Path, kind: str, start: bytes, image: Image.Image) -> ImageHeader:
    # not getexif(): for a PNG it decodes the whole image to look behind it
    exif = Image.Exif()
    exif.load(image.info.get("exif") or b"")
    bits, samples = _depth(path, kind, start, image)
    return ImageHeader(
        format_name=_NAMES[kind],
        mime=_MIMES[kind],
        format_version=_version(kind, image.info),
        byte_order="big endian",
        compression=_COMPRESSION[kind],
        width=image.size[0],
        height=image.size[1],
        bits_per_sample=bits,
        samples_per_pixel=samples,
        # a JPEG in colour is stored as YCbCr unless an Adobe marker says otherwise
        photometric="ycbcr"
        if kind == "JPEG" and image.mode == "RGB"
        else _PHOTOMETRIC.get(image.mode, image.mode),
        dpi=_dpi(image.info, exif),
        orientation=orientation(exif.get(ExifTags.Base.Orientation)),
        icc=image.info.get("icc_profile") or None,
        tags={name: text for code, name in _EXIF_TEXTS.items() if (text := clean_text(exif.get(code, "")))},
    )


def _version(kind: str, info: dict[Any, Any]) -> str:
    if kind == "JPEG" and "jfif_version" in info:
        major, minor = info["jfif_version"]
        return f"{major}.{minor:02d}"
    return ""


def _depth(path: Path, kind: str, start: bytes, image: Image.Image) -> tuple[int, int]:
    """Bits and samples as the file has them: Pillow's modes do not tell 16-bit colour from 8-bit."""
    if kind == "PNG":  # IHDR is the first chunk: bit depth at 24, colour type at 25 (ISO/IEC 15948, 11.2.2)
        return start[24], _PNG_SAMPLES[start[25]]
    if kind == "JPEG2000":
        return _jpeg2000_depth(path)
    return 8, len(image.getbands())


def _jpeg2000_depth(path: Path) -> tuple[int, int]:
    """Bits and components from the image header box (ISO/IEC 15444-1, I.5.3.1)."""
    with path.open("rb") as file:
        head = file.read(4096)
    at = head.find(b"ihdr")
    if at < 0:
        raise ValueError("no image header box")
    components, bits = struct.unpack_from(">HB", head, at + 4 + 8)
    if bits == 255:  # noqa: PLR2004 - "varies by component"
        raise ValueError("components of different depths")
    return (bits & 0x7F) + 1, components


def _dpi(info: dict[Any, Any], exif: Image.Exif) -> tuple[float, float] | None:
    """The stated resolution; Pillow's own guess is not used where a file states none."""
    if factor := _JFIF_UNITS.get(info.get("jfif_unit", 0)):
        x, y = info["jfif_density"]
        return resolution(x * factor, y * factor)
    if "jfif_unit" not in info and "dpi" in info and ExifTags.Base.XResolution not in exif:
        return resolution(*info["dpi"])
    factor = _EXIF_UNITS.get(exif.get(ExifTags.Base.ResolutionUnit, 2))
    x, y = exif.get(ExifTags.Base.XResolution), exif.get(ExifTags.Base.YResolution)
    if factor and x and y:
        return resolution(float(x) * factor, float(y) * factor)
    return None
