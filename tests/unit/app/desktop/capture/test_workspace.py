# SPDX-License-Identifier: Apache-2.0
"""The loop of the capture workspace, by keys alone, on simulated scanners."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt

from app.desktop.capture.labels_dialog import LabelsDialog
from tests.unit.app.desktop.capture.conftest import Operator
from workers.desk.labels import LabelScheme

CONTROL = Qt.KeyboardModifier.ControlModifier


# requirement 01
def test_an_item_is_captured_with_one_retake_and_handed_over_without_the_mouse(operator: Operator) -> None:
    operator.capture(3)
    before = operator.ids
    operator.press(Qt.Key.Key_Left)
    operator.press(Qt.Key.Key_Backspace)
    operator.until(lambda: operator.ids != before)
    operator.rest()
    assert [old == new for old, new in zip(before, operator.ids, strict=True)] == [True, False, True]
    assert operator.names == ["0001.tif", "0002.tif", "0003.tif"]
    assert operator.screen.space.header.position == "page 2 of ~3"
    operator.press(Qt.Key.Key_Return)
    operator.until(
        lambda: operator.screen.flow.item is not None and operator.screen.flow.item.name == "minutes"
    )
    operator.rest()
    # nobody takes messages here: that is said, and the work goes on
    assert [notice.key for notice in operator.reports] == ["capture.dispatch"]
    assert operator.screen.space.header.next_file == "0001.tif"


# requirement 02
def test_a_key_press_is_acknowledged_at_once_and_the_page_is_seen_soon(operator: Operator) -> None:
    header, viewer = operator.screen.space.header, operator.screen.space.viewer
    delivered: list[float] = []
    controller = operator.screen.scanner.controller
    assert controller is not None
    controller.page_completed.connect(lambda _page: delivered.append(time.monotonic()))
    seen: list[float] = []
    for page in range(3):
        operator.until(lambda: operator.screen.can_capture)
        before = viewer.shown_key
        # the window's own time: what other programs take of the machine is no defect
        pressed = time.thread_time()
        operator.press(Qt.Key.Key_Space)
        assert header.device.word == "Starting"
        assert time.thread_time() - pressed < 0.1
        operator.until(lambda before=before: viewer.isVisible() and viewer.shown_key not in {"", before})  # type: ignore[misc]
        seen.append(time.monotonic() - delivered[page])
        operator.rest()
    assert min(seen) < 1.0


def test_pages_are_inserted_marked_missing_moved_turned_and_discarded(operator: Operator) -> None:
    operator.capture(2)
    first, second = operator.ids
    operator.press(Qt.Key.Key_Insert)
    operator.until(lambda: len(operator.ids) == 3)
    operator.rest()
    inserted = operator.ids[1]
    assert operator.ids == [first, inserted, second]
    operator.press(Qt.Key.Key_M)
    operator.until(lambda: len(operator.ids) == 4)
    operator.rest()
    assert [place.kind for place in operator.screen.desk.places] == ["captured"] * 2 + ["missing", "captured"]
    assert operator.screen.place.position == 3
    operator.press(Qt.Key.Key_Left, CONTROL)
    operator.until(lambda: operator.screen.desk.places[1].kind == "missing")
    operator.rest()
    assert operator.screen.place.position == 2
    operator.press(Qt.Key.Key_Delete)
    operator.until(lambda: len(operator.ids) == 3)
    operator.rest()
    operator.press(Qt.Key.Key_BracketRight)
    operator.until(lambda: operator.screen.desk.places[1].rotation == 1)
    operator.rest()
    for _ in range(2):
        operator.trigger("general.undo")
    assert operator.screen.desk.places[1].kind == "missing"
    assert operator.screen.place.position == 2
    for _ in range(2):
        # faster than the first can be written
        operator.press(Qt.Key.Key_Delete)
    operator.until(lambda: len(operator.ids) == 2)
    operator.rest()
    assert operator.ids == [first, second]
    assert operator.reports == []


def test_a_count_that_differs_is_shown_first_and_accepted_by_a_second_press(operator: Operator) -> None:
    operator.capture(1)
    operator.press(Qt.Key.Key_Return)
    assert operator.screen.space.count.headline == "Expected 3, got 1"
    assert operator.screen.space.count.isVisible()
    assert operator.is_at_rest()
    operator.press(Qt.Key.Key_Return)
    operator.until(
        lambda: operator.screen.flow.item is not None and operator.screen.flow.item.name == "minutes"
    )
    operator.rest()


def test_a_count_that_changed_since_it_was_shown_is_shown_again(operator: Operator) -> None:
    operator.capture(2)
    operator.press(Qt.Key.Key_Return)
    assert operator.screen.space.count.headline == "Expected 3, got 2"
    operator.press(Qt.Key.Key_Delete)
    operator.press(Qt.Key.Key_Return)
    operator.rest()
    assert operator.screen.flow.item is not None
    assert operator.screen.flow.item.name == "letters"
    assert operator.screen.space.count.headline == "Expected 3, got 1"
    operator.screen.space.count.accept.click()
    operator.until(
        lambda: operator.screen.flow.item is not None and operator.screen.flow.item.name == "minutes"
    )
    operator.rest()


def test_a_feeder_run_that_falls_short_says_so_and_what_can_be_done(operator: Operator) -> None:
    operator.open("minutes")
    operator.press(Qt.Key.Key_Space)
    operator.until(lambda: len(operator.ids) == 3)
    operator.rest()
    count = operator.screen.space.count
    assert (count.isVisible(), count.headline) == (True, "Expected 4, got 3")
    count.missing.click()
    operator.until(lambda: len(operator.ids) == 4)
    operator.rest()
    assert [place.kind for place in operator.screen.desk.places] == ["captured"] * 3 + ["missing"]
    assert not count.isVisible()


# requirement 16
def test_a_jam_has_one_message_whose_button_goes_on_with_the_sheets_that_are_left(operator: Operator) -> None:
    operator.open("jam")
    operator.press(Qt.Key.Key_Space)
    operator.until(lambda: bool(operator.reports))
    operator.rest()
    assert [notice.failure["code"] for notice in operator.reports] == ["scanner.jam"]
    assert operator.reports[0].remedy_title == "Sheet removed, go on"
    assert len(operator.ids) == 1
    remedy = operator.reports[0].remedy
    assert remedy is not None
    remedy()
    operator.until(lambda: len(operator.ids) == 3)
    operator.rest()
    assert operator.names == ["0001.tif", "0002.tif", "0003.tif"]
    assert len(operator.reports) == 1


# requirement 17
def test_stop_gives_control_back_at_once_and_keeps_the_pages_that_are_complete(operator: Operator) -> None:
    operator.open("slow")
    operator.press(Qt.Key.Key_Space)
    operator.until(lambda: len(operator.ids) == 2)
    operator.until(lambda: operator.screen.runs.pages == 2)
    stopped = time.monotonic()
    operator.press(Qt.Key.Key_Escape)
    assert operator.screen.space.header.device.word.startswith("Stopping")
    operator.until(lambda: operator.screen.can_capture)
    assert time.monotonic() - stopped <= 0.5
    operator.rest()
    assert operator.names == ["0001.tif", "0002.tif"]
    assert operator.reports == []


# requirement 15
def test_a_killed_scanner_process_is_one_error_and_the_next_press_captures(operator: Operator) -> None:
    import os
    import signal

    operator.open("slow")
    operator.press(Qt.Key.Key_Space)
    operator.until(lambda: operator.screen.runs.pages == 2)
    controller = operator.screen.scanner.controller
    assert controller is not None
    process = controller._thread._session.process_id  # type: ignore[union-attr]
    assert process is not None
    os.kill(process, signal.SIGKILL)
    operator.until(lambda: bool(operator.reports))
    operator.rest()
    assert [notice.failure["code"] for notice in operator.reports] == ["scanner.driver_crashed"]
    assert operator.reports[0].remedy_title == "Start the driver again"
    remedy = operator.reports[0].remedy
    assert remedy is not None
    remedy()
    operator.until(lambda: operator.screen.scanner.state == "ready")
    assert len(operator.ids) == 2
    # another scanner is not concerned, and this one captures again
    operator.screen.remember(one_sheet=True)
    operator.press(Qt.Key.Key_Home)
    operator.press(Qt.Key.Key_Backspace)
    operator.until(lambda: operator.screen.runs.pace == "idle" and operator.screen.desk.places[0].run == 2)
    operator.rest()
    assert len(operator.reports) == 1


def test_the_pedal_captures_and_what_it_is_at_is_seen(operator: Operator) -> None:
    from app.desktop.capture.pedal import PedalKey

    header = operator.screen.space.header
    assert header.pedal.word == "No pedal"
    operator.screen.pedal.learn(PedalKey(Qt.Key.Key_B.value))
    assert header.pedal.word == "Pedal armed"
    operator.press(Qt.Key.Key_B)
    operator.until(lambda: len(operator.ids) == 1)
    operator.rest()
    operator.trigger("capture.arm")
    assert header.pedal.word == "Pedal off"


def test_a_part_of_the_glass_is_chosen_on_a_preview_and_captured(operator: Operator) -> None:
    operator.press(Qt.Key.Key_P)
    operator.press(Qt.Key.Key_Escape)
    operator.press(Qt.Key.Key_Space)
    operator.until(lambda: operator.screen.can_capture)
    operator.rest()
    assert operator.ids == []
    operator.press(Qt.Key.Key_P)
    crop = operator.screen.space.crop
    operator.until(crop.isVisible)
    assert not operator.screen.can_capture
    for box, millimetres in zip(crop.boxes, (10, 20, 60, 100), strict=True):
        box.setValue(millimetres)
    crop.use.click()
    operator.until(lambda: operator.screen.can_capture and operator.screen.scanner.state == "ready")
    operator.capture(1)
    page = operator.screen.desk.places[0].page
    assert page is not None
    size = [round(pixels / 75 * 25.4) for pixels in (page.width, page.height)]
    assert size == [50, 80]


def test_backs_go_behind_their_fronts_and_pages_get_their_labels(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator.capture(4)
    first, second, last_back, first_back = operator.ids
    operator.press(Qt.Key.Key_Left)
    monkeypatch.setattr(operator.screen.pages, "ask_for_order", lambda first_back: first_back == 3)
    operator.press(Qt.Key.Key_B, CONTROL)
    operator.until(lambda: operator.ids == [first, first_back, second, last_back])
    operator.rest()
    places = tuple(operator.ids[:2])
    monkeypatch.setattr(LabelsDialog, "ask", lambda *_: (places, LabelScheme.FOLIO, "1r"))
    operator.press(Qt.Key.Key_L)
    operator.until(lambda: [place.label for place in operator.screen.desk.places] == ["1r", "1v", "3", "4"])
    operator.rest()
    assert operator.screen.workplace.actions.action("general.undo").text() == "Undo labels of pages 1-2"


def test_image_files_are_taken_in_behind_the_page_in_view_and_shown(
    operator: Operator, tmp_path: Path
) -> None:
    operator.capture(2)
    operator.press(Qt.Key.Key_Home)
    picture = tmp_path / "found.png"
    Image.new("L", (60, 90), 200).save(picture)
    operator.screen.pages.take_in_files([picture])
    operator.until(lambda: len(operator.ids) == 3)
    operator.rest()
    assert operator.names == ["0001.tif", "0002.png", "0003.tif"]
    viewer = operator.screen.space.viewer
    operator.until(lambda: viewer.shown_key == str(operator.ids[1]))
    assert viewer.page_size() == (60, 90)


def test_a_scanner_chosen_while_pages_come_serves_the_next_run(operator: Operator) -> None:
    operator.open("slow")
    operator.press(Qt.Key.Key_Space)
    operator.until(lambda: operator.screen.runs.pages == 1)
    operator.screen.choose_scanner("simulated:flatbed")
    operator.press(Qt.Key.Key_Escape)
    operator.until(lambda: operator.screen.can_capture)
    operator.rest()
    before = len(operator.ids)
    operator.until(lambda: operator.screen.scanner.state == "ready")
    operator.press(Qt.Key.Key_Space)
    operator.until(lambda: len(operator.ids) == before + 1)
    operator.rest()
    page = operator.screen.desk.places[-1].page
    assert page is not None
    assert page.device.id == "simulated:flatbed"


def test_a_page_unlike_what_the_manifest_demands_is_kept_and_told_at_once(operator: Operator) -> None:
    operator.open("coloured")
    operator.capture(1)
    assert [notice.key for notice in operator.reports] == ["capture.unlike"]
    assert "was delivered as colour" in operator.reports[0].failure["message"]
    assert operator.screen.space.panel.page.facts[0][0] == "Problem"
