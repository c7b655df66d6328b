# SPDX-License-Identifier: Apache-2.0
"""Suggestions in Quality: seen with source and confidence, accepted and refused by key, and taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.desktop.quality.screen import QualityScreen
from app.desktop.quality.suggestion_model import SuggestionModel
from app.desktop.workplace import Workplace
from archive.registry.batches import items_of
from archive.registry.events import read_events
from archive.registry.pages import RecordedSuggestion, record_suggestions
from archive.registry.suggestions import Choice, KnownSuggestion, decide, list_suggestions

from .conftest import Open

SHIFT = Qt.KeyboardModifier.ShiftModifier
MADE = [
    RecordedSuggestion(2, "date", "1784-03-05", "archive.text.dates", "1.2", 0.8),
    RecordedSuggestion(2, "orientation", "turn by 90 degrees clockwise", "tesseract", "5.3.0", 0.9),
    RecordedSuggestion(2, "ink_share", "0.0210", "archive.imaging.page_area", "1.2", 1.0),
    RecordedSuggestion(3, "page_type", "text", "archive.text.page_type", "1.2", 0.7),
    RecordedSuggestion(None, "language", "deu", "archive.text.language", "1.2", 1.0),
]


@pytest.fixture
def suggested(gone_on: Workplace) -> Workplace:
    """The item that has gone on, with suggestions about two of its pages and about itself."""
    with gone_on.node.registry.transaction() as session:
        item = next(row for row in items_of(session, "letters") if row.name == "gone-on")
        record_suggestions(session, item.id, MADE)
    return gone_on


def shown(screen: QualityScreen) -> list[tuple[str, str, str]]:
    model = screen.panel.suggestions.model
    return [
        (model.index(row, 0).data(), model.index(row, 1).data(), model.index(row, 2).data())
        for row in range(model.rowCount())
    ]


def statuses(workplace: Workplace) -> dict[str, str]:
    with workplace.node.registry.reading() as session:
        return {
            each.kind: each.status for each in list_suggestions(session, "letters", Choice(item="gone-on"))
        }


def bring_into_view(screen: QualityScreen) -> None:
    screen.panel.suggestions.to_be_seen.emit()


def press(qtbot: QtBot, screen: QualityScreen, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget() or screen, key, modifier)
    qtbot.waitUntil(lambda: not screen.workplace.operations.running)


@pytest.fixture
def screen(suggested: Workplace, opened: Open, qtbot: QtBot) -> QualityScreen:
    screen = opened("gone-on")
    qtbot.waitUntil(lambda: screen.panel.suggestions.model.rowCount() > 0)
    assert suggested is screen.workplace
    return screen


def test_what_is_suggested_about_the_page_and_its_item_is_told_with_its_source(
    screen: QualityScreen, qtbot: QtBot
) -> None:
    # measurements are no question to anybody
    assert shown(screen) == [
        ("Date", "1784-03-05", "80 %"),
        ("Upright", "turn by 90 degrees clockwise", "90 %"),
        ("Language", "deu", "100 %"),
    ]
    told = screen.panel.suggestions.source.text()
    assert told == "Of page 2, suggested by archive.text.dates 1.2, 80 % sure. Open."
    press(qtbot, screen, Qt.Key.Key_V, Qt.KeyboardModifier.NoModifier)
    screen.reviewing.step(1)
    assert [row[0] for row in shown(screen)] == ["Kind of page", "Language"]


def test_suggestions_are_decided_by_key_and_each_decision_is_an_event(
    screen: QualityScreen, qtbot: QtBot
) -> None:
    screen.panel.verticalScrollBar().setValue(0)
    screen.resize(1280, 560)
    press(qtbot, screen, Qt.Key.Key_A, SHIFT)
    # nobody decides over what they do not see: the first press only shows it
    assert statuses(screen.workplace)["date"] == "suggested"
    press(qtbot, screen, Qt.Key.Key_A, SHIFT)
    assert screen.panel.suggestions.marked.kind == "orientation"
    press(qtbot, screen, Qt.Key.Key_R, SHIFT)
    decided = {"date": "accepted", "orientation": "refused"}
    assert {kind: status for kind, status in statuses(screen.workplace).items() if status != "suggested"} == (
        decided
    )
    # the page itself is not judged by that
    assert screen.reviewing.page.verdict == ""
    with screen.workplace.node.registry.reading() as session:
        events = [each for each in read_events(session, "letters") if each["type"] == "metadata modification"]
    assert [(each["item"], each["page"], each["detail"]["status"]) for each in events] == [
        ("gone-on", 2, "accepted"),
        ("gone-on", 2, "refused"),
    ]


def test_a_decision_is_taken_back_by_its_name_and_made_again(screen: QualityScreen, qtbot: QtBot) -> None:
    undo = screen.workplace.actions.action("general.undo")
    bring_into_view(screen)
    press(qtbot, screen, Qt.Key.Key_A, SHIFT)
    assert undo.text() == "Undo decision over a suggestion for page 2"
    undo.trigger()
    qtbot.waitUntil(lambda: not screen.workplace.operations.running)
    assert statuses(screen.workplace)["date"] == "suggested"
    assert screen.panel.suggestions.model.suggestions[0].status == "suggested"
    screen.workplace.actions.action("general.redo").trigger()
    qtbot.waitUntil(lambda: not screen.workplace.operations.running)
    assert statuses(screen.workplace)["date"] == "accepted"


def test_a_suggestion_about_the_item_is_opened_again(screen: QualityScreen, qtbot: QtBot) -> None:
    bring_into_view(screen)
    screen.panel.suggestions.table.selectRow(2)
    press(qtbot, screen, Qt.Key.Key_R, SHIFT)
    undo = screen.workplace.actions.action("general.undo")
    assert undo.text() == "Undo decision over a suggestion for the item"
    screen.panel.suggestions.table.selectRow(2)
    assert not screen.workplace.actions.action("quality.refuse_suggestion").isEnabled()
    press(qtbot, screen, Qt.Key.Key_U, SHIFT)
    assert statuses(screen.workplace)["language"] == "suggested"


def test_a_suggestion_that_is_gone_is_told_and_the_others_are_read_again(
    screen: QualityScreen, qtbot: QtBot
) -> None:
    told: list[str] = []
    screen.workplace.failure_reported.connect(lambda notice: told.append(notice.failure["code"]))
    bring_into_view(screen)
    with screen.workplace.node.registry.transaction() as session:
        item = next(row for row in items_of(session, "letters") if row.name == "gone-on")
        other = RecordedSuggestion(2, "date", "1785", "archive.text.dates", "1.3", 0.9)
        record_suggestions(session, item.id, [other])
    press(qtbot, screen, Qt.Key.Key_A, SHIFT)
    assert told == ["registry.suggestion_unknown"]
    assert ("Date", "1785", "90 %") in shown(screen)
    assert set(statuses(screen.workplace).values()) == {"suggested"}


def test_what_was_decided_elsewhere_meanwhile_is_no_step_to_be_undone(
    screen: QualityScreen, qtbot: QtBot
) -> None:
    bring_into_view(screen)
    marked = screen.panel.suggestions.marked
    with screen.workplace.node.registry.transaction() as session:
        decide(session, "letters", Choice(ids=[marked.id]), "accepted")
    press(qtbot, screen, Qt.Key.Key_A, SHIFT)
    assert not screen.workplace.actions.action("general.undo").isEnabled()


def test_nothing_is_asked_where_nothing_is_suggested(opened: Open, qtbot: QtBot) -> None:
    screen = opened("at-desk")
    qtbot.waitUntil(lambda: not screen.workplace.operations.running)
    assert not screen.panel.suggestions.isVisible()
    assert not screen.workplace.actions.action("quality.accept_suggestion").isEnabled()
    assert not screen.workplace.actions.action("quality.next_suggestion").isEnabled()


def test_the_table_of_suggestions_is_a_sound_model(workplace: Workplace, qtmodeltester: ModelTester) -> None:
    model = SuggestionModel(workplace.theme)
    made = KnownSuggestion(1, "i", 1, "date", "1784", "dates", "1", 0.5, "suggested", bagged=False)
    model.show_suggestions([made])
    qtmodeltester.check(model)
    assert model.next_open(-1) == 0
    assert SuggestionModel(workplace.theme).next_open(-1) == -1
