# SPDX-License-Identifier: Apache-2.0
"""Quality by key: accept, reject with one key for the reason, go on by itself, undo, and settle what is held."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.desktop.board.reason_dialog import ReasonDialog
from app.desktop.devices.directory import DeviceDirectory
from app.desktop.quality.check_model import CheckModel
from app.desktop.quality.item_list import ItemList
from app.desktop.quality.reject_bar import RejectBar
from app.desktop.quality.screen import QualityScreen
from app.desktop.quality.words import REASONS, Filter
from app.desktop.workplace import Workplace
from archive.registry.batches import items_of
from archive.registry.events import read_events
from workers.desk import Desk

from .conftest import Open, captured, page_in


def press(
    qtbot: QtBot, screen: QualityScreen, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier
) -> None:
    qtbot.keyClick(QApplication.focusWidget() or screen, key, modifier)


def verdicts(workplace: Workplace) -> list[tuple[str, str]]:
    return [
        (place.verdict, place.reason) for place in Desk(workplace.node, "letters", "at-desk").state().places
    ]


def settled(qtbot: QtBot, workplace: Workplace) -> None:
    qtbot.waitUntil(lambda: not workplace.operations.running)


def test_pages_are_judged_by_key_and_the_next_one_comes_by_itself(
    opened: Open, batch: Workplace, qtbot: QtBot
) -> None:
    screen = opened("at-desk")
    assert (screen.reviewing.left, screen.reviewing.page.position) == (3, 1)
    press(qtbot, screen, Qt.Key.Key_A)
    assert screen.reviewing.page.position == 2
    press(qtbot, screen, Qt.Key.Key_R)
    assert screen.reject_bar.isVisible()
    press(qtbot, screen, Qt.Key.Key_F)
    assert not screen.reject_bar.isVisible()
    assert screen.reviewing.page.position == 3
    press(qtbot, screen, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: screen.reviewing.left == 0)
    settled(qtbot, batch)
    assert verdicts(batch) == [("accepted", ""), ("rejected", "focus"), ("accepted", "")]


# requirement 13
def test_verdicts_are_taken_back_one_by_one_by_their_names(
    opened: Open, batch: Workplace, qtbot: QtBot
) -> None:
    screen = opened("at-desk")
    press(qtbot, screen, Qt.Key.Key_A)
    settled(qtbot, batch)
    press(qtbot, screen, Qt.Key.Key_R)
    press(qtbot, screen, Qt.Key.Key_S)
    settled(qtbot, batch)
    undo = batch.actions.action("general.undo")
    assert undo.text() == "Undo verdict on page 2"
    batch.actions.action("general.undo").trigger()
    qtbot.waitUntil(lambda: undo.text() == "Undo verdict on page 1")
    settled(qtbot, batch)
    assert verdicts(batch) == [("accepted", ""), ("", ""), ("", "")]
    assert screen.reviewing.page.position == 2
    batch.actions.action("general.redo").trigger()
    settled(qtbot, batch)
    assert verdicts(batch)[1] == ("rejected", "skew")


def test_the_key_that_captures_judges_nothing(opened: Open, batch: Workplace, qtbot: QtBot) -> None:
    screen = opened("at-desk")
    press(qtbot, screen, Qt.Key.Key_Space)
    press(qtbot, screen, Qt.Key.Key_R)
    press(qtbot, screen, Qt.Key.Key_Space)
    press(qtbot, screen, Qt.Key.Key_Escape)
    settled(qtbot, batch)
    assert verdicts(batch) == [("", "")] * 3
    assert batch.actions.action("capture.scan").isEnabled() is False


def test_a_page_that_has_gone_on_shows_its_checks_with_their_sentence(
    opened: Open, gone_on: Workplace, qtbot: QtBot
) -> None:
    screen = opened("gone-on")
    assert (screen.reviewing.filter, [page.position for page in screen.reviewing.pages]) == (Filter.OPEN, [2])
    model = screen.panel.checks
    first = [model.index(0, column).data() for column in range(4)]
    assert first == ["Held", "Skew", "-4", "3"]
    assert "4.0 degrees" in screen.panel.sentence.text()
    assert "4.0 degrees" in screen.panel.held_reason.text()
    press(qtbot, screen, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: screen.reviewing.left == 0)
    settled(qtbot, gone_on)
    gone_on.actions.action("general.undo").trigger()
    qtbot.waitUntil(lambda: screen.reviewing.left == 1)
    settled(qtbot, gone_on)


def test_the_filter_shows_other_pages(opened: Open, batch: Workplace, qtbot: QtBot) -> None:
    screen = opened("at-desk")
    press(qtbot, screen, Qt.Key.Key_A)
    settled(qtbot, batch)
    shown = {}
    for _ in Filter:
        press(qtbot, screen, Qt.Key.Key_V)
        shown[screen.reviewing.filter] = [page.position for page in screen.reviewing.pages]
    assert shown == {
        Filter.ALL: [1, 2, 3],
        Filter.ACCEPTED: [1],
        Filter.REJECTED: [],
        Filter.OPEN: [2, 3],
    }


def test_a_held_item_goes_on_with_a_reason_that_is_kept_for_good(
    opened: Open, gone_on: Workplace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = opened("gone-on")
    monkeypatch.setattr(ReasonDialog, "ask", lambda *_, **__: "Bound so; it cannot lie flat.")
    press(qtbot, screen, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: screen.reviewing.review is not None and not screen.reviewing.review.held)
    settled(qtbot, gone_on)
    with gone_on.node.registry.reading() as session:
        events = [event["detail"] for event in read_events(session, "letters", "gone-on")]
        item = next(row for row in items_of(session, "letters") if row.name == "gone-on")
    assert "Bound so; it cannot lie flat." in [detail.get("reason") for detail in events]
    assert item.state != "held"


def test_a_rejected_page_is_taken_to_the_capture_workspace(
    opened: Open, batch: Workplace, qtbot: QtBot
) -> None:
    screen = opened("at-desk")
    press(qtbot, screen, Qt.Key.Key_Right)
    with qtbot.waitSignal(batch.screen_wanted) as wanted:
        press(qtbot, screen, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot, batch)
    place = Desk(batch.node, "letters", "at-desk").state().places[1].id
    assert wanted.args == ["capture", {"batch": "letters", "item": "at-desk", "retake": place}]
    assert verdicts(batch)[1][0] == "rejected"


@pytest.mark.parametrize("in_use", [False, True])
def test_a_page_that_has_gone_on_is_taken_again_and_its_item_goes_on(
    opened: Open, gone_on: Workplace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, *, in_use: bool
) -> None:
    controller = DeviceDirectory.of(gone_on).controller("simulated:feeder")
    if in_use:
        with qtbot.waitSignal(controller.opened, timeout=15_000):
            controller.open("simulated:feeder")
        controller.apply({"mode": "Color", "resolution": 150})
    screen = opened("gone-on")
    before = screen.reviewing.page
    assert before is not None
    monkeypatch.setattr("app.desktop.quality.screen.page_lies_ready", lambda *_: True)
    with qtbot.waitSignal(screen.again.replaced, timeout=15_000) as replaced:
        press(qtbot, screen, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot, gone_on)
    assert replaced.args == [2]
    review = screen.reviewing.review
    assert review is not None
    assert not review.held
    page = review.pages[1]
    # no worker runs here that would make the master: the new page lies in the spool
    assert (page.source.kind, page.checks) == ("raw", ())
    assert page.source.key != before.source.key
    kept = list((gone_on.node.item_folder("letters", "gone-on") / "superseded").glob("0002-master-*.tif"))
    assert len(kept) == 1
    if in_use:
        # whoever works with the scanner in the capture workspace finds it as it was
        with qtbot.waitSignal(controller.options_changed, timeout=15_000):
            controller.open("simulated:feeder")
        values = controller.options().values
        assert (values["mode"], values["resolution"]) == ("Color", 150)
    DeviceDirectory.of(gone_on).shut_down()


def test_a_scanner_that_is_away_is_told_once_and_the_old_page_stays(
    opened: Open, gone_on: Workplace, qtbot: QtBot
) -> None:
    screen = opened("gone-on")
    review, page = screen.reviewing.review, screen.reviewing.page
    assert review is not None
    assert page is not None
    told: list[Any] = []
    gone_on.failure_reported.connect(told.append)
    with qtbot.waitSignal(screen.again.ended, timeout=15_000):
        screen.again.begin(review, replace(page, facts={"device": {"id": "simulated:nowhere"}}))
    settled(qtbot, gone_on)
    assert [notice.failure["code"] for notice in told] == ["scanner.device_not_found"]
    assert not screen.again.runs
    assert [shown.source.key for shown in screen.reviewing.review.pages if shown.source] == [
        shown.source.key for shown in review.pages if shown.source
    ]
    DeviceDirectory.of(gone_on).shut_down()


def test_two_pages_stand_side_by_side_and_move_together(opened: Open, batch: Workplace, qtbot: QtBot) -> None:
    screen = opened("at-desk")
    press(qtbot, screen, Qt.Key.Key_Right)
    press(qtbot, screen, Qt.Key.Key_C)
    assert screen.middle.currentWidget() is screen.linked
    shown = [screen.linked.left.page, screen.linked.right.page]
    assert [page.key for page in shown if page] == [
        str(page.id) for page in screen.reviewing.review.pages[:2]
    ]
    press(qtbot, screen, Qt.Key.Key_1)
    assert screen.linked.left.zoom == pytest.approx(screen.linked.right.zoom)
    press(qtbot, screen, Qt.Key.Key_C)
    assert screen.middle.currentWidget() is screen.viewer
    settled(qtbot, batch)


def test_a_page_that_was_captured_again_stands_beside_its_earlier_capture(
    opened: Open, batch: Workplace, qtbot: QtBot
) -> None:
    desk = Desk(batch.node, "letters", "at-desk")
    old = desk.state().places[2]
    run = desk.begin_run(replaces=old.id)
    desk.add(run, page_in(run, 3, height=90))
    desk.end_run(run)
    screen = opened("at-desk")
    press(qtbot, screen, Qt.Key.Key_End)
    press(qtbot, screen, Qt.Key.Key_C)
    left = screen.linked.left
    qtbot.waitUntil(lambda: left.page is not None and left.page.source.key == old.image_key)
    assert screen.linked.right.page.source.height == 90
    settled(qtbot, batch)


def test_nothing_is_read_while_nobody_sees_it(opened: Open, batch: Workplace, qtbot: QtBot) -> None:
    screen = opened("at-desk")
    press(qtbot, screen, Qt.Key.Key_Right)
    settled(qtbot, batch)
    screen.left()
    begun: list[Any] = []
    batch.operations.started.connect(begun.append)
    captured(batch.node, "at-desk", pages=1)
    batch.item_changed.emit("letters", "at-desk")
    assert begun == []
    screen.entered({})
    qtbot.waitUntil(lambda: screen.reviewing.review is not None and len(screen.reviewing.review.pages) == 4)
    assert screen.reviewing.page.position == 2
    settled(qtbot, batch)


def test_every_reason_has_a_key_of_its_own_and_only_those_keys_reject(
    workplace: Workplace, qtbot: QtBot
) -> None:
    bar = RejectBar(workplace.theme)
    qtbot.addWidget(bar)
    chosen: list[str] = []
    bar.chosen.connect(chosen.append)
    for key in (*REASONS, "Q", "1"):
        bar.ask()
        qtbot.keyClick(bar, key)
    assert chosen == ["skew", "crop", "focus", "clipping", "order", "foreign object"]


def test_the_table_of_checks_is_a_sound_model(
    workplace: Workplace, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    model = CheckModel(workplace.theme)
    model.show_checks(
        [
            {"check": "blank", "verdict": "pass", "measured": 0.25, "threshold": None, "sentence": "Fine."},
            {"check": "fingerprint", "verdict": "pass", "measured": "ff", "threshold": None, "sentence": ""},
            {"check": "new_one", "verdict": "review", "measured": 3, "threshold": 2, "sentence": "Look."},
        ]
    )
    qtmodeltester.check(model)
    assert [model.index(row, 1).data() for row in range(model.rowCount())] == [
        "new one",
        "Something on the page",
    ]


# requirement 21
def test_every_widget_that_takes_the_focus_has_a_name(opened: Open, gone_on: Workplace, qtbot: QtBot) -> None:
    screen = opened("gone-on")
    for widget in screen.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface is not None
            assert interface.text(QAccessible.Text.Name), widget
    assert isinstance(screen.items, ItemList)
    settled(qtbot, gone_on)


# requirement 21
def test_the_tab_key_leads_through_the_screen_and_out_again(
    opened: Open, gone_on: Workplace, qtbot: QtBot
) -> None:
    screen = opened("gone-on")
    screen.filters.setFocus()
    reached: list[QWidget] = []
    for _ in range(40):
        focused = QApplication.focusWidget()
        if focused in reached:
            break
        reached.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is screen.filters
    panel = [stop for stop in screen.panel.stops if stop.isVisible()]
    stops = [screen.filters, screen.batches, screen.items, screen.viewer, *panel, screen.strip]
    assert [widget for widget in reached if widget in stops] == stops
    settled(qtbot, gone_on)
