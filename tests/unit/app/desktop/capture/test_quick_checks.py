# SPDX-License-Identifier: Apache-2.0
"""Pages are checked right after their capture: what is found stands above the page, and delays nothing."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import Qt

from app.desktop.thumbnails.model import ThumbnailModel
from app.desktop.thumbnails.row import PageState
from app.desktop.workplace import Workplace
from workers.operations import register_manifest

from .conftest import Operator

PATIENCE = 60.0
"""Seconds: the image process yields to all others, and on a busy machine takes its time."""

MANIFEST = """\
batch_id;shelf
institution;Recto Test Library
scanner_id;simulated:glass
scanner_model;Recto Simulated Flatbed
resolution_dpi;75
color_profile;gray
bag_profile;aptrust-2.3
tag.Access;Institution

id;title;rights;pages;scanner_id;settings.mode
letters;Letters to the reading room;Public domain;3;simulated:glass;Gray
"""

DEVICES = """\
station = "reading-room"
operator = "Test Operator"

[devices]
sane = false

[[devices.simulated]]
name = "glass"
kind = "flatbed"
time_scale = 0.0
glass = "{glass}"
"""


def written(*, blank: bool) -> Image.Image:
    """A sheet as a scanner sees it at 75 dpi: with lines of writing, or none."""
    sheet = Image.effect_noise((638, 877), 3).point(lambda level: level + 97)
    draw = ImageDraw.Draw(sheet)
    for line in range(0 if blank else 26):
        for word in range(5):
            left, top = 70 + word * 90 - line % 4 * 9, 90 + line * 26
            draw.rectangle((left, top, left + 60, top + 8), fill=40)
    return sheet


@pytest.fixture
def home(recto_home: Path, tmp_path: Path) -> Path:
    """A scanner on whose glass lie a written page, a bare one, and a written one."""
    glass = tmp_path / "glass"
    glass.mkdir()
    for number, blank in enumerate((False, True, False), 1):
        written(blank=blank).save(glass / f"{number}.png", dpi=(75, 75))
    folder = recto_home / "config"
    folder.mkdir(parents=True)
    (folder / "recto.toml").write_text(DEVICES.format(glass=glass), encoding="utf-8")
    return recto_home


@pytest.fixture
def batch(workplace: Workplace, tmp_path: Path) -> str:
    """A batch of one item for that scanner."""
    manifest = tmp_path / "shelf.csv"
    manifest.write_text(MANIFEST, encoding="utf-8")
    return register_manifest(workplace.node, manifest, at_desk=True)


def checked(operator: Operator) -> list[set[str]]:
    """For each page the checks that have something against it, once all that were captured are checked."""
    operator.until(lambda: not operator.screen.checks.is_busy, seconds=PATIENCE)
    operator.rest()
    return [
        {check["check"] for check in place.checks if check["verdict"] != "pass"}
        for place in operator.screen.desk.places
    ]


def test_what_a_check_has_against_a_page_is_told_right_after_it_was_captured(operator: Operator) -> None:
    bar, place = operator.screen.space.findings, operator.screen.place
    operator.capture()
    assert checked(operator) == [set()]
    assert not bar.isVisible()
    operator.capture()
    assert "blank" in checked(operator)[1]
    assert bar.isVisible()
    assert bar.sentence.text().startswith("Page 2: The page seems to be blank")
    assert not bar.show_page.isVisible()
    # the work went on: the page is still told of, and leads back
    operator.capture()
    assert checked(operator)[2] == set()
    assert bar.sentence.text().startswith("Page 2:")
    assert [row.state for row in operator.screen.space.strip.findChild(ThumbnailModel).rows] == [
        PageState.CAPTURED,
        PageState.LOOK,
        PageState.CAPTURED,
    ]
    operator.qtbot.mouseClick(bar.show_page, Qt.MouseButton.LeftButton)
    assert place.position == 2
    operator.press(Qt.Key.Key_Delete)
    operator.rest()
    assert not bar.isVisible()


def test_checks_that_cannot_be_made_hinder_no_capture(operator: Operator) -> None:
    operator.capture()
    assert checked(operator) == [set()]
    process = operator.screen.workplace.images.image_process
    assert process is not None
    os.kill(process, signal.SIGSTOP)
    try:
        operator.capture(2)
        assert operator.screen.checks.is_busy
        assert [bool(place.checks) for place in operator.screen.desk.places] == [True, False, False]
    finally:
        os.kill(process, signal.SIGKILL)
    # at most one went down with the process; the other is checked by the next one
    operator.until(lambda: not operator.screen.checks.is_busy, seconds=PATIENCE)
    operator.rest()
    assert sum(bool(place.checks) for place in operator.screen.desk.places) >= 2
    assert operator.reports == []
