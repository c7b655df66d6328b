# SPDX-License-Identifier: Apache-2.0
"""A page right after its capture gets the same verdicts as its master will."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from archive.errors import DamagedImage
from archive.imaging.image_source import ImageSource
from archive.imaging.quality.captured import check_captured
from archive.imaging.quality.measurements import measure_page
from archive.imaging.quality.profile import load_quality_profile
from archive.imaging.quality.review import review_page

HOUSE = load_quality_profile("house")
OFFSET = 4096


def written_page(mode: str) -> Image.Image:
    """A page whose lines are 2 degrees off."""
    sheet = Image.new("L", (800, 1101), 225)
    draw = ImageDraw.Draw(sheet)
    for line in range(30):
        for word in range(7):
            draw.rectangle((80 + word * 90, 80 + line * 30, 150 + word * 90, 90 + line * 30), fill=40)
    return sheet.rotate(2, Image.Resampling.BICUBIC, fillcolor=225).convert(mode)


def spooled(page: Image.Image, path: Path, bits: int, *, white_is_zero: bool = False) -> ImageSource:
    """The page as a scanner leaves it."""
    if bits == 1:
        rows = np.asarray(page.convert("1"), dtype=bool)
        content = np.packbits(~rows if white_is_zero else rows, axis=1).tobytes()
    elif bits == 16:
        content = (np.asarray(page).astype("<u2") * 257).tobytes()
    else:
        content = page.tobytes()
    path.write_bytes(bytes(OFFSET) + content)
    samples = len(page.getbands())
    return ImageSource(
        path=path,
        kind="raw",
        width=page.width,
        height=page.height,
        bits_per_sample=bits,
        samples_per_pixel=samples,
        photometric="rgb" if samples > 1 else "white_is_zero" if white_is_zero else "black_is_zero",
        key="0" * 64,
        pixel_offset=OFFSET,
    )


@pytest.mark.parametrize(("mode", "bits"), [("1", 1), ("L", 8), ("L", 16), ("RGB", 8), ("RGB", 16)])
def test_rows_of_every_depth_are_checked_as_their_master_is(mode: str, bits: int, tmp_path: Path) -> None:
    page = written_page(mode)
    found = check_captured(spooled(page, tmp_path / "page.raw", bits), HOUSE)
    assert found == tuple(review_page(measure_page(page), HOUSE))
    assert {check.check: check.verdict for check in found}["skew"] == "review"


def test_black_and_white_stored_the_other_way_round_is_the_same_page(tmp_path: Path) -> None:
    page = written_page("1")
    plain = check_captured(spooled(page, tmp_path / "a.raw", 1), HOUSE)
    assert check_captured(spooled(page, tmp_path / "b.raw", 1, white_is_zero=True), HOUSE) == plain


def test_rows_that_end_too_early_are_an_error(tmp_path: Path) -> None:
    source = spooled(written_page("L"), tmp_path / "page.raw", 8)
    with source.path.open("r+b") as file:
        file.truncate(OFFSET + 100_000)
    with pytest.raises(DamagedImage):
        check_captured(source, HOUSE)


def test_a_file_that_must_be_decoded_is_not_for_this(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no plain rows"):
        check_captured(ImageSource.unread(tmp_path / "page.jpg", key="x"), HOUSE)
