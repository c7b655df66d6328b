# SPDX-License-Identifier: Apache-2.0
"""The pedal: a keyboard with one key, which reaches capture before any text field sees it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

DEBOUNCE = 0.3
"""Seconds in which a second press is taken for a bounce of the first one's contact."""


class PedalState(StrEnum):
    """Whether a press of the pedal captures now."""

    NONE = "none"
    OFF = "off"
    ARMED = "armed"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class PedalKey:
    """The key that a pedal sends.

    Attributes:
        key: Qt's number of the key; that of "unknown" for buttons which Qt has no name for.
        scan_code: The key's number in the window system, which tells unknown keys apart.
    """

    key: int
    scan_code: int = 0

    @classmethod
    def of(cls, event: QKeyEvent) -> Self:
        """The key of an event."""
        return cls(event.key(), event.nativeScanCode())

    @classmethod
    def from_text(cls, text: str) -> Self | None:
        """The key that `to_text` wrote; None for text that is none."""
        key, _, scan_code = text.partition(":")
        return cls(int(key), int(scan_code)) if key.isdecimal() and scan_code.isdecimal() else None

    def to_text(self) -> str:
        """The key for a file of settings."""
        return f"{self.key}:{self.scan_code}"

    @property
    def is_known(self) -> bool:
        """Whether Qt has a name for the key."""
        return self.key not in {0, Qt.Key.Key_unknown.value}

    @property
    def name(self) -> str:
        """What the operator calls the key."""
        if self.is_known:
            return QKeySequence(self.key).toString(QKeySequence.SequenceFormat.NativeText)
        return f"#{self.scan_code}"

    def is_of(self, event: QKeyEvent) -> bool:
        """Whether an event is of this key."""
        if self.is_known:
            return event.key() == self.key
        return event.nativeScanCode() == self.scan_code


class Pedal(QObject):
    """Takes the pedal's key while it is armed, wherever the focus is.

    It rests while another window or a dialog is in front, so that a foot captures nothing unseen.

    Args:
        screen: The capture workspace.
        clock: Seconds that only grow.
    """

    pressed = Signal()
    state_changed = Signal(str)

    def __init__(self, screen: QWidget, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(screen)
        self._screen = screen
        self._clock = clock
        self._key: PedalKey | None = None
        self._armed = True
        self._pressed_at = -DEBOUNCE
        self._told = PedalState.NONE
        self._listening = False
        self._heard: QWidget | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.look)

    @property
    def key(self) -> PedalKey | None:
        """The pedal's key, when it is known."""
        return self._key

    @property
    def state(self) -> PedalState:
        """Whether a press captures now."""
        if self._key is None:
            return PedalState.NONE
        if not self._armed:
            return PedalState.OFF
        return PedalState.ARMED if self._is_in_front() else PedalState.PAUSED

    def learn(self, key: PedalKey | None) -> None:
        """Listen to this key from now on; None for no pedal."""
        self._key = key
        self.look()

    def arm(self, armed: bool) -> None:  # noqa: FBT001  # the one thing it says
        """Have presses capture, or not."""
        self._armed = armed
        self.look()

    def listen(self) -> None:
        """Hear the keys of whatever has the focus, and see what is in front."""
        if not self._listening:
            application = _application()
            application.focusChanged.connect(self._follow_focus)
            application.focusWindowChanged.connect(self._look_soon)
            self._listening = True
            self._follow_focus(None, QApplication.focusWidget())
        self.look()

    def rest(self) -> None:
        """Hear nothing any more."""
        if self._listening:
            application = _application()
            application.focusChanged.disconnect(self._follow_focus)
            application.focusWindowChanged.disconnect(self._look_soon)
            self._listening = False
            self._hear(None)
        self.look()

    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Stand before whoever gets the keys: the widget with the focus, or else the window itself.

        A filter of the whole application would see every event there is, also of what is being destroyed.
        """
        self._hear(now or self._screen.window())
        self._look_soon()

    def _hear(self, widget: QWidget | None) -> None:
        before, self._heard = self._heard, widget
        if before is not None and isValid(before):
            before.removeEventFilter(self)
        if widget is not None:
            widget.installEventFilter(self)

    def _look_soon(self, *_: object) -> None:
        # when it has been dealt with: a dialog counts as open until it is gone
        self._soon.start()

    def look(self) -> None:
        """Tell the state, when it is another one than was told."""
        state = self.state
        if state is not self._told:
            self._told = state
            self.state_changed.emit(str(state))

    def _is_in_front(self) -> bool:
        return (
            self._listening
            and self._screen.isVisible()
            and self._screen.window().isActiveWindow()
            and QApplication.activeModalWidget() is None
            and QApplication.activePopupWidget() is None
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Take the pedal's key before the widget that has the focus."""
        if isinstance(event, QKeyEvent) and self._key is not None and self._key.is_of(event):
            return self._take(event)
        return super().eventFilter(watched, event)

    def _take(self, event: QKeyEvent) -> bool:
        if self.state is not PedalState.ARMED:
            return False
        # accepted as well, or a shortcut of the same key would win
        event.accept()
        if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
            moment = self._clock()
            if moment - self._pressed_at >= DEBOUNCE:
                self._pressed_at = moment
                self.pressed.emit()
        return True


def _application() -> QApplication:
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise TypeError("The pedal needs the application")
    return application
