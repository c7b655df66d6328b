# SPDX-License-Identifier: Apache-2.0
"""The one place where images are decoded, so that no sample is halved, no damage hidden and no bomb lit.

Pillow decodes what has at most 8 bits a sample. What has more goes through tifffile or imagecodecs:
Pillow would open colour of 16 bits and keep the upper halves without a word (python-pillow issue 1888).
"""

from __future__ import annotations

import hashlib
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageOps

from archive.errors import DamagedImage, ImageTooLarge, UnsupportedImage, WorkerExtraMissing
from archive.imaging.decoded_strips import is_packed, is_stripped, packed_strips
from archive.imaging.image_header import ImageHeader
from archive.imaging.large_page import open_large_page
from archive.imaging.orientation import upright
from archive.imaging.page_pixels import GrayPixels, Pixels, page_bands, sixteen_to_eight
from archive.imaging.sample_arrays import array_bands, is_streamable, to_eight_bit
from archive.imaging.scaling import scale
from archive.imaging.strips import strip_bytes
from archive.imaging.technical_metadata import read_header

PIXEL_LIMIT = 1_000_000_000
"""Pixels that are decoded unless a caller allows more: twice A0 at 600 dpi."""

HELD_PIXELS = 36_000_000
"""Pixels up to which a page is held in memory while it is measured and derived from: A4 at 600 dpi has 35 million."""

_PACKED_BYTES = 256 << 20
"""Bytes of samples below which nobody asks how small the file is."""

_PACKED_TIMES = 400
"""How many times its file an image may be: white paper from a scanner has noise and packs 100 times at best, a
blank page in JPEG 256 times; deflate packs nothing but zeros 1,032 times. Not asked of 1 bit, where blank is blank."""

_MOST_BY_DEFLATE = 1100
"""Deflate packs zeros 1,032 times at best: what claims more, of any size, has strips that lie on each other."""

_HARMLESS_BYTES = 64 << 20
"""Pixels of so many bytes are decoded at once, whatever their file promises."""

_ROWS = 256
_PILLOW_FORMATS = {"TIFF": "TIFF", "JPEG": "JPEG", "PNG": "PNG", "JPEG 2000": "JPEG2000"}
_KNOWN_PHOTOMETRICS = {"white_is_zero", "black_is_zero", "rgb", "palette", "ycbcr", "cmyk"}
_EIGHT_BITS = 8


def pixel_digest(path: Path, *, pixel_limit: int = PIXEL_LIMIT) -> str:
    """SHA-256 of an image's decoded samples in stored order: rows from the top, pixels interleaved.

    1 bit is packed with the leftmost pixel highest and rows filled to a byte, 16 bit is
    little-endian, as in `RawPage`. Uncompressed TIFFs are read strip by strip, their fill bits as
    stored; other images are decoded whole, or by libvips where they are large. For lossy formats the digest holds for one version of
    the decoder.

    Raises:
        DamagedImage: The file does not decode whole.
        UnsupportedImage: It is of a kind that is not decoded.
        ImageTooLarge: It claims more than `pixel_limit` pixels.
        WorkerExtraMissing: It needs a decoder that is not installed here.
    """
    header = read_header(path)
    require_decodable(path, header, pixel_limit)
    digest = hashlib.sha256()
    for block in _stored_samples(path, header):
        digest.update(block)
    return digest.hexdigest()


def require_decodable(path: Path, header: ImageHeader, pixel_limit: int = PIXEL_LIMIT) -> None:
    """Refuse, by its header alone, an image that must not or cannot be decoded.

    Raises:
        UnsupportedImage: As `pixel_digest`.
        ImageTooLarge: It claims more than `pixel_limit` pixels, or is packed as only a bomb is.
    """
    if header.pixels > pixel_limit:
        raise ImageTooLarge(
            f"{path} claims {header.width} x {header.height} pixels; the limit is {pixel_limit}.",
            path=str(path),
            pixels=header.pixels,
            limit=pixel_limit,
        )
    _refuse_bomb(path, header)
    if (
        header.photometric not in _KNOWN_PHOTOMETRICS
        or header.bits_per_sample > 16  # noqa: PLR2004 - bits
        or header.samples_per_pixel > 4  # noqa: PLR2004 - CMYK, or RGB with alpha
    ):
        raise UnsupportedImage(
            f"{path} has {header.samples_per_pixel} samples of {header.bits_per_sample} bits"
            f" ({header.photometric}), which is not a page image.",
            path=str(path),
        )


