# SPDX-License-Identifier: Apache-2.0
"""What is made from a master for reading and recognising: access JPEG, thumbnail, OCR rendition.

The same master gives the same bytes, with one version of Pillow. Nothing is ever scaled up.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms

from archive.digests import DigestSet, digest_file
from archive.durable import durable_file, write_durably
from archive.imaging.band_scaling import scaled_bands
from archive.imaging.color_profiles import gray_profile, srgb_profile
from archive.imaging.image_header import ImageHeader
from archive.imaging.page_pixels import Pixels, page_bands
from archive.imaging.pixels import DecodedPage, decode_page, shrink
from archive.imaging.png_rows import write_png_rows
from archive.imaging.scaling import scale

ACCESS_LONG_SIDE = 3000
ACCESS_QUALITY = 85
THUMBNAIL_SIDE = 512
OCR_DPI = 300
_THUMBNAIL_QUALITY = 80
_TURNED_SIDEWAYS = 5
"""Orientations 5 to 8 swap rows and columns (TIFF 6.0, tag 274)."""


@dataclass(frozen=True, slots=True)
class Derivative:
    """A file made from a master.

    Attributes:
        path: Where it stands.
        size: Bytes.
        sha256: SHA-256 of the file.
        md5: MD5 of the file.
        width: Pixels in a row.
        height: Rows.
        mime: Media type.
    """

    path: Path
    size: int
    sha256: str
    md5: str
    width: int
    height: int
    mime: str


@dataclass(frozen=True, slots=True)
class Derivatives:
    """The derivatives of one master; no OCR rendition where none was asked for."""

    access: Derivative
    thumbnail: Derivative
    ocr_rendition: Derivative | None


def make_derivatives(
    master: Path | DecodedPage,
    *,
    access: Path,
    thumbnail: Path,
    ocr_rendition: Path | None,
    dpi: int,
    access_long_side: int = ACCESS_LONG_SIDE,
    access_quality: int = ACCESS_QUALITY,
) -> Derivatives:
    """Make all three derivatives with one decoding of the master; the bytes are those of the single ones.

    Args:
        master: The master image, or what it was decoded to.
        access: Where the access JPEG goes.
        thumbnail: Where the thumbnail goes.
        ocr_rendition: Where the OCR rendition goes; None for none.
        dpi: The master's resolution according to the manifest.
        access_long_side: Pixels of the access JPEG's longer side.
        access_quality: Its JPEG quality, 1 to 95.

    Raises:
        DamagedImage, UnsupportedImage, ImageTooLarge, WorkerExtraMissing: The master does not decode.
        OSError: The disk is full or failing; finished derivatives stay, no half one does.
    """
    page = decode_page(master) if isinstance(master, Path) else master
    return Derivatives(
        access=_access_jpeg(page, access, access_long_side, access_quality),
        thumbnail=_thumbnail(page, thumbnail, THUMBNAIL_SIDE),
        ocr_rendition=None if ocr_rendition is None else _ocr_rendition(page, ocr_rendition, dpi, OCR_DPI),
    )


def make_access_jpeg(
    master: Path, destination: Path, *, long_side: int = ACCESS_LONG_SIDE, quality: int = ACCESS_QUALITY
) -> Derivative:
    """Make an sRGB (or gray) JPEG of at most `long_side` pixels with its profile embedded.

    Args:
        master: The master image.
        destination: The JPEG's path.
        long_side: Pixels of the longer side.
        quality: JPEG quality, 1 to 95.

    Raises:
        DamagedImage, UnsupportedImage, ImageTooLarge, WorkerExtraMissing, OSError: As `make_derivatives`.
    """
    return _access_jpeg(decode_page(master), destination, long_side, quality)


def make_thumbnail(master: Path, destination: Path, *, side: int = THUMBNAIL_SIDE) -> Derivative:
    """Make an sRGB (or gray) JPEG that fits into a square of `side` pixels.

    Raises:
        DamagedImage, UnsupportedImage, ImageTooLarge, WorkerExtraMissing, OSError: As `make_derivatives`.
    """
    return _thumbnail(decode_page(master), destination, side)


def make_ocr_rendition(master: Path, destination: Path, *, dpi: int, target: int = OCR_DPI) -> Derivative:
    """Make the PNG that text is recognised from: gray, at most `target` pixels per inch.

    A master above the target is scaled down, which recognises as well as the full size and
    faster; 1-bit masters become gray by it. Below it keeps its size: enlarging does not help
    material that was captured at the resolution it says.

    Args:
        master: The master image.
        destination: The PNG's path.
        dpi: The master's resolution according to the manifest; the file's own tag is not believed.
        target: Pixels per inch of the rendition.

    Raises:
        ValueError: `dpi` is not positive.
        DamagedImage, UnsupportedImage, ImageTooLarge, WorkerExtraMissing, OSError: As `make_derivatives`.
    """
    return _ocr_rendition(decode_page(master), destination, dpi, target)


def _access_jpeg(page: DecodedPage, destination: Path, long_side: int, quality: int) -> Derivative:
    image, icc = standard_color(shrink(page.image, long_side), page.header.icc)
    return _write_jpeg(image, destination, quality, icc, _scaled_dpi(page, image))


def _thumbnail(page: DecodedPage, destination: Path, side: int) -> Derivative:
    image, icc = standard_color(shrink(page.image, side), page.header.icc)
    return _write_jpeg(image, destination, _THUMBNAIL_QUALITY, icc, None)


def _ocr_rendition(page: DecodedPage, destination: Path, dpi: int, target: int) -> Derivative:
    if dpi <= 0:
        raise ValueError(f"A resolution of {dpi} dpi is not one.")
    image = page.image
    if not isinstance(image, Image.Image):
        return _large_rendition(image, destination, dpi, target)
    if dpi > target:
        # the Hamming kernel has no negative lobes: no halos around strokes for Tesseract to read
        image = scale(image, *_scaled_size(image, dpi, target), Image.Resampling.HAMMING)
    gray = image if image.mode == "1" else image.convert("L")
    ppi = min(dpi, target)
    encoded = BytesIO()
    # level 1: the rendition is read once and thrown away
    gray.save(encoded, "PNG", compress_level=1, dpi=(ppi, ppi))
    return store(destination, encoded.getvalue(), gray.size, "image/png")


def _large_rendition(page: Pixels, destination: Path, dpi: int, target: int) -> Derivative:
    """The OCR rendition of a page that is not in memory, and as a rendition may be too large for it as well."""
    size, bands, mode = page.size, page_bands(page), "1" if page.mode == "1" else "L"
    if dpi > target:
        size, mode = _scaled_size(page, dpi, target), "L"
        bands = scaled_bands(page, *size, Image.Resampling.HAMMING)
    with durable_file(destination) as file:
        gray = (band if band.mode == mode else band.convert(mode) for band in bands)
        write_png_rows(file, gray, size, mode=mode, dpi=min(dpi, target))
    digests = digest_file(destination)
    values = digests.hexdigests()
    return Derivative(destination, digests.size, values["sha256"], values["md5"], *size, "image/png")


def _scaled_size(page: Pixels, dpi: int, target: int) -> tuple[int, int]:
    width, height = (max(1, round(side * target / dpi)) for side in page.size)
    return width, height


def standard_color(image: Image.Image, icc: bytes | None) -> tuple[Image.Image, bytes]:
    """The image in sRGB, or in gray gamma 2.2, as its own profile says its samples look, and that profile."""
    image = image.convert("L") if image.mode == "1" else image
    standard = gray_profile() if image.mode == "L" else srgb_profile()
    if icc is not None and icc != standard:
        image = _convert(image, icc, standard)
    return image, standard


def _convert(image: Image.Image, icc: bytes, standard: bytes) -> Image.Image:
    try:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(BytesIO(icc)),
            ImageCms.ImageCmsProfile(BytesIO(standard)),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (OSError, ImageCms.PyCMSError):
        # a profile for other channels, or rubbish: the check of the page reports it, the samples
        # are shown as they are
        return image
    return image if converted is None else converted


def upright_dpi(header: ImageHeader) -> tuple[float, float] | None:
    """Horizontal and vertical resolution of a page as it is decoded: upright; None where its file tells none."""
    dpi = header.dpi
    sideways = header.orientation >= _TURNED_SIDEWAYS
    return dpi[::-1] if dpi is not None and sideways else dpi


def _scaled_dpi(page: DecodedPage, image: Image.Image) -> tuple[float, float] | None:
    dpi = upright_dpi(page.header)
    factor = max(image.size) / max(page.image.size)
    return None if dpi is None else (dpi[0] * factor, dpi[1] * factor)


def _write_jpeg(
    image: Image.Image, destination: Path, quality: int, icc: bytes, dpi: tuple[float, float] | None
) -> Derivative:
    encoded = BytesIO()
    options = {} if dpi is None else {"dpi": (round(dpi[0]), round(dpi[1]))}
    image.save(
        encoded,
        "JPEG",
        quality=quality,
        subsampling="4:2:0",
        optimize=True,
        icc_profile=icc,
        **options,
    )
    return store(destination, encoded.getvalue(), image.size, "image/jpeg")


def store(destination: Path, content: bytes, size: tuple[int, int], mime: str) -> Derivative:
    """Write a derivative durably.

    Args:
        destination: Where it goes; what stands there is replaced.
        content: The whole file.
        size: Its width and height in pixels.
        mime: Its media type.

    Raises:
        OSError: The disk is full or failing; no half file stays.
    """
    write_durably(destination, content)
    digests = DigestSet()
    digests.update(content)
    hexdigests = digests.hexdigests()
    return Derivative(destination, len(content), hexdigests["sha256"], hexdigests["md5"], *size, mime)
