# SPDX-License-Identifier: Apache-2.0
"""What stands on the import screen before a manifest is at hand, and after a batch was made of one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.desktop.importing.action_button import HEIGHT, ActionButton
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.head_line import HeadLine
from app.desktop.widgets.plain_words import on_button, on_one_line, plain_tip
from app.desktop.widgets.state_chip import StateChip
from app.desktop.workplace import Workplace

RECENT_CHARACTERS = 70


class Welcome(QWidget):
    """A place to drop a manifest, ways to one without dropping, and those opened last.

    Args:
        workplace: Actions and theme.
    """

    recent_chosen = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        self._recent_head = QLabel(self.tr("Opened last"))
        self._recent_head.hide()
        head = HeadLine(self.tr("Drop a manifest here"))
        text = QLabel(
            self.tr(
                "A manifest is the list of what is to be digitised: CSV, Excel, JSON or YAML. "
                "Every row is checked, and nothing is created while something is wrong with it."
            )
        )
        text.setWordWrap(True)
        for label in (head, text, self._recent_head):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inner = QVBoxLayout()
        inner.setSpacing(14)
        inner.addWidget(head)
        inner.addWidget(text)
        first = ActionButton(workplace, "importing.open", primary=True)
        inner.addWidget(first, alignment=Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout()
        row.addStretch(1)
        for other in ("importing.form", "importing.sample"):
            row.addWidget(ActionButton(workplace, other))
        row.addStretch(1)
        inner.addLayout(row)
        inner.addSpacing(12)
        inner.addWidget(self._recent_head)
        inner.addLayout(self._recent)
        frame = _DropFrame(workplace.theme)
        frame.setLayout(inner)
        inner.setContentsMargins(48, 36, 48, 36)
        column = QVBoxLayout(self)
        column.addStretch(2)
        around = QHBoxLayout()
        around.addStretch(1)
        around.addWidget(frame, 4)
        around.addStretch(1)
        column.addLayout(around)
        column.addStretch(3)

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Show the manifests opened last."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._recent_head.setVisible(bool(paths))
        for path in paths:
            button = QPushButton(on_button(on_one_line(_short(path))))
            button.setFlat(True)
            button.setMinimumHeight(HEIGHT)
            button.setToolTip(plain_tip(str(path)))
            button.setAccessibleName(self.tr("Open {name} again").format(name=path.name))
            button.clicked.connect(partial(self.recent_chosen.emit, path))
            self._recent.addWidget(button, alignment=Qt.AlignmentFlag.AlignCenter)


def _short(path: Path) -> str:
    """A path with its middle left out: the name is what it is known by."""
    text = str(path)
    if len(text) <= RECENT_CHARACTERS:
        return text
    kept = max(8, RECENT_CHARACTERS - len(path.name) - 2)
    return (
        f"{text[:kept]}…/{path.name}"
        if len(path.name) < RECENT_CHARACTERS
        else f"…{text[-RECENT_CHARACTERS:]}"
    )


class _DropFrame(QWidget):
    """A surface with a dashed border, as people know places to drop things into."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the surface and its border."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.color(Role.SURFACE))
        painter.setPen(QPen(self._theme.color(Role.OUTLINE), 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        # by name: who looks at this stack meanwhile, such as the stall watchdog, keeps the painter alive
        painter.end()


class CreatedPlace(QWidget):
    """A batch was created: what is in it, and the one next thing to do.

    Args:
        workplace: Actions and theme.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._chip = StateChip(workplace.theme, self.tr("Created"), Role.DONE, "done")
        self._head = HeadLine()
        self._text = QLabel()
        for label in (self._head, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.start = ActionButton(workplace, "importing.start_capturing", primary=True)
        self.board = ActionButton(workplace, "importing.show_board", primary=True)
        chip_row = QHBoxLayout()
        chip_row.addStretch(1)
        chip_row.addWidget(self._chip)
        chip_row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(14)
        column.addStretch(2)
        column.addLayout(chip_row)
        column.addWidget(self._head)
        column.addWidget(self._text)
        for button in (self.start, self.board):
            column.addWidget(button, alignment=Qt.AlignmentFlag.AlignCenter)
        another = ActionButton(workplace, "importing.open")
        column.addWidget(another, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)

    def show_batch(self, batch: str, amount: str, *, at_desk: bool) -> None:
        """Tell of a batch.

        Args:
            batch: Its id.
            amount: What is in it, in words.
            at_desk: Whether a person captures it here.
        """
        self._head.setText(batch)
        self.start.setVisible(at_desk)
        self.board.setVisible(not at_desk)
        (self.start if at_desk else self.board).setFocus()
        next_step = (
            self.tr("Its first item waits for you at the scanner.")
            if at_desk
            else self.tr("It goes to the workers; the board shows how far they are.")
        )
        self._text.setText(f"{amount}. {next_step}")
