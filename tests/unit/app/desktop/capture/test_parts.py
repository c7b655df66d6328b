# SPDX-License-Identifier: Apache-2.0
"""The parts of the workspace: list of items, crop, count of a feeder run, facts of a page, and what is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.desktop.capture.cropping import CropBar
from app.desktop.capture.facts import page_facts
from app.desktop.capture.feeder_count import FeederCount
from app.desktop.capture.header import CaptureHeader
from app.desktop.capture.item_model import CURRENT_ROLE, ItemModel, state_words
from app.desktop.capture.station_memory import StationMemory
from app.desktop.workplace import Workplace
from archive.imaging.page_measures import PageMeasures
from archive.registry.capture_list import CaptureItem, CaptureList, Standing
from hardware.preview import Area
from workers.desk.places import DeskState, Place


def item(name: str, standing: Standing, pages: int = 0, rejected: int = 0) -> CaptureItem:
    return CaptureItem(name, f"Title of {name}", standing, 5, pages, rejected, {})


def place(position: int, **facts: object) -> Place:
    device = {
        "id": "simulated:f",
        "backend": "simulated",
        "vendor": "Recto",
        "model": "Glass",
        "type": "flatbed",
    }
    page = {
        "path": "/spool/0001.raw",
        "number": 1,
        "width": 1200,
        "height": 2400,
        "bits_per_sample": 8,
        "samples_per_pixel": 3,
        "photometric": "rgb",
        "pixel_sha256": "0" * 64,
        "dpi": [300.0, 300.0],
        "options": {},
        "device": device | {"simulated": True},
        "started_at": "",
        "finished_at": "",
        "bytes_received": 0,
        "complete": True,
    }
    return Place(
        id=position,
        position=position,
        kind="captured",
        label="12v",
        name="0001.tif",
        path=Path("/spool/0001.raw"),
        rotation=0,
        verdict="",
        reason="",
        captured_at="2026-11-21T10:15:30.123Z",
        checks=(),
        problem="",
        run=1,
        facts=page | facts,
    )


def state(expected: int | None, places: tuple[Place, ...] = ()) -> DeskState:
    return DeskState("shelf", "letters", "Letters", "", expected, places, handed_over=False)


# Items


def test_each_item_says_in_words_where_it_stands(qtmodeltester: ModelTester) -> None:
    model = ItemModel()
    items = (
        item("a", Standing.DONE, 5),
        item("b", Standing.RETAKE, 5, 2),
        item("c", Standing.BEGUN, 3),
        item("d", Standing.WAITING),
        item("e", Standing.ELSEWHERE),
    )
    model.show_items(items)
    model.show_current("c")
    qtmodeltester.check(model)
    said = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole).split(", ")[-1] for row in range(5)]
    assert [words.split(" · ")[0] for words in said] == [
        "Done",
        "Retake",
        "Current",
        "Waiting",
        "Not captured here",
    ]
    assert [model.index(row).data(CURRENT_ROLE) for row in range(5)] == [False, False, True, False, False]
    assert state_words(items[2], current=True) == "Current · 3 / 5"
    assert model.row_of("d") == 3
    model.show_items(items[:2])
    assert model.rowCount() == 2


@pytest.mark.parametrize(
    ("after", "expected"),
    [("a", "retake"), ("retake", "begun"), (None, "retake"), ("begun", "retake"), ("last", "retake")],
)
def test_what_awaits_a_retake_comes_first(after: str | None, expected: str) -> None:
    items = (
        item("a", Standing.WAITING),
        item("begun", Standing.BEGUN, 1),
        item("retake", Standing.RETAKE, 1, 1),
        item("done", Standing.DONE, 1),
        item("last", Standing.WAITING),
    )
    found = CaptureList("shelf", {}, items).next_after(after)
    assert found is not None
    assert found.name == expected


def test_items_that_wait_are_taken_in_order_from_the_last_one_on() -> None:
    names = [item(name, Standing.WAITING) for name in "abc"]
    batch = CaptureList("shelf", {}, (*names, item("d", Standing.ELSEWHERE)))
    assert [batch.next_after(name).name for name in "abc"] == ["b", "c", "a"]  # type: ignore[union-attr]
    assert CaptureList("shelf", {}, (item("d", Standing.DONE),)).next_after("d") is None


# The head


def test_the_head_tells_the_next_file_and_the_position(workplace: Workplace, qtbot: QtBot) -> None:
    header = CaptureHeader(workplace.theme)
    qtbot.addWidget(header)
    header.show_state(state(240, tuple(place(n) for n in range(1, 18))), 17)
    assert (header.next_file, header.position) == ("0018.tif", "page 17 of ~240")
    header.show_state(state(240), 3, "0003.tif")
    assert header.next_file == "0003.tif"
    header.show_state(state(None, (place(1),)), 1)
    assert header.position == "page 1 of 1"
    header.show_device("ready", "Glass", simulated=True)
    assert (header.device.word, header.simulated.isHidden()) == ("Ready", False)


# Crop


class Glass:
    """A picture of 300 x 600 pixels, shown at half its size."""

    def page_size(self) -> tuple[int, int]:
        return 300, 600

    def point_on_page(self, point: QPointF) -> QPointF:
        return point * 2


def test_a_part_is_drawn_and_its_millimetres_are_told(workplace: Workplace, qtbot: QtBot) -> None:
    bar = CropBar()
    qtbot.addWidget(bar)
    bar.begin(300, 600, (75.0, 75.0))
    assert bar.area == Area(0, 0, 101.6, 203.2)
    glass = Glass()
    bar.layer.press(QPointF(100, 50), glass)  # type: ignore[arg-type]
    bar.layer.release(QPointF(400, 200), glass)  # type: ignore[arg-type]
    assert bar.layer.part == QRectF(200, 100, 100, 300)
    assert bar.area == Area(67.7, 33.9, 101.6, 135.5)
    with qtbot.waitSignal(bar.area_wanted) as told:
        bar.use.click()
    assert told.args == [bar.area]


def test_a_part_that_is_written_is_shown_and_none_without_size_is_taken(
    workplace: Workplace, qtbot: QtBot
) -> None:
    bar = CropBar()
    qtbot.addWidget(bar)
    bar.begin(300, 600, (75.0, 75.0))
    bar.boxes[0].setValue(25.4)
    assert bar.layer.part is not None
    assert bar.layer.part.left() == 75
    bar.boxes[2].setValue(26)
    assert bar.area is None
    assert not bar.use.isEnabled()


# The count


@pytest.mark.parametrize(
    ("expected", "got", "headline", "offers"),
    [(120, 118, "Expected 120, got 118", "missing"), (3, 5, "Expected 3, got 5", "")],
)
def test_a_count_is_told_with_what_can_be_done(
    workplace: Workplace, qtbot: QtBot, expected: int, got: int, headline: str, offers: str
) -> None:
    count = FeederCount(workplace.theme)
    qtbot.addWidget(count)
    count.show_count(expected, got)
    assert count.headline == headline
    assert count.missing.isHidden() is not bool(offers)
    if offers:
        with qtbot.waitSignal(count.mark_missing) as told:
            count.missing.click()
        assert told.args == [2]
    assert count.isHidden() is bool(offers)


# Facts


def test_a_page_is_told_in_pixels_millimetres_and_shares() -> None:
    facts = dict(page_facts(place(1), "sRGB", PageMeasures(0.0123, 0.0, 14.27)))
    assert facts["Size"] == "101.6 \N{MULTIPLICATION SIGN} 203.2 mm"
    assert facts["Resolution"] == "300 dpi"
    assert facts["Depth"] == "3 \N{MULTIPLICATION SIGN} 8 bit"
    assert facts["Colour"] == "colour, ICC profile sRGB"
    assert (facts["Pure white"], facts["Sharpness"]) == ("1.23 %", "14.3")
    assert facts["Label"] == "12v"


def test_a_page_without_a_resolution_has_no_size() -> None:
    facts = dict(page_facts(place(1, dpi=[0.0, 0.0], bits_per_sample=1, samples_per_pixel=1), "gray", None))
    assert "Size" not in facts
    assert facts["Colour"] == "black and white"


# Memory


def test_what_is_remembered_survives_and_what_is_damaged_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "desktop" / "capture.json"
    memory = StationMemory(device="simulated:flatbed", pedal="66:0", armed=False, panel=False)
    memory.write(path)
    assert StationMemory.read(path) == memory
    path.write_text('{"device": 7, "pedal": "66:0", "colour": "red"}', encoding="utf-8")
    assert StationMemory.read(path) == StationMemory(pedal="66:0")
    path.write_text("rubbish", encoding="utf-8")
    assert StationMemory.read(path) == StationMemory()
