# SPDX-License-Identifier: Apache-2.0
"""Files are read whole or not at all, and it is known when their pixels do not say all that they say."""

from __future__ import annotations

import contextlib
import hashlib
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.errors import DriverMissing, InputOutputFailure, ScannerError, UnsupportedFrame
from hardware.folder.rendition import render
from tests.camera_raw import SHAPE, write_dng

COLOUR = np.random.default_rng(1).integers(0, 256, (40, 31, 3), np.uint8)


def test_a_raw_file_is_developed_in_16_bits_as_the_camera_saw_it(tmp_path: Path) -> None:
    pytest.importorskip("rawpy")
    written = write_dng(tmp_path / "1.DNG")
    rendition = render(tmp_path / "1.DNG")
    assert (rendition.pixels.shape, rendition.pixels.dtype) == ((*SHAPE, 3), np.uint16)
    red, gray = rendition.pixels[4, 4].astype(int), rendition.pixels[-4, -4].astype(int)
    assert red[0] > red[1] + 1000
    assert red[0] > red[2] + 1000
    assert rendition.pixels.max() < 0xFFFF or gray.max() < 0xFFFF, "nothing was brightened to the limit"
    assert rendition.how.startswith("LibRaw 0.")
    assert rendition.sha256 == hashlib.sha256(written).hexdigest()
    assert (tmp_path / "1.DNG").read_bytes() == written


