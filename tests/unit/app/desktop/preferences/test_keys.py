# SPDX-License-Identifier: Apache-2.0
"""Keys of one's own, theme and large type: in force at once, kept for the next start, conflicts named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.desktop.preferences.choices import PersonalChoices
from app.desktop.preferences.key_conflicts import action_with_key
from app.desktop.preferences.key_model import KEY, KeyModel
from app.desktop.preferences.keys_block import KeysBlock
from app.desktop.preferences.personal import Personal, personal_file, read_personal, write_personal
from app.desktop.preferences.personal_blocks import AppearanceBlock
from app.desktop.workplace import Workplace

UNDO = "general.undo"
RETAKE = "capture.retake"


@pytest.fixture
def block(qtbot: QtBot, workplace: Workplace) -> Iterator[KeysBlock]:
    made = KeysBlock(workplace)
    qtbot.addWidget(made)
    made.show()
    yield made
    wait(qtbot, workplace)


@pytest.fixture(autouse=True)
def plain_theme(workplace: Workplace) -> Iterator[None]:
    yield
    workplace.theme.set_scheme("system")
    workplace.theme.set_large_type(False)


def wait(qtbot: QtBot, workplace: Workplace) -> None:
    qtbot.waitUntil(lambda: not workplace.operations.running)


def key_of(workplace: Workplace, action_id: str) -> str:
    return workplace.actions.action(action_id).shortcut().toString(QKeySequence.SequenceFormat.PortableText)


def test_the_table_of_keys_is_a_proper_model(workplace: Workplace, qtmodeltester: ModelTester) -> None:
    model = KeyModel(workplace.actions)
    qtmodeltester.check(model)
    model.show_found(("undo",))
    assert 0 < model.rowCount() < len(workplace.actions.records)
    assert model.index(model.row_of(UNDO), KEY).data() == "Ctrl+Z"
    model.show_found(())
    assert model.rowCount() == len(workplace.actions.records)


def test_a_key_of_ones_own_works_at_once_and_is_kept(
    qtbot: QtBot, block: KeysBlock, workplace: Workplace
) -> None:
    block.choose(UNDO)
    qtbot.keyClick(
        block.entry, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    )
    assert block.use.isEnabled()
    assert block.problem.isHidden()
    block.use.click()
    assert key_of(workplace, UNDO) == "Ctrl+Alt+U"
    wait(qtbot, workplace)
    assert read_personal().keys == {UNDO: "Ctrl+Alt+U"}
    block.ordinary.click()
    assert key_of(workplace, UNDO) == "Ctrl+Z"
    wait(qtbot, workplace)
    assert read_personal().keys == {}


def test_the_action_that_has_the_key_is_named_and_gives_it_away_only_when_told_to(
    qtbot: QtBot, block: KeysBlock, workplace: Workplace
) -> None:
    block.choose(RETAKE)
    qtbot.keyClick(block.entry, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    undo = workplace.actions.action(UNDO).text()
    assert undo in block.problem.text()
    assert key_of(workplace, UNDO) == "Ctrl+Z"
    block.take()
    assert (key_of(workplace, RETAKE), key_of(workplace, UNDO)) == ("Ctrl+Z", "")
    block.all_ordinary.click()
    assert (key_of(workplace, RETAKE), key_of(workplace, UNDO)) == ("Backspace", "Ctrl+Z")


def test_the_same_key_on_two_screens_is_no_conflict(workplace: Workplace) -> None:
    book = workplace.actions
    # both have a plain letter, and only one of the screens is shown
    assert action_with_key(book, "quality.accept", key_of(workplace, "board.accept")) is None
    assert action_with_key(book, RETAKE, "Ctrl+Z") == UNDO
    assert action_with_key(book, UNDO, "Backspace") is not None
    assert action_with_key(book, UNDO, "Ctrl+Z") is None
    assert action_with_key(book, UNDO, "") is None


def test_ordinary_keys_have_no_conflicts(workplace: Workplace) -> None:
    book = workplace.actions
    taken = {record.id: action_with_key(book, record.id, record.key) for record in book.records if record.key}
    assert {action: holder for action, holder in taken.items() if holder} == {}


def test_what_was_chosen_is_in_force_at_the_next_start(qtbot: QtBot, workplace: Workplace) -> None:
    write_personal(Personal(theme="dark", large_type=True, keys={UNDO: "Ctrl+Alt+U", "gone.action": "X"}))
    PersonalChoices.of(workplace)
    assert workplace.theme.is_dark
    assert workplace.theme.large_type
    assert key_of(workplace, UNDO) == "Ctrl+Alt+U"


def test_what_is_chosen_in_a_menu_is_kept_too(qtbot: QtBot, workplace: Workplace) -> None:
    appearance = AppearanceBlock(workplace)
    qtbot.addWidget(appearance)
    workplace.theme.switch_large_type()
    assert appearance.large.isChecked()
    appearance.theme_choice.buttons["dark"].click()
    appearance.contrast.click()
    wait(qtbot, workplace)
    kept = read_personal()
    assert (kept.theme, kept.large_type, kept.more_contrast) == ("dark", True, True)
    appearance.contrast.click()
    wait(qtbot, workplace)


@pytest.mark.parametrize("text", ["{", "[]", '{"theme": "pink"}', "\x00"])
def test_damaged_choices_keep_nobody_from_working(home: Path, text: str) -> None:
    personal_file().write_text(text)
    assert read_personal() == Personal()
    # what somebody wrote there is put aside, not away
    write_personal(Personal(theme="dark"))
    assert personal_file().with_name("desktop.json.damaged").read_text() == text
    assert read_personal().theme == "dark"


def test_choices_of_a_newer_recto_are_kept(home: Path) -> None:
    personal_file().write_text('{"theme": "dark", "of_tomorrow": 1}')
    write_personal(read_personal().model_copy(update={"theme": "light"}))
    assert json.loads(personal_file().read_text())["of_tomorrow"] == 1
