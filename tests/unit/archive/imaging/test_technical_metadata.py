# SPDX-License-Identifier: Apache-2.0
"""What is read from the headers of every format."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from archive.errors import DamagedImage, UnsupportedImage
from archive.imaging.color_profiles import srgb_profile
from archive.imaging.master import MasterTags, write_master
from archive.imaging.technical_metadata import TechnicalMetadata, read_technical_metadata

GRAY = Image.new("L", (30, 20), 128)
COLOUR = Image.new("RGB", (30, 20), (10, 20, 30))


def test_a_master_tells_what_was_written_into_it(make_page: Any, tags: MasterTags, tmp_path: Path) -> None:
    written = write_master(make_page("rgb_16", dpi=(400.0, 400.0)), tmp_path / "p.tif", tags, srgb_profile())
    facts = read_technical_metadata(written.path)
    assert (facts.mime, facts.format_name, facts.format_version) == ("image/tiff", "TIFF", "6.0")
    assert (facts.byte_order, facts.compression) == ("little endian", "none")
    assert (facts.width, facts.height, facts.bits_per_sample, facts.samples_per_pixel) == (131, 200, 16, 3)
    assert (facts.photometric, facts.color_space, facts.dpi, facts.orientation) == (
        "rgb",
        "rgb",
        (400, 400),
        1,
    )
    assert facts.icc is not None
    assert facts.icc.name == "sRGB built-in"
    assert facts.icc.sha256 == hashlib.sha256(srgb_profile()).hexdigest()
    assert facts.tags == {
        "document_name": "batch-1/item-2/0003", "description": "Letter", "make": "Plustek",
        "model": "OpticBook 4800", "software": "Recto 0.1.0", "datetime": "2026:03:01 10:20:30",
        "artist": "City Archive", "copyright": "CC0",
    }  # fmt: skip
    assert (facts.file_size, facts.images) == (written.size, 1)


@pytest.mark.parametrize("kind", ["bitonal_white_is_zero", "gray_8", "rgb_8"])
def test_the_facts_survive_json(kind: str, make_page: Any, tags: MasterTags, tmp_path: Path) -> None:
    facts = read_technical_metadata(write_master(make_page(kind), tmp_path / "p.tif", tags, None).path)
    assert TechnicalMetadata.from_json(json.loads(json.dumps(facts.to_json()))) == facts


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("bitonal_white_is_zero", ("white_is_zero", "bitonal")),
        ("bitonal_black_is_zero", ("black_is_zero", "bitonal")),
        ("gray_16", ("black_is_zero", "gray")),
    ],
)
def test_gray_and_bitonal_are_told_apart(
    kind: str, expected: Any, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    facts = read_technical_metadata(write_master(make_page(kind), tmp_path / "p.tif", tags, None).path)
    assert (facts.photometric, facts.color_space) == expected


@pytest.mark.parametrize(
    ("name", "options", "dpi"),
    [
        ("p.jpg", {"dpi": (300, 300)}, (300, 300)),
        ("p.jpg", {}, None),
        ("p.png", {"dpi": (300, 300)}, (299.999, 299.999)),
        ("p.png", {}, None),
        ("p.tif", {"dpi": (300, 600)}, (300, 600)),
        ("p.tif", {}, None),
        ("p.jp2", {}, None),
    ],
)
def test_a_resolution_is_told_only_where_the_file_states_one(
    name: str, options: dict[str, Any], dpi: Any, tmp_path: Path
) -> None:
    COLOUR.save(tmp_path / name, **options)
    assert read_technical_metadata(tmp_path / name).dpi == dpi


def test_a_resolution_in_centimetres_becomes_dpi(tmp_path: Path) -> None:
    tifffile.imwrite(
        tmp_path / "p.tif", np.zeros((4, 4), "u1"), resolution=(100, 100), resolutionunit="CENTIMETER"
    )
    assert read_technical_metadata(tmp_path / "p.tif").dpi == (254, 254)


def test_a_resolution_in_exif_alone_is_found(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[282], exif[283], exif[296], exif[274], exif[271] = 600.0, 600.0, 2, 6, "Zeutschel"
    COLOUR.save(tmp_path / "p.jpg", exif=exif)
    facts = read_technical_metadata(tmp_path / "p.jpg")
    assert (facts.dpi, facts.orientation, facts.tags) == ((600, 600), 6, {"make": "Zeutschel"})


@pytest.mark.parametrize(
    ("name", "image", "expected"),
    [
        ("p.jpg", COLOUR, ("image/jpeg", "jpeg", 8, 3, "ycbcr", "rgb")),
        ("p.jpg", GRAY, ("image/jpeg", "jpeg", 8, 1, "black_is_zero", "gray")),
        ("p.png", COLOUR, ("image/png", "deflate", 8, 3, "rgb", "rgb")),
        ("p.png", GRAY.convert("1"), ("image/png", "deflate", 1, 1, "black_is_zero", "bitonal")),
        ("p.jp2", COLOUR, ("image/jp2", "jpeg 2000", 8, 3, "rgb", "rgb")),
        ("p.jp2", GRAY, ("image/jp2", "jpeg 2000", 8, 1, "black_is_zero", "gray")),
    ],
)
def test_other_formats_tell_their_depth_and_colour(
    name: str, image: Image.Image, expected: Any, tmp_path: Path
) -> None:
    image.save(tmp_path / name)
    facts = read_technical_metadata(tmp_path / name)
    found = (facts.mime, facts.compression, facts.bits_per_sample, facts.samples_per_pixel)
    assert (*found, facts.photometric, facts.color_space) == expected


def test_images_are_counted_and_reduced_ones_are_not(tmp_path: Path) -> None:
    page, thumbnail = np.zeros((40, 40), "u1"), np.zeros((4, 4), "u1")
    with tifffile.TiffWriter(tmp_path / "p.tif") as tiff:
        tiff.write(page, metadata=None)
        tiff.write(thumbnail, subfiletype=1, metadata=None)
    assert read_technical_metadata(tmp_path / "p.tif").images == 1
    with tifffile.TiffWriter(tmp_path / "p.tif", append=True) as tiff:
        tiff.write(page, metadata=None)
    assert read_technical_metadata(tmp_path / "p.tif").images == 2


def test_a_directory_chain_that_bites_its_tail_ends(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "p.tif", np.zeros((4, 4), "u1"), metadata=None)
    content = bytearray((tmp_path / "p.tif").read_bytes())
    entries = int.from_bytes(content[8:10], "little")
    content[10 + entries * 12 : 14 + entries * 12] = (8).to_bytes(4, "little")
    (tmp_path / "p.tif").write_bytes(content)
    assert read_technical_metadata(tmp_path / "p.tif").images >= 1


@pytest.mark.parametrize(
    ("content", "error"), [(b"II*\0\xff\xff\xff\x7f", DamagedImage), (b"hello", UnsupportedImage)]
)
def test_rubbish_is_refused_by_name(content: bytes, error: type[Exception], tmp_path: Path) -> None:
    (tmp_path / "p.tif").write_bytes(content)
    with pytest.raises(error):
        read_technical_metadata(tmp_path / "p.tif")
