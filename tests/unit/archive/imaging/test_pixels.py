# SPDX-License-Identifier: Apache-2.0
"""Decoding keeps every sample, and gives damaged, lying and huge images a name."""

from __future__ import annotations

import hashlib
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from archive.errors import DamagedImage, ImageTooLarge, ImagingError, UnsupportedImage
from archive.imaging.master import MasterTags, write_master
from archive.imaging.pixels import decode_for_viewing, gray_proxy, pixel_digest
from archive.imaging.technical_metadata import read_technical_metadata

NOISE = np.random.default_rng(3)
DEEP = NOISE.integers(0, 65536, (90, 70, 3), dtype=np.uint16)
SHALLOW = NOISE.integers(0, 256, (90, 70, 3), dtype=np.uint8)
SMOOTH = np.add.outer(np.arange(90), np.arange(70))[..., None].repeat(3, -1).astype(np.uint8)


def digest_of(samples: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(samples).tobytes()).hexdigest()


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@pytest.mark.parametrize("kind", ["bitonal_white_is_zero", "gray_8", "gray_16", "rgb_8", "rgb_16"])
def test_the_digest_of_a_master_is_that_of_its_spool(
    kind: str, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page(kind)
    assert pixel_digest(write_master(page, tmp_path / "p.tif", tags, None).path) == page.pixel_sha256


WRITERS: dict[str, Callable[[Path], object]] = {
    "deflate.tif": lambda path: tifffile.imwrite(
        path, DEEP, compression="zlib", predictor=True, photometric="rgb"
    ),
    "big_endian.tif": lambda path: tifffile.imwrite(path, DEEP, byteorder=">", photometric="rgb"),
    "planar.tif": lambda path: tifffile.imwrite(
        path, np.moveaxis(DEEP, -1, 0), planarconfig="separate", photometric="rgb"
    ),
    "tiled.tif": lambda path: tifffile.imwrite(path, DEEP, tile=(32, 32), photometric="rgb"),
    "deep.png": lambda path: path.write_bytes(imagecodecs.png_encode(DEEP)),
    "deep.jp2": lambda path: path.write_bytes(
        imagecodecs.jpeg2k_encode(DEEP, codecformat="jp2", reversible=True, level=0)
    ),
}


@pytest.mark.parametrize("name", WRITERS)
def test_16_bit_colour_keeps_both_bytes_of_every_sample(name: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path / name)
    assert pixel_digest(tmp_path / name) == digest_of(DEEP)


@pytest.mark.parametrize("name", WRITERS)
def test_16_bit_colour_is_scaled_for_viewing_with_rounding(name: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path / name)
    shown = np.asarray(decode_for_viewing(tmp_path / name))
    assert np.array_equal(shown, np.round(DEEP / 257).astype(np.uint8))


def test_16_bit_gray_in_png_is_exact(tmp_path: Path) -> None:
    gray = np.ascontiguousarray(DEEP[..., 0])
    (tmp_path / "p.png").write_bytes(imagecodecs.png_encode(gray))
    assert pixel_digest(tmp_path / "p.png") == digest_of(gray)
    assert np.array_equal(np.asarray(decode_for_viewing(tmp_path / "p.png")), np.round(gray / 257))


@pytest.mark.parametrize("compression", ["lzw", "zlib", "packbits"])
@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
def test_compression_does_not_change_the_digest(compression: str, photometric: str, tmp_path: Path) -> None:
    gray = SHALLOW[..., 0]
    tifffile.imwrite(tmp_path / "p.tif", gray, compression=compression, photometric=photometric)
    assert pixel_digest(tmp_path / "p.tif") == digest_of(gray)
    shown = np.asarray(decode_for_viewing(tmp_path / "p.tif"))
    assert np.array_equal(shown, gray if photometric == "minisblack" else 255 - gray)


def test_group_4_and_uncompressed_bitonal_tiffs_have_one_digest(tmp_path: Path) -> None:
    image = Image.fromarray(SHALLOW[..., 0] > 128)
    image.save(tmp_path / "fax.tif", compression="group4")
    image.save(tmp_path / "raw.tif")
    assert read_technical_metadata(tmp_path / "fax.tif").compression == "ccitt group 4"
    assert pixel_digest(tmp_path / "fax.tif") == pixel_digest(tmp_path / "raw.tif")


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["p.tif", "p.jpg", "deep.tif"])
def test_an_image_is_shown_upright_and_digested_as_stored(
    orientation: int, name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if name == "deep.tif":
        deep = SMOOTH.astype(np.uint16) * 257
        tifffile.imwrite(path, deep, photometric="rgb", extratags=[(274, "H", 1, orientation, True)])
        assert pixel_digest(path) == digest_of(deep)
    else:
        exif = Image.Exif()
        exif[274] = orientation
        options = {"quality": 100, "subsampling": 0} if name == "p.jpg" else {"compression": "tiff_lzw"}
        Image.fromarray(SMOOTH).save(path, exif=exif, **options)
    if name == "p.tif":
        assert pixel_digest(path) == digest_of(SMOOTH)
    turned = {
        1: SMOOTH, 2: SMOOTH[:, ::-1], 3: SMOOTH[::-1, ::-1], 4: SMOOTH[::-1], 5: SMOOTH.swapaxes(0, 1),
        6: np.rot90(SMOOTH, -1), 7: SMOOTH[::-1, ::-1].swapaxes(0, 1), 8: np.rot90(SMOOTH),
    }[orientation]  # fmt: skip
    shown = np.asarray(decode_for_viewing(path)).astype(int)
    assert shown.shape == turned.shape
    assert np.abs(shown - turned).max() <= 3


def test_transparency_is_laid_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(tmp_path / "p.png")
    assert decode_for_viewing(tmp_path / "p.png").getpixel((0, 0)) == (255, 255, 255)


def test_a_gray_palette_becomes_gray_and_a_coloured_one_rgb(tmp_path: Path) -> None:
    Image.fromarray(SHALLOW[..., 0]).convert("P").save(tmp_path / "gray.png")
    Image.fromarray(SHALLOW).quantize(16).save(tmp_path / "colour.png")
    assert decode_for_viewing(tmp_path / "gray.png").mode == "L"
    assert decode_for_viewing(tmp_path / "colour.png").mode == "RGB"


def test_a_proxy_is_gray_and_never_larger_than_the_page(tmp_path: Path) -> None:
    Image.fromarray(SHALLOW).save(tmp_path / "p.png")
    assert (gray_proxy(tmp_path / "p.png").mode, gray_proxy(tmp_path / "p.png").size) == ("L", (70, 90))
    assert gray_proxy(tmp_path / "p.png", long_side=45).size == (35, 45)


SAVERS: dict[str, Callable[[Path], object]] = {
    "raw.tif": lambda path: tifffile.imwrite(path, SHALLOW, photometric="rgb", rowsperstrip=8),
    "raw16.tif": lambda path: tifffile.imwrite(path, DEEP, photometric="rgb", rowsperstrip=8),
    "lzw.tif": lambda path: tifffile.imwrite(
        path, SHALLOW, photometric="rgb", compression="lzw", rowsperstrip=8
    ),
    "zip16.tif": lambda path: tifffile.imwrite(
        path, DEEP, photometric="rgb", compression="zlib", rowsperstrip=8
    ),
    "fax.tif": lambda path: Image.fromarray(SHALLOW[..., 0] > 128).save(path, compression="group4"),
    "p.jpg": lambda path: Image.fromarray(SHALLOW).save(path),
    "p.png": lambda path: Image.fromarray(SHALLOW).save(path),
    "deep.png": lambda path: path.write_bytes(imagecodecs.png_encode(DEEP)),
    "p.jp2": lambda path: Image.fromarray(SHALLOW).save(path),
    "deep.jp2": lambda path: path.write_bytes(imagecodecs.jpeg2k_encode(DEEP, codecformat="jp2", level=0)),
}


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("name", SAVERS)
def test_a_truncated_image_is_refused_by_name(name: str, share: float, tmp_path: Path) -> None:
    SAVERS[name](tmp_path / name)
    pixel_digest(tmp_path / name)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(len(content) * share)])
    with pytest.raises((DamagedImage, UnsupportedImage)):
        pixel_digest(tmp_path / name)
    with pytest.raises((DamagedImage, UnsupportedImage)):
        decode_for_viewing(tmp_path / name)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", ["raw.tif", "lzw.tif", "zip16.tif", "fax.tif", "p.jpg", "p.png", "p.jp2"])