def _refuse_bomb(path: Path, header: ImageHeader) -> None:
    claimed, size = (
        header.pixels * header.samples_per_pixel * header.bits_per_sample // 8,
        path.stat().st_size,
    )
    # a small one is decoded all the same, which tells whether it was cut short
    impossible = header.compression == "deflate" and claimed > max(_HARMLESS_BYTES, size * _MOST_BY_DEFLATE)
    if impossible or (header.bits_per_sample > 1 and claimed > max(_PACKED_BYTES, size * _PACKED_TIMES)):
        raise ImageTooLarge(
            f"{path} claims {header.width} x {header.height} pixels, {claimed >> 20} MB, in a file of {size >> 10} kB:"
            " no scan packs so well.",
            remedy="Look where the file comes from. If it is a page, have it delivered without compression.",
            path=str(path),
            pixels=header.pixels,
            limit=size * _PACKED_TIMES,
        )


def decode_for_viewing(
    path: Path, header: ImageHeader | None = None, *, pixel_limit: int = PIXEL_LIMIT
) -> Image.Image:
    """Decode an image to 8 bits or 1 bit, upright, in mode "1", "L" or "RGB".

    Deeper samples are scaled and rounded, the orientation tag is applied, transparency is laid on
    white, palettes and CMYK become RGB. The colour space stays that of the file's profile.

    Raises:
        DamagedImage, UnsupportedImage, ImageTooLarge, WorkerExtraMissing: As `pixel_digest`.
    """
    header = header or read_header(path)
    require_decodable(path, header, pixel_limit)
    if _needs_arrays(header):
        with _decoding(path):
            return upright(_assemble(path, header), header.orientation)
    with _opened(path, header) as image:
        # TIFFs were turned by Pillow when it loaded them
        turned = header.format_name == "TIFF"
        return _plain_mode(image if turned else upright(image, header.orientation))


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """A page that was decoded once, for all that is to be measured on it and made from it.

    Attributes:
        header: What the file says of itself.
        image: As `decode_for_viewing` gives it; where it is too large for memory, its pixels in a file.
    """

    header: ImageHeader
    image: Pixels


def decode_page(path: Path, *, held: int = HELD_PIXELS) -> DecodedPage:
    """Decode a page as `decode_for_viewing` does, and keep its header with it.

    Args:
        path: The image file.
        held: Pixels up to which the page is held in memory. Larger ones are decoded strip by strip, to the
            same pixels; where neither our own readers nor an installed libvips can do that, they are held too.

    Raises:
        DamagedImage, UnsupportedImage, ImageTooLarge, WorkerExtraMissing: As `pixel_digest`.
        OSError: There is no room to unpack a large page.
    """
    header = read_header(path)
    if header.pixels > held:
        require_decodable(path, header)
        page = open_large_page(path, header, _decoding)
        if page is not None:
            return DecodedPage(header, page)
    return DecodedPage(header, decode_for_viewing(path, header))


def decode_to_look_at(
    path: Path,
    header: ImageHeader | None = None,
    *,
    long_side: int | None = None,
    pixel_limit: int = PIXEL_LIMIT,
) -> Image.Image:
    """Decode an image for the eye: as `decode_for_viewing`, but quickly, and without the worker extra.

    Without the extra, deeper samples may be halved to 8 bits, not rounded; the mode is "L" or "RGB".

    Args:
        path: The image file.
        header: Its header, where it has been read.
        long_side: Pixels of the longer side that are enough. Where the format allows, decoding stops
            at the next larger size.
        pixel_limit: Images that claim more pixels are refused without being decoded.

    Raises:
        DamagedImage, UnsupportedImage, ImageTooLarge: As `pixel_digest`.
    """
    header = header or read_header(path)
    require_decodable(path, header, pixel_limit)
    if _needs_arrays(header):
        try:
            return decode_for_viewing(path, header, pixel_limit=pixel_limit)
        except WorkerExtraMissing:
            # a desktop without the extra: the eye does not miss the lower halves, and nothing is made from this
            pass
    with _decoding(path), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what matters is whether load() gets through
        with Image.open(path, formats=[_PILLOW_FORMATS[header.format_name]]) as image:
            if long_side is not None:
                image.draft(None, (long_side, long_side))
            image.load()
            turned = header.format_name == "TIFF"
            page = _plain_mode(image if turned else upright(image, header.orientation))
    return page.convert("L") if page.mode == "1" else page


