# SPDX-License-Identifier: Apache-2.0
"""What Tesseract sees of a page before it reads it, and what is made of that."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from archive.imaging.derivatives import make_ocr_rendition
from archive.text.engine import ReadingOptions
from archive.text.engine_tesseract import UNSURE
from archive.text.ocr import recognise
from archive.text.script import PageLook, look_at_page, model_for

pytestmark = [
    pytest.mark.tesseract,
    pytest.mark.reference_data,
    pytest.mark.usefixtures("tesseract", "reference_data"),
]


def look(reference_data: Path, name: str, tmp_path: Path, dpi: int = 300) -> PageLook | None:
    made = make_ocr_rendition(reference_data / "pages" / name, tmp_path / "page.png", dpi=dpi)
    return look_at_page(made.path, dpi=300)


@pytest.mark.parametrize(
    ("name", "dpi", "model"),
    [("kant_1784/INPUT_0017.tif", 300, "Fraktur"), ("gallica_foire_18c/bpt6k1281160s_f12.jpg", 600, "fra")],
)
def test_a_page_in_fraktur_is_read_by_its_model_and_others_by_the_stations(
    name: str, dpi: int, model: str, reference_data: Path, tmp_path: Path
) -> None:
    seen = look(reference_data, name, tmp_path, dpi)
    assert model_for(seen, "fra") == model
    assert seen is not None
    assert not seen.is_turned


def test_a_page_on_its_side_is_told_with_the_turn_that_makes_it_upright(
    reference_data: Path, tmp_path: Path
) -> None:
    seen = look(reference_data, "orientation/phototest-rotated-L.png", tmp_path)
    assert seen is not None
    assert seen.is_turned
    assert seen.turn == 90


def test_nothing_is_told_of_an_empty_sheet(tmp_path: Path) -> None:
    Image.new("L", (800, 1100), 235).save(tmp_path / "page.png")
    assert look_at_page(tmp_path / "page.png", dpi=300) is None
    assert model_for(None, "eng") == "eng"


@pytest.mark.parametrize(
    "seen",
    [PageLook("Fraktur", 1.17, 0, 3.4), PageLook("Hebrew", 9.0, 0, 9.0)],
)
def test_a_script_that_is_unsure_or_no_station_expects_is_not_believed(seen: PageLook) -> None:
    assert model_for(seen, "deu") == "deu"


def test_an_unsure_page_is_tried_in_another_mode_and_a_sure_one_is_not(
    reference_data: Path, tmp_path: Path
) -> None:
    unsure = make_ocr_rendition(
        reference_data / "pages" / "kant_1784/INPUT_0017.tif", tmp_path / "a.png", dpi=300
    )
    found = recognise(unsure.path, tmp_path / "a", language="Fraktur", dpi=300, options=ReadingOptions(3, 6))
    assert found.tries == 2
    once = recognise(unsure.path, tmp_path / "b", language="Fraktur", dpi=300, options=ReadingOptions(6))
    # one block for the whole page is the worse guess here, and was not kept
    assert once.mean_confidence < UNSURE
    assert found.page_segmentation == 3
    sure = Image.new("L", (800, 300), 240)
    sure.save(tmp_path / "blank.png")
    assert recognise(tmp_path / "blank.png", tmp_path / "c", language="eng", dpi=300).tries == 1
