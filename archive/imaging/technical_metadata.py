# SPDX-License-Identifier: Apache-2.0
"""What an image file says about itself: format, geometry, colour, resolution, profile and tags."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archive.errors import UnsupportedImage
from archive.imaging.image_header import ImageHeader
from archive.imaging.other_headers import read_other_header
from archive.imaging.regular_file import require_regular_file
from archive.imaging.tiff_header import read_tiff_header

_TIFF_SIGNATURES = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


@dataclass(frozen=True, slots=True)
class IccFacts:
    """An embedded ICC profile.

    Attributes:
        name: Its own description.
        sha256: SHA-256 of its bytes.
        size: Its bytes.
        color_space: The data colour space signature in its header, such as "RGB" or "GRAY".
        profile_class: The profile class signature in its header, such as "scnr" or "mntr"; "" in older records.
        stated_size: Its bytes by its own header, 0 in older records: another number than `size` means damage.
    """

    name: str
    sha256: str
    size: int
    color_space: str
    profile_class: str = ""
    stated_size: int = 0


@dataclass(frozen=True, slots=True)
class TechnicalMetadata:
    """The technical facts of an image file, from its header alone.

    Attributes:
        mime: Media type.
        format_name: TIFF, JPEG, PNG or JPEG 2000.
        format_version: Version of the format as the file states it, or "".
        byte_order: "little endian" or "big endian".
        compression: "none", or the scheme's name in lower case.
        width: Pixels in a row, as stored.
        height: Rows, as stored.
        bits_per_sample: Bits of one sample.
        samples_per_pixel: Samples of one pixel.
        photometric: white_is_zero, black_is_zero, rgb, palette, ycbcr, cmyk or another TIFF word.
        color_space: bitonal, gray, rgb, or the photometric word.
        dpi: Horizontal and vertical resolution in pixels per inch, or None if the file tells none.
        orientation: 1 to 8 as in TIFF tag 274.
        icc: The embedded profile, or None.
        tags: Make, model, software, datetime, artist, document_name, copyright and description,
            those that are there.
        file_size: Bytes.
        images: Images in the file, reduced-size ones not counted.
        tools: What programs of others say of the file, by their name and version, where one was asked.
    """

    mime: str
    format_name: str
    format_version: str
    byte_order: str
    compression: str
    width: int
    height: int
    bits_per_sample: int
    samples_per_pixel: int
    photometric: str
    color_space: str
    dpi: tuple[float, float] | None
    orientation: int
    icc: IccFacts | None
    tags: dict[str, str] = field(default_factory=dict)
    file_size: int = 0
    images: int = 1
    tools: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The facts as a JSON object."""
        document = asdict(self)
        document["dpi"] = list(self.dpi) if self.dpi is not None else None
        return document

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> TechnicalMetadata:
        """The facts that `to_json` described."""
        facts = dict(document)
        facts["dpi"] = (float(facts["dpi"][0]), float(facts["dpi"][1])) if facts["dpi"] else None
        facts["icc"] = IccFacts(**facts["icc"]) if facts["icc"] else None
        return cls(**facts)


def read_technical_metadata(path: Path) -> TechnicalMetadata:
    """Read the header of an image file; no pixel is decoded.

    Raises:
        DamagedImage: The file begins like an image but its header cannot be read.
        UnsupportedImage: It is no TIFF, JPEG, PNG or JPEG 2000 file.
        OSError: The file cannot be read.
    """
    header = read_header(path)
    return TechnicalMetadata(
        mime=header.mime,
        format_name=header.format_name,
        format_version=header.format_version,
        byte_order=header.byte_order,
        compression=header.compression,
        width=header.width,
        height=header.height,
        bits_per_sample=header.bits_per_sample,
        samples_per_pixel=header.samples_per_pixel,
        photometric=header.photometric,
        color_space=_color_space(header),
        dpi=header.dpi,
        orientation=header.orientation,
        icc=icc_facts(header.icc) if header.icc else None,
        tags=header.tags,
        file_size=path.stat().st_size,
        images=header.images,
    )


def read_header(path: Path) -> ImageHeader:
    """Read the header of an image file with its ICC profile, whatever its format.

    Raises:
        DamagedImage, UnsupportedImage, OSError: As `read_technical_metadata`.
    """
    require_regular_file(path)
    with path.open("rb") as file:
        start = file.read(32)
    if start.startswith(_TIFF_SIGNATURES):
        return read_tiff_header(path)
    if not start:
        raise UnsupportedImage(f"The file {path} is empty.", path=str(path))
    return read_other_header(path, start)


def icc_facts(icc: bytes) -> IccFacts:
    """Name, digest and size of an ICC profile; a profile that does not parse has the name ""."""
    from io import BytesIO

    from PIL import ImageCms

    try:
        name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(icc))).strip()
    except (OSError, ImageCms.PyCMSError):
        name = ""
    # ICC.1:2022, table 17: size at 0, profile class at 12, data colour space at 16
    kind, space = (icc[at : at + 4].decode("ascii", "replace").strip() for at in (12, 16))
    stated = int.from_bytes(icc[:4], "big")
    return IccFacts(name, hashlib.sha256(icc).hexdigest(), len(icc), space, kind, stated)


def _color_space(header: ImageHeader) -> str:
    if header.photometric in {"white_is_zero", "black_is_zero"}:
        return "bitonal" if header.bits_per_sample == 1 else "gray"
    # JPEG keeps RGB as YCbCr; what a reader gets is RGB
    return "rgb" if header.photometric in {"rgb", "ycbcr"} else header.photometric
