# SPDX-License-Identifier: Apache-2.0
"""The head of the capture workspace: which item, which file comes next, how far, how fast, and whether all is ready."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QFont, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.desktop.capture.pedal import PedalState
from app.desktop.devices.device_words import state_word
from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.head_line import HeadLine
from app.desktop.widgets.plain_words import plain_tip
from app.desktop.widgets.state_chip import StateChip
from workers.desk.places import DeskState

_PEDAL: dict[str, tuple[str, Role, str]] = {
    PedalState.NONE: (QT_TRANSLATE_NOOP("pedal", "No pedal"), Role.WAITING, "pedal"),
    PedalState.OFF: (QT_TRANSLATE_NOOP("pedal", "Pedal off"), Role.HELD, "pedal"),
    PedalState.ARMED: (QT_TRANSLATE_NOOP("pedal", "Pedal armed"), Role.READY, "pedal"),
    PedalState.PAUSED: (QT_TRANSLATE_NOOP("pedal", "Pedal rests"), Role.WAITING, "pedal"),
}

_PACE: dict[str, tuple[str, Role, str]] = {
    "none": (QT_TRANSLATE_NOOP("capture state", "No scanner chosen"), Role.WAITING, "scanner"),
    "closed": (QT_TRANSLATE_NOOP("capture state", "Not connected"), Role.WAITING, "scanner"),
    "beginning": (QT_TRANSLATE_NOOP("capture state", "Starting"), Role.BUSY, "busy"),
    "stopping": (QT_TRANSLATE_NOOP("capture state", "Stopping"), Role.BUSY, "stop"),
}
"""What the list of devices has no words for, or other ones."""


def next_name(state: DeskState | None) -> str:
    """The file name of the page that is captured next at the end of an item."""
    from archive.registry.batches import page_name

    return f"{page_name(len(state.places) + 1)}.tif" if state is not None else ""


class ElidedLabel(QLabel):
    """One line of text that gives way where there is no room; its tooltip has it whole.

    Args:
        font: Another font than that of ordinary text.
    """

    def __init__(self, font: QFont | None = None) -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        if font is not None:
            self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str) -> None:
        """Show another text."""
        self._whole = text
        self.setToolTip(plain_tip(text))
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text into the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width()))


class CaptureHeader(QWidget):
    """Item, next file name in large type, position, pace, scanner and pedal.

    Args:
        theme: Colours and icons.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._item = ElidedLabel(HeadLine("", 1.4).font())
        self._title = ElidedLabel()
        self._caption = QLabel(self.tr("Next file"))
        self._next = HeadLine("", 2.4)
        self._next.setTextFormat(Qt.TextFormat.PlainText)
        self._position = HeadLine("", 1.4)
        self._pace = QLabel()
        self.device = StateChip(theme)
        self.simulated = StateChip(theme, self.tr("Simulated"), Role.SIMULATED, "simulated")
        self.pedal = StateChip(theme)
        # words of different lengths must not move the rest about while pages come
        self.device.setMinimumWidth(24 * self.fontMetrics().averageCharWidth())
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(24)
        row.addLayout(_column(self._item, self._title), 3)
        row.addLayout(_column(self._caption, self._next), 0)
        row.addStretch(1)
        row.addLayout(_column(self._position, self._pace), 0)
        row.addLayout(_column(self.device, self.simulated, self.pedal), 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        theme.changed.connect(self._paint)
        self._paint()
        self.show_state(None)
        self.show_device("none", "", simulated=False)
        self.show_pedal(PedalState.NONE)
        self.show_pace(None)

    @property
    def next_file(self) -> str:
        """The next file name as it is shown."""
        return self._next.text()

    @property
    def position(self) -> str:
        """The position as it is shown."""
        return self._position.text()

    def show_state(self, state: DeskState | None, position: int = 0, replaces: str = "") -> None:
        """Show an item.

        Args:
            state: The item.
            position: Position of the page in view, from 1; 0 for none.
            replaces: File name of the page that is captured anew; "" where the next one comes to the end.
        """
        self._item.show_text(state.item if state is not None else "")
        self._title.show_text(state.title if state is not None else "")
        self._next.setText(replaces or next_name(state))
        self._next.setAccessibleName(self.tr("Next file {name}").format(name=self._next.text()))
        self._position.setText(self._position_words(state, position))

    def _position_words(self, state: DeskState | None, position: int) -> str:
        if state is None:
            return ""
        number = QLocale().toString
        if position == 0 and state.expected is not None:
            return self.tr("~%n page(s)", "", state.expected)
        if state.expected is None:
            return self.tr("page {page} of {count}").format(
                page=number(position), count=number(len(state.places))
            )
        return self.tr("page {page} of ~{expected}").format(
            page=number(position), expected=number(state.expected)
        )

    def show_pace(self, per_hour: int | None) -> None:
        """Show how many pages an hour are captured; None where nobody can say yet."""
        words = self.tr("{pages} pages an hour")
        self._pace.setText(words.format(pages=QLocale().toString(per_hour)) if per_hour is not None else "")

    def show_device(
        self, state: str, name: str, *, simulated: bool, detail: str = "", code: str = ""
    ) -> None:
        """Show the scanner's state, and whether it is a simulated one.

        Args:
            state: A state of the controller, a pace of capture, or "none".
            name: What people call the scanner.
            simulated: Whether Recto itself draws the pages.
            detail: What is said behind the state.
            code: Of what the scanner said while it is waited for, or in trouble.
        """
        if state in _PACE:
            word, role, icon = _PACE[state]
            text = QCoreApplication.translate("capture state", word)
        else:
            known = state_word(state, code)
            text, role, icon = known.text(), known.role, known.icon
        self.device.show_state(f"{text} · {detail}" if detail else text, role, icon)
        self.device.setToolTip(name)
        self.simulated.setVisible(simulated)

    def show_pedal(self, state: str) -> None:
        """Show whether the pedal captures."""
        word, role, icon = _PEDAL[state]
        self.pedal.show_state(QCoreApplication.translate("pedal", word), role, icon)

    def _paint(self) -> None:
        for label in (self._title, self._caption, self._pace):
            palette = label.palette()
            palette.setColor(QPalette.ColorRole.WindowText, self._theme.color(Role.MUTED))
            label.setPalette(palette)


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addStretch(1)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return column
