# SPDX-License-Identifier: Apache-2.0
"""Keys that come faster than transactions, and a window that is closed while pages come."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt

from tests.unit.app.desktop.capture.conftest import Operator
from workers.desk.desk import Desk
from workers.desk.recovery import recoverable

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_undo_right_behind_a_discard_takes_back_the_discard_and_not_the_step_before(
    operator: Operator,
) -> None:
    operator.capture(2)
    pages = operator.ids
    operator.press(Qt.Key.Key_Delete)
    operator.press(Qt.Key.Key_Z, CONTROL)
    operator.rest()
    assert operator.ids == pages
    assert operator.screen.workplace.actions.action("general.redo").text() == "Redo discard of page 2"


def test_a_retake_right_behind_a_change_is_of_the_page_that_is_in_view_then(operator: Operator) -> None:
    operator.capture(3)
    first, second, _ = operator.ids
    operator.press(Qt.Key.Key_Delete)
    operator.press(Qt.Key.Key_Backspace)
    operator.until(lambda: len(operator.ids) == 2 and operator.ids[1] != second)
    operator.rest()
    assert operator.ids[0] == first
    assert operator.reports == []


def test_keys_that_come_at_every_moment_of_a_scan_lead_to_no_error_and_lose_no_page(
    operator: Operator,
) -> None:
    kept: list[int] = []
    operator.screen.runs.page_kept.connect(lambda page, _change: kept.append(page.number))
    keys = (Qt.Key.Key_Space, Qt.Key.Key_Backspace, Qt.Key.Key_Insert, Qt.Key.Key_BracketLeft)
    while len(kept) < 6:
        for key in keys:
            operator.press(key)
            operator.qtbot.wait(1)
    operator.rest()
    assert operator.reports == []
    state = operator.screen.desk.state
    assert state is not None
    assert len(state.places) + state.aside == len(kept)


def test_a_window_closed_in_the_middle_of_a_scan_has_every_whole_page_in_the_item_and_asks_nothing_later(
    operator: Operator,
) -> None:
    operator.open("slow")
    operator.press(Qt.Key.Key_Space)
    operator.until(lambda: operator.screen.runs.pages == 2)
    node = operator.screen.workplace.node
    operator.window.close_without_asking()
    assert recoverable(node) == []
    assert len(Desk(node, "shelf", "slow").state().places) == 2


def test_what_was_asked_for_right_before_the_window_closed_is_done(operator: Operator) -> None:
    operator.capture(2)
    first, _ = operator.ids
    node = operator.screen.workplace.node
    operator.press(Qt.Key.Key_M)
    operator.press(Qt.Key.Key_M)
    operator.screen.desk.run("Wait", lambda _desk: None)
    operator.screen.desk.change("Discard", lambda desk: desk.discard([first]))
    operator.window.close_without_asking()
    assert [place.id for place in Desk(node, "shelf", "letters").state().places].count(first) == 0


def test_an_item_opened_while_pages_of_another_come_is_not_disturbed_by_them(operator: Operator) -> None:
    operator.open("slow")
    operator.press(Qt.Key.Key_Space)
    operator.until(lambda: operator.screen.runs.pages == 1)
    operator.screen.open("shelf", "letters")
    operator.until(
        lambda: operator.screen.flow.item is not None and operator.screen.flow.item.name == "letters"
    )
    operator.until(lambda: operator.screen.runs.pages == 2)
    operator.press(Qt.Key.Key_Escape)
    operator.rest()
    assert operator.ids == []
    assert operator.screen.space.middle.currentWidget() is operator.screen.space.empty_page
    assert operator.reports == []
    node = operator.screen.workplace.node
    assert len(Desk(node, "shelf", "slow").state().places) == 2


def test_somebody_who_leaves_an_item_that_is_being_handed_over_stays_where_they_went(
    operator: Operator,
) -> None:
    operator.capture(1)
    operator.screen.flow.hand_over()
    operator.press(Qt.Key.Key_Down, CONTROL)
    operator.press(Qt.Key.Key_Down, CONTROL)
    operator.rest()
    assert operator.screen.flow.item is not None
    assert operator.screen.flow.item.name == "coloured"
    assert Desk(operator.screen.workplace.node, "shelf", "letters").state().handed_over


def test_files_are_added_as_people_count_while_pages_are_captured_and_before_the_item_is_done(
    operator: Operator, tmp_path: Path
) -> None:
    operator.capture(1)
    names = ["page10.png", "page9.png", "Page1.png"]
    for name in names:
        Image.effect_noise((900, 900), 60).save(tmp_path / name)
    operator.screen.pages.take_in_files([tmp_path / name for name in names])
    assert operator.screen.unfinished() == "Image files are being added."
    with operator.qtbot.waitSignal(operator.screen.loop.still_adding):
        operator.press(Qt.Key.Key_Return)
    operator.until(lambda: len(operator.ids) == 4)
    operator.rest()
    paths = [str(place.path) for place in operator.screen.desk.places[1:]]
    assert [path.rpartition("/")[2] for path in paths] == ["Page1.png", "page9.png", "page10.png"]
    assert not operator.screen.space.count.isVisible()
    assert operator.screen.unfinished() is None


def test_going_on_after_a_jam_brings_no_page_into_another_item(operator: Operator) -> None:
    operator.open("jam")
    operator.press(Qt.Key.Key_Space)
    operator.until(lambda: bool(operator.reports))
    operator.rest()
    operator.screen.open("shelf", "minutes")
    operator.until(
        lambda: operator.screen.flow.item is not None and operator.screen.flow.item.name == "minutes"
    )
    operator.rest()
    remedy = operator.reports[0].remedy
    assert remedy is not None
    remedy()
    operator.rest()
    assert operator.ids == []


def test_a_preview_that_ends_while_a_run_has_begun_is_not_taken_for_its_end(operator: Operator) -> None:
    controller = operator.screen.scanner.controller
    assert controller is not None
    # as another screen may: the device is everybody's
    controller.preview(None)
    operator.press(Qt.Key.Key_Space)
    operator.until(lambda: len(operator.ids) == 1)
    operator.rest()
    assert [place.name for place in operator.screen.desk.places] == ["0001.tif"]


def test_a_page_that_the_driver_finished_after_it_was_stopped_comes_before_those_captured_later(
    operator: Operator,
) -> None:
    from tests.unit.workers.desk.conftest import spooled

    operator.capture(1)
    desk = operator.screen.desk.desk
    assert desk is not None
    stopped = desk.begin_run()
    desk.end_run(stopped)
    later = desk.begin_run()
    desk.add(later, spooled(later, 3))
    desk.end_run(later)
    spooled(stopped, 2)
    desk.end_run(stopped)
    assert [place.run for place in desk.state().places] == [1, 2, 3]