@pytest.mark.parametrize("kind", ["half", "rubbish", "empty"])
def test_a_raw_file_that_is_not_whole_is_named(tmp_path: Path, kind: str) -> None:
    pytest.importorskip("rawpy")
    whole = write_dng(tmp_path / "1.dng")
    (tmp_path / "1.dng").write_bytes(
        {"half": whole[: len(whole) * 2 // 3], "rubbish": b"x" * 999, "empty": b""}[kind]
    )
    with pytest.raises(InputOutputFailure, match=r"1\.dng cannot be read as a raw file"):
        render(tmp_path / "1.dng")


def test_without_rawpy_a_raw_file_is_refused_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dng(tmp_path / "1.nef")
    monkeypatch.setitem(sys.modules, "rawpy", None)
    with pytest.raises(DriverMissing, match="raw file") as refused:
        render(tmp_path / "1.nef")
    assert "recto[raw]" in refused.value.remedy


def _tiff(path: Path, **options: Any) -> None:
    tifffile.imwrite(path, COLOUR, photometric="rgb", **options)


def _saved(path: Path) -> bytes:
    Image.fromarray(COLOUR).save(path)
    return path.read_bytes()


WHOLE = {"tif": _saved, "png": _saved, "jpg": _saved, "dng": write_dng}

EXACT = {
    "1.png": lambda path: Image.fromarray(COLOUR).save(path),
    "bilevel.png": lambda path: Image.fromarray(COLOUR[:, :, 0] > 99).save(path),
    "bilevel.tif": lambda path: Image.fromarray(COLOUR[:, :, 0] > 99).save(path),
    "1.tif": _tiff,
    "deep.tif": lambda path: tifffile.imwrite(path, COLOUR.astype(np.uint16) * 257, photometric="rgb"),
}

MORE = {
    "1.jpg": lambda path: Image.fromarray(COLOUR).save(path),
    "palette.png": lambda path: Image.fromarray(COLOUR).quantize(16).save(path),
    "alpha.png": lambda path: Image.fromarray(np.dstack([COLOUR, COLOUR[:, :, :1]])).save(path),
    "profile.png": lambda path: Image.fromarray(COLOUR).save(path, icc_profile=b"profile"),
    "profile.tif": lambda path: _tiff(path, extratags=[(34675, 7, 7, b"profile", True)]),
    "turned.tif": lambda path: _tiff(path, extratags=[(274, 3, 1, 6, True)]),
    "two.tif": lambda path: tifffile.imwrite(path, np.stack([COLOUR, COLOUR]), photometric="rgb"),
}


WRITTEN_IN_PIECES = {
    "plain.tif": _tiff,
    "strips.tif": lambda path: _tiff(path, rowsperstrip=4),
    "pillow.tif": lambda path: Image.fromarray(COLOUR).save(path),
    "lzw.tif": lambda path: Image.fromarray(COLOUR).save(path, compression="tiff_lzw"),
    "fax.tif": lambda path: Image.fromarray(COLOUR[:, :, 0] > 99).save(path, compression="group4"),
    "deep.tif": lambda path: tifffile.imwrite(path, COLOUR.astype(np.uint16) * 257, photometric="rgb"),
    "1.png": lambda path: Image.fromarray(COLOUR).save(path),
    "1.jpg": lambda path: Image.fromarray(COLOUR).save(path),
    "progressive.jpg": lambda path: Image.fromarray(COLOUR).save(path, progressive=True),
    "1.dng": write_dng,
}


@pytest.mark.parametrize("name", WRITTEN_IN_PIECES)
@pytest.mark.filterwarnings("ignore")
def test_a_file_that_ends_anywhere_before_its_end_is_never_taken_for_whole(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    WRITTEN_IN_PIECES[name](path)
    if name.endswith(".dng"):
        pytest.importorskip("rawpy")
    whole = path.read_bytes()
    pixels = render(path).pixels
    for end in {*range(0, len(whole), max(1, len(whole) // 40)), *range(len(whole) - 8, len(whole))}:
        path.write_bytes(whole[:end])
        with contextlib.suppress(ScannerError):
            # some formats end with bytes that say nothing
            assert np.array_equal(render(path).pixels, pixels), end


NO_PAGES = {
    "cmyk.tif": lambda path: Image.new("CMYK", (9, 9)).save(path),
    "cmyk.jpg": lambda path: Image.new("CMYK", (9, 9)).save(path),
    "deep-cmyk.tif": lambda path: tifffile.imwrite(
        path, np.zeros((9, 9, 4), np.uint16), photometric="separated"
    ),
    "lab.tif": lambda path: Image.new("LAB", (9, 9)).save(path),
    "float.tif": lambda path: tifffile.imwrite(path, np.zeros((9, 9), np.float32)),
    "half.tif": lambda path: tifffile.imwrite(path, np.zeros((9, 9), np.float16)),
    "signed.tif": lambda path: tifffile.imwrite(path, np.zeros((9, 9), np.int16)),
    "long.tif": lambda path: tifffile.imwrite(path, np.zeros((9, 9), np.uint32)),
}


@pytest.mark.parametrize("name", NO_PAGES)
def test_samples_that_are_no_pages_are_refused_and_not_made_into_one(tmp_path: Path, name: str) -> None:
    NO_PAGES[name](tmp_path / name)
    with pytest.raises(UnsupportedFrame, match="gray or RGB samples"):
        render(tmp_path / name)


def test_no_room_is_made_for_gigabytes_that_a_damaged_header_tells_of(tmp_path: Path) -> None:
    _tiff(tmp_path / "1.tif")
    with tifffile.TiffFile(tmp_path / "1.tif", mode="r+b") as file:
        for name in ("ImageWidth", "ImageLength", "RowsPerStrip"):
            file.pages[0].tags[name].overwrite(40_000)  # type: ignore[union-attr]
    with pytest.raises(InputOutputFailure, match="pixels do not end before the file does"):
        render(tmp_path / "1.tif")


@pytest.mark.parametrize("suffix", ["tif", "png", "jpg", "dng"])
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rubbish_is_an_error_of_ours_or_pixels_and_never_anything_else(
    tmp_path: Path, suffix: str, data: st.DataObject
) -> None:
    path = tmp_path / f"1.{suffix}"
    whole = WHOLE[suffix](tmp_path / f"whole.{suffix}")
    damaged = bytearray(whole[: data.draw(st.integers(0, len(whole)))])
    for place in data.draw(st.lists(st.integers(0, max(0, len(damaged) - 1)), max_size=5)):
        if damaged:
            damaged[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(damaged)
    with warnings.catch_warnings(), contextlib.suppress(ScannerError):
        warnings.simplefilter("ignore")
        assert render(path).pixels.ndim in {2, 3}


@pytest.mark.parametrize("name", EXACT)
def test_images_whose_pixels_say_all_need_no_original(tmp_path: Path, name: str) -> None:
    EXACT[name](tmp_path / name)
    assert render(tmp_path / name).how == ""


@pytest.mark.parametrize("name", MORE)
def test_images_that_say_more_than_their_pixels_are_told_apart(tmp_path: Path, name: str) -> None:
    MORE[name](tmp_path / name)
    assert render(tmp_path / name).how != ""