def test_a_garbled_header_is_either_read_or_refused_by_name(name: str, seed: int, tmp_path: Path) -> None:
    SAVERS[name](tmp_path / name)
    content = bytearray((tmp_path / name).read_bytes())
    random = np.random.default_rng(seed)
    for at in random.integers(0, min(len(content), 400), 5):
        content[at] = random.integers(0, 256)
    (tmp_path / name).write_bytes(content)
    for read in (read_technical_metadata, pixel_digest, decode_for_viewing):
        try:
            read(tmp_path / name)
        except ImagingError as error:
            assert str(tmp_path / name) in error.message  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 100, b"GIF89a" + b"\0" * 50, b"%PDF-1.7\n", b"II*\0", b"\xff\xd8\xff\xe0"]
)
def test_what_is_no_image_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(content)
    with pytest.raises((DamagedImage, UnsupportedImage)):
        pixel_digest(tmp_path / "p")


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    bomb = (
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")
    )
    (tmp_path / "p.png").write_bytes(bomb)
    started = time.process_time()
    for read in (pixel_digest, decode_for_viewing):
        with pytest.raises(ImageTooLarge, match="60000 x 60000"):
            read(tmp_path / "p.png")
    assert time.process_time() - started < 1


def test_an_image_that_lies_about_its_size_is_refused_fast(tmp_path: Path) -> None:
    SAVERS["raw16.tif"](tmp_path / "p.tif")
    with tifffile.TiffFile(tmp_path / "p.tif", mode="r+b") as tiff:
        tiff.pages.first.tags["ImageLength"].overwrite(14_000_000)
    started = time.process_time()
    for read in (pixel_digest, decode_for_viewing):
        with pytest.raises(DamagedImage):
            read(tmp_path / "p.tif")
    assert time.process_time() - started < 5


def test_a_jpeg_2000_codestream_that_differs_from_its_header_is_refused(tmp_path: Path) -> None:
    SAVERS["deep.jp2"](tmp_path / "p.jp2")
    content = bytearray((tmp_path / "p.jp2").read_bytes())
    at = content.find(b"\xff\x4f\xff\x51") + 8
    content[at : at + 4] = struct.pack(">I", 1_000_000)
    (tmp_path / "p.jp2").write_bytes(content)
    with pytest.raises(DamagedImage, match="codestream"):
        pixel_digest(tmp_path / "p.jp2")


def test_the_pixel_limit_can_be_set(tmp_path: Path) -> None:
    SAVERS["p.png"](tmp_path / "p.png")
    with pytest.raises(ImageTooLarge):
        pixel_digest(tmp_path / "p.png", pixel_limit=70 * 90 - 1)
    pixel_digest(tmp_path / "p.png", pixel_limit=70 * 90)


def test_floating_point_images_are_no_page_images(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "p.tif", np.zeros((4, 4), np.float32))
    with pytest.raises(UnsupportedImage):
        pixel_digest(tmp_path / "p.tif")
