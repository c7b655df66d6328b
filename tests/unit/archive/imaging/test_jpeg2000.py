# SPDX-License-Identifier: Apache-2.0
"""JPEG 2000 images are valid, say their resolution and how their colours look."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jpylyzer import jpylyzer
from PIL import Image

from archive.imaging.color_profiles import gray_profile, srgb_profile
from archive.imaging.jp2_boxes import box, boxes, with_profile_and_resolution
from archive.imaging.jpeg2000 import make_jpeg2000
from archive.imaging.master import MasterTags, write_master
from archive.imaging.pixels import decode_for_viewing
from archive.imaging.technical_metadata import read_technical_metadata


def gradient(width: int, height: int) -> Image.Image:
    across, down = np.meshgrid(np.linspace(20, 235, width), np.linspace(30, 220, height))
    return Image.fromarray(np.stack([across, down, (across + down) / 2], axis=-1).astype(np.uint8))


def facts_of(path: Path) -> dict[str, str]:
    report = jpylyzer.checkOneFile(str(path))
    return {each.tag: (each.text or "").strip() for each in report.iter()}


@pytest.mark.parametrize(("mode", "icc"), [("RGB", srgb_profile()), ("L", gray_profile())])
@pytest.mark.parametrize("size", [(1300, 1100), (90, 40), (1, 1)])
def test_jpylyzer_finds_a_valid_jp2_with_profile_and_resolution(
    mode: str, icc: bytes, size: tuple[int, int], tmp_path: Path
) -> None:
    gradient(*size).convert(mode).save(tmp_path / "p.tif", dpi=(600, 400), icc_profile=icc)
    made = make_jpeg2000(tmp_path / "p.tif", tmp_path / "p.jp2")
    facts = facts_of(made.path)
    assert facts["isValid"] == "True"
    assert facts["meth"] == "Restricted ICC"
    assert (float(facts["hRescInPixelsPerInch"]), float(facts["vRescInPixelsPerInch"])) == pytest.approx(
        (600, 400)
    )
    assert (facts["order"], facts["transformation"]) == ("RPCL", "9-7 irreversible")
    assert int(facts["layers"]) == 6
    if min(size) > 64:
        assert int(facts["levels"]) == 6
        assert (made.width, made.height) == size
    header = read_technical_metadata(made.path)
    assert (header.mime, header.width, header.height) == ("image/jp2", *size)


def test_the_picture_is_that_of_the_master_at_a_tenth_of_its_bytes(
    make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    gradient(1200, 900).save(tmp_path / "p.tif", dpi=(300, 300), icc_profile=srgb_profile())
    made = make_jpeg2000(tmp_path / "p.tif", tmp_path / "p.jp2")
    assert made.size <= 1200 * 900 * 3 / 10 + 8000
    difference = np.abs(
        np.asarray(decode_for_viewing(made.path)).astype(int) - np.asarray(gradient(1200, 900)).astype(int)
    )
    assert difference.mean() < 1
    # noise needs every byte that it is given
    noise = write_master(make_page("rgb_16", width=600, height=500), tmp_path / "n.tif", tags, None).path
    sizes = [make_jpeg2000(noise, tmp_path / f"{ratio}.jp2", ratio=ratio).size for ratio in (5, 10, 20)]
    assert [round(600 * 500 * 3 / size) for size in sizes] == pytest.approx([5, 10, 20], rel=0.1)


def test_colours_of_another_profile_become_srgb(tmp_path: Path) -> None:
    wide = bytearray(srgb_profile())
    # red and green change places: what was red is green now
    red, green = wide.index(b"rXYZ"), wide.index(b"gXYZ")
    wide[red : red + 4], wide[green : green + 4] = b"gXYZ", b"rXYZ"
    Image.new("RGB", (64, 64), (200, 40, 40)).save(tmp_path / "p.tif", icc_profile=bytes(wide))
    made = make_jpeg2000(tmp_path / "p.tif", tmp_path / "p.jp2", dpi=300)
    red_now, green_now, _ = decode_for_viewing(made.path).getpixel((30, 30))  # type: ignore[misc]
    assert green_now > 150 > red_now


@pytest.mark.parametrize("dpi", [72, 96, 300, 299.999, 400.5, 600, 1200, 4800, 9600])
def test_every_resolution_is_told_exactly(dpi: float, tmp_path: Path) -> None:
    plain = box(b"jP  ", b"\r\n\x87\n") + box(b"jp2h", box(b"ihdr", bytes(14)) + box(b"colr", bytes(7)))
    written = dict(boxes(with_profile_and_resolution(plain, b"profile", (dpi, 2 * dpi))))
    inner = dict(boxes(written[b"jp2h"]))
    assert inner[b"colr"] == b"\x02\0\0profile"
    down, down_part, across, across_part, down_power, across_power = struct.unpack(
        ">4H2b", dict(boxes(inner[b"res "]))[b"resc"]
    )
    assert across / across_part * 10**across_power * 0.0254 == pytest.approx(dpi, rel=1e-5)
    assert down / down_part * 10**down_power * 0.0254 == pytest.approx(2 * dpi, rel=1e-5)


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0\0", box(b"jp2h", b"")[:-1] + b"\xff", struct.pack(">I4s", 4, b"jp2h"), box(b"ftyp", b"")],
)
def test_what_is_no_jp2_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        with_profile_and_resolution(content, b"", None)
