# SPDX-License-Identifier: Apache-2.0
"""A drawn target sheet is measured as it was drawn, and each fault shows in its own figure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from archive.errors import TargetNotFound
from archive.imaging.targets.geometry import TargetGeometry
from archive.imaging.targets.levels import load_levels, missed
from archive.imaging.targets.measurement import MeasuredTarget, measure_target
from tests.unit.archive.imaging.targets.conftest import Sheet

Draw = Callable[..., Sheet]
FADGI = load_levels("fadgi-2023")


def measured(sheet: Sheet, geometry: TargetGeometry, dpi: float | None = None) -> MeasuredTarget:
    said = (dpi or sheet.dpi,) * 2
    return measure_target(sheet.samples, sheet.icc, geometry, claimed_dpi=said)


@pytest.fixture(scope="module")
def good(draw: Draw, geometry: TargetGeometry) -> MeasuredTarget:
    return measured(draw(), geometry)


def test_a_faultless_sheet_has_its_own_colours(good: MeasuredTarget) -> None:
    by_name = {patch.name: patch.difference for patch in good.patches}
    # cyan is outside of sRGB, so it cannot be drawn
    assert max(difference for name, difference in by_name.items() if name != "cyan") < 0.4
    assert good.figures["color_mean"] < 0.5
    assert good.figures["white_balance"] < 0.3
    assert good.figures["tone"] < 0.3


def test_a_faultless_sheet_reaches_the_highest_level(good: MeasuredTarget) -> None:
    assert FADGI.reached(good.figures) == FADGI.levels[0], missed(FADGI.levels[0], good.figures)


def test_the_scale_is_told_to_a_thousandth(good: MeasuredTarget) -> None:
    assert good.dpi == pytest.approx((100, 100), rel=0.001)
    assert good.figures["scale"] < 0.001


@pytest.mark.parametrize("tilt", [-2.0, 3.0])
def test_a_sheet_that_lies_askew_is_measured_all_the_same(
    draw: Draw, geometry: TargetGeometry, good: MeasuredTarget, tilt: float
) -> None:
    askew = measured(draw(tilt=tilt), geometry)
    assert askew.tilt == pytest.approx(tilt, abs=0.05)
    assert askew.figures["color_mean"] == pytest.approx(good.figures["color_mean"], abs=0.1)
    assert askew.dpi == pytest.approx((100, 100), rel=0.002)


def test_sixteen_bits_are_measured_as_they_are(
    draw: Draw, geometry: TargetGeometry, good: MeasuredTarget
) -> None:
    deep = measured(draw(bits=16), geometry)
    for name in ("color_mean", "tone", "white_balance"):
        assert deep.figures[name] == pytest.approx(good.figures[name], abs=0.1)


@pytest.mark.parametrize("blur", [0.5, 0.7, 1.0])
def test_the_sharpness_is_that_of_the_blur(draw: Draw, geometry: TargetGeometry, blur: float) -> None:
    seen = measured(draw(blur=blur, dpi=120), geometry)
    # a Gaussian's response falls to r at sqrt(ln(1/r) / 2) / (pi sigma); pixels are points here
    half = np.sqrt(np.log(2) / 2) / (np.pi * blur)
    tenth = np.sqrt(np.log(10) / 2) / (np.pi * blur)
    assert seen.half_modulation == pytest.approx(half, rel=0.06)
    assert seen.figures["sampling_efficiency"] == pytest.approx(min(1, tenth / 0.5), rel=0.08)


@pytest.mark.parametrize(
    ("fault", "figure", "least"),
    [
        ({"gain": 1.15}, "tone", 3.0),
        ({"cast": 0.04}, "white_balance", 4.0),
        ({"noise": 6.0}, "noise", 1.5),
        ({"shift": 0.8}, "misregistration", 0.6),
    ],
)
def test_each_fault_shows_in_its_own_figure(
    draw: Draw,
    geometry: TargetGeometry,
    good: MeasuredTarget,
    fault: dict[str, float],
    figure: str,
    least: float,
) -> None:
    bad = measured(draw(**fault), geometry)
    assert bad.figures[figure] > least > good.figures[figure]
    assert FADGI.reached(bad.figures) != FADGI.levels[0]
    assert figure in missed(FADGI.levels[0], bad.figures)


def test_the_weakest_figure_decides_the_level(good: MeasuredTarget) -> None:
    figures = {**good.figures, "noise": 2.5}
    reached = FADGI.reached(figures)
    assert reached is not None
    assert reached.name == "2 star"
    assert FADGI.reached({**figures, "scale": 0.5}) is None


def test_a_figure_that_is_asked_for_and_was_not_measured_counts_as_missed(good: MeasuredTarget) -> None:
    figures = {name: value for name, value in good.figures.items() if name != "noise"}
    assert FADGI.reached(figures) is None


def test_another_resolution_than_claimed_is_told(draw: Draw, geometry: TargetGeometry) -> None:
    assert measured(draw(), geometry, dpi=103).figures["scale"] == pytest.approx(0.029, abs=0.002)


def test_a_picture_without_a_target_says_so(geometry: TargetGeometry, good: MeasuredTarget) -> None:
    for empty in (np.full((400, 500, 3), 240, np.uint8), np.zeros((400, 500, 3), np.uint8)):
        with pytest.raises(TargetNotFound):
            measure_target(empty, b"", geometry)


def test_a_sheet_that_is_cut_off_or_of_another_shape_is_refused(draw: Draw, geometry: TargetGeometry) -> None:
    whole = draw().samples
    with pytest.raises(TargetNotFound, match="border"):
        measure_target(whole[150:], b"", geometry)
    with pytest.raises(TargetNotFound, match="frame"):
        measure_target(whole[::2], b"", geometry)
