# SPDX-License-Identifier: Apache-2.0
"""ICC profiles by the names that manifests use, the same bytes on every machine and every day."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from archive.errors import ColorProfileUnknown

GRAY_GAMMA = 2.2
_DATE = struct.pack(">6H", 2024, 1, 1, 0, 0, 0)
"""A fixed creation date (ICC.1:2001-04, 6.1.7), so that equal profiles are equal bytes."""

_VERSION = struct.pack(">I", 0x04300000)
"""ICC.1:2010, whose parts are all that the profile is made of; checkers in archives refuse the 4.4 of LittleCMS."""

_D50 = struct.pack(">3I", 0xF6D6, 0x10000, 0xD32D)
"""The profile connection space illuminant in s15Fixed16 (ICC.1:2001-04, 6.1.11)."""


@dataclass(frozen=True, slots=True)
class ColorProfile:
    """What the name of a colour profile promises about a page.

    Attributes:
        name: The canonical name.
        samples_per_pixel: 1 or 3.
        bilevel: Whether samples have one bit.
    """

    name: str
    samples_per_pixel: int
    bilevel: bool = False


SRGB = ColorProfile("sRGB", 3)
GRAY = ColorProfile("gray", 1)
BITONAL = ColorProfile("bitonal", 1, bilevel=True)
_BUILT_IN = (SRGB, GRAY, BITONAL)
_SITE_OWNED = (ColorProfile("eciRGBv2", 3), ColorProfile("AdobeRGB", 3))
_ALIASES = {
    "srgbiec6196621": SRGB,
    "grey": GRAY,
    "graygamma22": GRAY,
    "greygamma22": GRAY,
    "grayscale": GRAY,
    "bilevel": BITONAL,
    "lineart": BITONAL,
    "none": BITONAL,
    "adobergb1998": _SITE_OWNED[1],
} | {profile.name.lower(): profile for profile in (*_BUILT_IN, *_SITE_OWNED)}


def color_profile(name: str) -> ColorProfile:
    """The profile that a manifest's name means; case, spaces, dots and dashes do not matter.

    Raises:
        ColorProfileUnknown: The name is not known.
    """
    try:
        return _ALIASES[_key(name)]
    except KeyError:
        known = ", ".join(profile.name for profile in (*_BUILT_IN, *_SITE_OWNED))
        raise ColorProfileUnknown(
            f"There is no colour profile named {name!r}; known are {known}.", name=name
        ) from None


def _key(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def icc_profile(name: str, site_profiles: Mapping[str, Path] | None = None) -> bytes | None:
    """The ICC profile to embed in images of a colour profile; None for bitonal, which has none.

    Args:
        name: The manifest's name of it.
        site_profiles: .icc files of the site by canonical profile name. eciRGBv2 and AdobeRGB
            are not ours to distribute and come from here (`site_profiles`).

    Raises:
        ColorProfileUnknown: The name is not known, or its file is missing or not an ICC profile
            of that many channels.
    """
    profile = color_profile(name)
    path = (site_profiles or {}).get(profile.name)
    if path is not None:
        return read_profile(path, profile.samples_per_pixel)
    if profile.bilevel:
        return None
    if profile is SRGB:
        return srgb_profile()
    if profile is GRAY:
        return gray_profile()
    raise ColorProfileUnknown(
        f"The colour profile {profile.name} does not come with Recto, and no file of the site was found for it.",
        consequence="No page is captured with this profile; nothing was written.",
        remedy=f"Put {profile.name}.icc into the folder that the setting masters.icc_folder names, or declare sRGB.",
        name=profile.name,
    )


def site_profiles(folder: Path | None) -> dict[str, Path]:
    """The .icc and .icm files of a site's folder, by the canonical name of the profile that their name means.

    Names that mean no profile are left alone. Of several files for one, the first by name counts.

    Args:
        folder: The folder; None for none.

    Raises:
        ColorProfileUnknown: The folder cannot be read.
    """
    if folder is None:
        return {}
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in {".icc", ".icm"})
    except OSError as error:
        raise ColorProfileUnknown(
            f"The folder of ICC profiles {folder} cannot be read: {error.strerror}.",
            remedy="Make the folder readable here, or correct the setting masters.icc_folder.",
            path=str(folder),
        ) from error
    found: dict[str, Path] = {}
    for path in files:
        profile = _ALIASES.get(_key(path.stem))
        if profile is not None:
            found.setdefault(profile.name, path)
    return found


def profile_space(path: Path) -> str:
    """The data colour space signature of an .icc file, such as "RGB" or "GRAY"; "" where it has none.

    Raises:
        ColorProfileUnknown: It cannot be read.
    """
    return _content(path)[16:20].decode("ascii", "replace").strip()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ColorProfileUnknown(
            f"The ICC profile {path} cannot be read: {error.strerror}.", path=str(path)
        ) from error


def read_profile(path: Path, samples_per_pixel: int) -> bytes:
    """An .icc file for images of so many samples a pixel.

    Raises:
        ColorProfileUnknown: It cannot be read, or is no ICC profile of that many channels.
    """
    content = _content(path)
    space = b"RGB " if samples_per_pixel > 1 else b"GRAY"
    # ICC.1:2001-04, 6.1: size at 0, data colour space at 16, signature at 36
    if content[36:40] != b"acsp" or content[16:20] != space or content[:4] != struct.pack(">I", len(content)):
        raise ColorProfileUnknown(
            f"The file {path} is not an ICC profile for {space.decode().strip()} images.", path=str(path)
        )
    return content


def srgb_profile() -> bytes:
    """The sRGB profile (IEC 61966-2-1) that LittleCMS builds, with its date fixed."""
    from PIL import ImageCms

    content = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    content[8:12] = _VERSION
    content[24:36] = _DATE
    content[84:100] = bytes(16)  # a profile ID would be the MD5 of bytes that we have just changed
    return bytes(content)


def gray_profile(gamma: float = GRAY_GAMMA) -> bytes:
    """An ICC version 2 monochrome display profile with a pure power curve.

    Built after ICC.1:2001-04: header 6.1, required tags of monochrome display profiles 6.3.2.2
    (description, gray tone curve, media white point, copyright).

    Args:
        gamma: The exponent, kept with 1/256 precision (curveType of one entry, 6.5.3).
    """
    description = f"Gray Gamma {gamma:g}".encode("ascii") + b"\0"
    tags = {
        b"desc": b"desc"
        + bytes(4)
        + struct.pack(">I", len(description))
        + description
        + bytes(4 + 4 + 3 + 67),
        b"cprt": b"text" + bytes(4) + b"No copyright, use freely\0",
        b"wtpt": b"XYZ " + bytes(4) + _D50,
        b"kTRC": b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)),
    }
    directory, body = BytesIO(), BytesIO()
    start = 128 + 4 + 12 * len(tags)
    directory.write(struct.pack(">I", len(tags)))
    for signature, data in tags.items():
        directory.write(struct.pack(">4sII", signature, start + body.tell(), len(data)))
        body.write(data + bytes(-len(data) % 4))
    size = start + body.tell()
    header = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x02200000, b"mntr", b"GRAY", b"XYZ ")
    header += _DATE + b"acsp" + bytes(4 * 7) + _D50
    return header.ljust(128, b"\0") + directory.getvalue() + body.getvalue()
