# SPDX-License-Identifier: Apache-2.0
"""What a page has beside its text can be switched on and off, and is where the truth about it says."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from hardware.configuration import SimulatedDevice
from hardware.driver import PageAddress
from hardware.simulated.code39 import PATTERNS
from hardware.simulated.features import COLOUR_TARGET, EVERYDAY, Feature
from hardware.simulated.pages import DrawnPage, page_text, page_truth

A5 = (148.0, 210.0)
PAGE = PageAddress("b", "Letter 7", 4)


def draw(*features: Feature, dpi: float = 100, page: PageAddress = PAGE) -> npt.NDArray[np.int32]:
    drawn = DrawnPage(1, page, A5, dpi, features)
    return drawn.rows(0, drawn.height).astype(np.int32)


def millimetres(picture: npt.NDArray[Any], top: float, bottom: float, dpi: float) -> npt.NDArray[Any]:
    """The rows of a page between two heights in mm."""
    return picture[round(top / 25.4 * dpi) : round(bottom / 25.4 * dpi)]


def read_code39(row: npt.NDArray[np.bool_]) -> str:
    """What a row of dark pixels through a barcode says."""
    inked = np.flatnonzero(row)
    runs = [len(list(run)) for _, run in groupby(row[inked[0] : inked[-1] + 1])]
    between = (min(runs) + max(runs)) / 2
    elements = "".join("w" if run > between else "n" for run in runs)
    # nine elements a character and the gap after it
    characters = {pattern: character for character, pattern in PATTERNS.items()}
    return "".join(characters[elements[at : at + 9]] for at in range(0, len(elements), 10))


@pytest.mark.parametrize("feature", [feature for feature in Feature if feature is not Feature.SEPARATOR])
def test_each_feature_changes_the_page_alone_and_the_same_way_every_time(feature: Feature) -> None:
    assert not np.array_equal(draw(feature), draw())
    assert np.array_equal(draw(feature), draw(feature))


def test_all_features_together_are_the_same_in_whatever_blocks_they_are_read() -> None:
    page = DrawnPage(1, PAGE, A5, 60, tuple(Feature))
    pieces = [page.rows(top, min(top + 37, page.height)) for top in range(0, page.height, 37)]
    assert np.array_equal(np.concatenate(pieces), page.rows(0, page.height))


def test_without_features_the_paper_is_white_and_still() -> None:
    paper = draw()[:40]
    assert (paper == 255).all()


def test_the_everyday_truth_is_the_text_of_the_page() -> None:
    truth = page_truth(1, PAGE)
    assert truth.text == page_text(1, "b", "Letter 7", 4)
    assert (truth.skew, truth.barcode, truth.gutter, truth.separator) == (0, None, None, False)
    assert not page_truth(1, PAGE, ()).text.endswith("4")


@pytest.mark.parametrize("number", range(2, 6))
def test_a_skewed_page_is_straight_when_it_is_turned_back_by_its_truth(number: int) -> None:
    page = PageAddress("b", "i", number)
    skew = page_truth(1, page, [Feature.SKEW]).skew
    assert 0.5 <= abs(skew) <= 2.5
    ink = Image.fromarray((255 - draw(Feature.SKEW, page=page)[:, :, 1]).astype(np.uint8))

    def sharpness(angle: float) -> float:
        # lines of text that lie along the rows make rows differ most
        turned = np.asarray(ink.rotate(-angle, Image.Resampling.BICUBIC), float)
        return float(turned.sum(axis=1).var())

    angles = [skew + step / 4 for step in range(-8, 9)]
    assert max(angles, key=sharpness) == skew


@pytest.mark.parametrize("dpi", [200, 300])
def test_a_barcode_says_what_the_truth_says(dpi: int) -> None:
    truth = page_truth(1, PAGE, [Feature.BARCODE])
    assert truth.barcode == "LETTER 7-0004"
    (row,) = millimetres(draw(Feature.BARCODE, dpi=dpi), 181, 181 + 25.4 / dpi, dpi)
    assert read_code39(row[:, 1] < 128) == f"*{truth.barcode}*"


def test_the_first_page_of_an_item_may_be_a_separator_sheet() -> None:
    first = PageAddress("b", "Letter 7", 1)
    truth = page_truth(1, first, [Feature.SEPARATOR, Feature.FOLIO])
    assert truth.separator
    assert truth.text == "SEPARATOR SHEET\nLetter 7"
    (row,) = millimetres(draw(Feature.SEPARATOR, dpi=200, page=first), 105, 105 + 25.4 / 200, 200)
    assert read_code39(row[:, 1] < 128) == "*LETTER 7-0001*"
    assert not page_truth(1, PAGE, [Feature.SEPARATOR]).separator
    assert np.array_equal(draw(Feature.SEPARATOR), draw())


def test_an_item_without_a_name_has_a_barcode_too() -> None:
    assert page_truth(1, PageAddress("", "", 12), [Feature.BARCODE]).barcode == "0012"


def test_the_ruler_has_a_mark_at_every_millimetre() -> None:
    dpi = 300
    (row,) = millimetres(draw(Feature.RULER, dpi=dpi), 209, 209 + 25.4 / dpi, dpi)
    marks = np.flatnonzero(np.diff((row[:, 1] < 128).astype(int)) == 1) + 1
    assert len(marks) == 148 - 30 + 1
    assert np.abs(marks / dpi * 25.4 - np.arange(15, 134)).max() < 0.05


def test_the_colour_target_has_the_colours_of_the_truth() -> None:
    picture = draw(Feature.COLOUR_TARGET, Feature.SKEW, Feature.SHADOW)
    truth = page_truth(1, PAGE, [Feature.COLOUR_TARGET]).colour_target
    middles = [round((15 + place * 9 + 4) / 25.4 * 100) for place in range(len(COLOUR_TARGET))]
    row = picture[round(7 / 25.4 * 100)]
    assert tuple(tuple(row[middle]) for middle in middles) == truth == COLOUR_TARGET


@pytest.mark.parametrize(("number", "side"), [(4, "right"), (5, "left")])
def test_the_shadow_lies_at_the_fold_of_the_book(number: int, side: str) -> None:
    page = PageAddress("b", "i", number)
    assert page_truth(1, page, [Feature.SHADOW]).gutter == side
    edge = draw(Feature.SHADOW, page=page)[:20, :, 1].mean(axis=0)
    dark, bright = (edge[-1], edge[0]) if side == "right" else (edge[0], edge[-1])
    assert dark < 180
    assert bright > 250


def test_what_bleeds_through_is_fainter_than_the_text_and_mirrored() -> None:
    front = draw()
    both = draw(Feature.BLEED_THROUGH)
    through = front - both
    assert through.min() == 0
    assert 20 < through.max() < 60
    back = draw(page=PageAddress("b", "Letter 7", 5))[:, ::-1]
    assert (back[through[:, :, 1] > 10] < 255).all()


def test_dust_is_little() -> None:
    changed = np.abs(draw(Feature.DUST) - draw()).max(axis=2) > 30
    assert 0 < changed.mean() < 0.005


def test_a_device_takes_known_features_only() -> None:
    device = SimulatedDevice("a", features=("skew", "dust"))
    assert SimulatedDevice.from_json(device.to_json()) == device
    assert SimulatedDevice("b").features == EVERYDAY
    with pytest.raises(ValueError, match="no feature 'skwe'"):
        SimulatedDevice("a", features=("skwe",))