def gray_proxy(source: Path | Pixels, *, long_side: int = 1600) -> Image.Image:
    """A small gray version of a page, in mode "L", for measurements that need no detail.

    Args:
        source: An image file, or the pixels that `decode_page` or `decode_for_viewing` gave.
        long_side: Pixels of the longer side; smaller images keep their size.
    """
    image = decode_page(source).image if isinstance(source, Path) else source
    return shrink(image.convert("L") if isinstance(image, Image.Image) else GrayPixels(image), long_side)


def shrink(image: Pixels, long_side: int) -> Image.Image:
    """The image scaled down so that its longer side has at most `long_side` pixels; never scaled up."""
    longest = max(image.size)
    if longest <= long_side:
        return image if isinstance(image, Image.Image) else image.crop((0, 0, *image.size))
    width, height = (max(1, round(side * long_side / longest)) for side in image.size)
    return scale(image, width, height)


def _needs_arrays(header: ImageHeader) -> bool:
    return header.bits_per_sample > _EIGHT_BITS


def _stored_samples(path: Path, header: ImageHeader) -> Iterator[bytes]:
    if is_streamable(path, header):
        with path.open("rb") as file:
            yield from strip_bytes(file, path)
    elif is_packed(path, header):
        with _decoding(path):
            yield from packed_strips(path, header)
    elif (
        _needs_arrays(header)
        or (header.format_name == "TIFF" and header.orientation != 1)
        or is_stripped(path, header)
    ):
        with _decoding(path):
            for band in array_bands(path, header):
                yield band.tobytes()
    elif (page := _large_stored(path, header)) is not None:
        for rows in page_bands(page):
            yield rows.tobytes()
    else:
        with _opened(path, header) as image:
            inverted = header.format_name == "TIFF" and header.photometric == "white_is_zero"
            for top in range(0, image.height, _ROWS):
                rows = image.crop((0, top, image.width, min(top + _ROWS, image.height)))
                yield (ImageChops.invert(rows) if inverted else rows).tobytes()


def _large_stored(path: Path, header: ImageHeader) -> Pixels | None:
    """A large JPEG or PNG as it is stored, to be read piece by piece; None where Pillow must hold it."""
    if header.pixels <= HELD_PIXELS or header.format_name not in {"JPEG", "PNG"}:
        return None
    return open_large_page(path, replace(header, orientation=1), _decoding)


def _assemble(path: Path, header: ImageHeader) -> Image.Image:
    """Build an 8-bit image of bands, so that the deep samples are never in memory as a whole."""
    page = Image.new("RGB" if header.samples_per_pixel > 1 else "L", (header.width, header.height))
    top = 0
    for band in array_bands(path, header):
        page.paste(Image.fromarray(to_eight_bit(band, header)), (0, top))
        top += band.shape[0]
    return page


@contextmanager
def _opened(path: Path, header: ImageHeader) -> Iterator[Image.Image]:
    """The image decoded whole by Pillow."""
    with _decoding(path), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what matters is whether load() gets through
        with Image.open(path, formats=[_PILLOW_FORMATS[header.format_name]]) as image:
            image.load()
            stored = {header.width, header.height}
            if set(image.size) != stored:
                raise DamagedImage(f"{path} decodes to another size than its header says.", path=str(path))
            yield image


@contextmanager
def _decoding(path: Path) -> Iterator[None]:
    """Give the many ways in which decoders complain one name."""
    try:
        yield
    except (
        OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, RuntimeError,
        MemoryError, struct.error, zlib.error,
    ) as error:  # fmt: skip
        raise DamagedImage(f"{path} does not decode whole: {error}", path=str(path)) from error


def _plain_mode(image: Image.Image) -> Image.Image:
    """The image in mode "1", "L" or "RGB"."""
    if image.mode in {"LA", "RGBA", "PA"} or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    if image.mode.startswith("I"):
        return Image.fromarray(sixteen_to_eight(np.asarray(image)))
    if image.mode in {"1", "L", "RGB"}:
        # not a copy, which would be as large once more: what was loaded stays when its file is closed
        return image
    return ImageOps.grayscale(image) if _is_gray_palette(image) else image.convert("RGB")


def _is_gray_palette(image: Image.Image) -> bool:
    if image.mode != "P" or image.palette is None:
        return False
    colors = image.getpalette() or []
    return all(colors[at] == colors[at + 1] == colors[at + 2] for at in range(0, len(colors) - 2, 3))
