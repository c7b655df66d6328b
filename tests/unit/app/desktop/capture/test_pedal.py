# SPDX-License-Identifier: Apache-2.0
"""The pedal's key reaches capture and nothing else, as long as it is armed."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.capture.learn_key import LearnKeyDialog
from app.desktop.capture.pedal import Pedal, PedalKey, PedalState
from app.desktop.workplace import Workplace

B = Qt.Key.Key_B


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[SimpleNamespace]:
    """A window with a text field, a shortcut on the pedal's key, and the pedal."""
    window = QWidget()
    qtbot.addWidget(window)
    field = QLineEdit()
    QVBoxLayout(window).addWidget(field)
    moment = [0.0]
    pedal = Pedal(window, clock=lambda: moment[0])
    pedal.learn(PedalKey(B.value))
    told: list[str] = []
    pedal.state_changed.connect(told.append)
    pedal.listen()
    captures: list[float] = []
    shortcuts: list[float] = []
    pedal.pressed.connect(lambda: captures.append(moment[0]))
    shortcut = QShortcut(B, window)
    shortcut.activated.connect(lambda: shortcuts.append(moment[0]))
    window.show()
    qtbot.waitUntil(lambda: told[-1:] == ["armed"])
    field.setFocus()
    yield SimpleNamespace(
        window=window,
        field=field,
        pedal=pedal,
        moment=moment,
        captures=captures,
        shortcuts=shortcuts,
        told=told,
    )
    pedal.rest()


def press(widget: QWidget, *, repeated: bool = False) -> None:
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
        event = QKeyEvent(kind, B, Qt.KeyboardModifier.NoModifier, "b", repeated)
        QApplication.sendEvent(widget, event)


# requirement 10
def test_the_pedal_captures_and_no_text_field_or_shortcut_hears_it(
    desk: SimpleNamespace, qtbot: QtBot
) -> None:
    qtbot.keyClick(desk.field, B)
    assert (len(desk.captures), desk.field.text(), desk.shortcuts) == (1, "", [])


# requirement 10
def test_a_foot_that_stays_on_the_pedal_captures_once(desk: SimpleNamespace) -> None:
    press(desk.field)
    for _ in range(20):
        desk.moment[0] += 0.5
        press(desk.field, repeated=True)
    assert len(desk.captures) == 1
    assert desk.field.text() == ""


def test_a_bouncing_contact_captures_once_and_the_next_press_again(desk: SimpleNamespace) -> None:
    for moment in (0.0, 0.1, 0.29, 0.31):
        desk.moment[0] = moment
        press(desk.field)
    assert desk.captures == [0.0, 0.31]


def test_a_disarmed_pedal_is_a_key_like_any_other(desk: SimpleNamespace, qtbot: QtBot) -> None:
    desk.pedal.arm(False)
    assert desk.pedal.state is PedalState.OFF
    qtbot.keyClicks(desk.field, "b")
    assert (desk.captures, desk.field.text()) == ([], "b")


def test_the_pedal_rests_while_a_dialog_is_open_and_says_so(desk: SimpleNamespace, qtbot: QtBot) -> None:
    dialog = QDialog(desk.window)
    qtbot.addWidget(dialog)
    field = QLineEdit(dialog)
    dialog.open()
    qtbot.waitActive(dialog)
    qtbot.keyClicks(field, "b")
    assert (desk.captures, field.text()) == ([], "b")
    qtbot.waitUntil(lambda: desk.told[-1] == "paused")
    dialog.close()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is None)
    # the platform without a screen gives the focus back to nobody
    desk.window.activateWindow()
    qtbot.waitUntil(lambda: desk.told[-2:] == ["paused", "armed"])


def test_a_key_that_qt_has_no_name_for_is_known_by_its_number() -> None:
    key = PedalKey(Qt.Key.Key_unknown.value, 171)
    assert PedalKey.from_text(key.to_text()) == key
    assert not key.is_known
    event = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_unknown.value, Qt.KeyboardModifier.NoModifier, 171, 0, 0
    )
    assert key.is_of(event)
    assert PedalKey.from_text("rubbish") is None


# requirement 11
@pytest.mark.parametrize("key", [Qt.Key.Key_B, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_MediaPlay])
def test_any_key_can_be_learned(workplace: Workplace, qtbot: QtBot, key: Qt.Key) -> None:
    dialog = LearnKeyDialog(workplace.actions)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.keyClick(dialog, key)
    assert dialog.key is not None
    assert dialog.key.key == key
    assert dialog.isVisible()


# requirement 11
def test_a_key_that_an_action_has_is_named_with_the_action(workplace: Workplace, qtbot: QtBot) -> None:
    dialog = LearnKeyDialog(workplace.actions)
    qtbot.addWidget(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Space)
    assert "“Capture”" in dialog.conflict
    dialog.wait_for_key()
    qtbot.keyClick(dialog, Qt.Key.Key_Q)
    assert dialog.conflict == ""
