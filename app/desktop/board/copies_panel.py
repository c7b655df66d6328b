# SPDX-License-Identifier: Apache-2.0
"""The stored copies of an item's bag: where each is, what is proved of it, and what a verification found now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.board.words import Mark, moment, size
from app.desktop.failures.explanation import explain
from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.elided_label import ElidedLabel
from app.desktop.widgets.state_chip import StateChip
from archive.registry.item_history import CopyFacts, ItemHistory
from archive.storage.target import Proof
from workers.verification import Verdict

_PROVED = QT_TRANSLATE_NOOP("board", "Read back whole: every byte is equal")
PROOFS: dict[str, Mark] = {
    Proof.WHOLE_DIGEST_READ_BACK_AND_COMPOSITE: Mark(_PROVED, Role.DONE, "done"),
    Proof.WHOLE_DIGEST_READ_BACK: Mark(_PROVED, Role.DONE, "done"),
    Proof.ARCHIVE_RECEIPT: Mark(
        QT_TRANSLATE_NOOP("board", "The archive has taken it over: its receipt is proved"), Role.DONE, "done"
    ),
    Proof.STORE_SHA256: Mark(
        QT_TRANSLATE_NOOP("board", "The storage told the right checksum"), Role.DONE, "done"
    ),
    Proof.COMPOSITE_SHA256: Mark(
        QT_TRANSLATE_NOOP("board", "The storage told the right checksum of all parts"), Role.DONE, "done"
    ),
    Proof.SIZE_ONLY: Mark(QT_TRANSLATE_NOOP("board", "Only the size is proved"), Role.HELD, "held"),
    Proof.READ_BACK_FAILED: Mark(
        QT_TRANSLATE_NOOP("board", "Read back, and it was not equal"), Role.TROUBLE, "failed"
    ),
}
_UNPROVED = Mark(QT_TRANSLATE_NOOP("board", "Nothing is proved yet"), Role.WAITING, "waiting")
_VALID = Mark(QT_TRANSLATE_NOOP("board", "Verified now: every byte is equal"), Role.DONE, "done")
_INVALID = Mark(QT_TRANSLATE_NOOP("board", "Verified now: not proved"), Role.TROUBLE, "failed")


class CopiesPanel(QScrollArea):
    """One line for each copy, and what can be done.

    Args:
        theme: Colours and icons.
        actions: Actions that get a button.
    """

    stop_wanted = Signal()
    """The operator does not want to wait for the verification."""

    def __init__(self, theme: Theme, actions: Sequence[QAction]) -> None:
        super().__init__()
        self._theme = theme
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Stored copies"))
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(12, 8, 12, 8)
        row = QHBoxLayout()
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setMinimumHeight(32)
            row.addWidget(button)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of the verification"))
        self.progress.hide()
        row.addWidget(self.progress, 1)
        self.stop = QToolButton()
        self.stop.setText(self.tr("Stop"))
        self.stop.setMinimumHeight(32)
        self.stop.hide()
        self.stop.clicked.connect(self._stop)
        row.addWidget(self.stop)
        row.addStretch(1)
        self._column.addLayout(row)
        self._lines = QVBoxLayout()
        self._column.addLayout(self._lines)
        self._column.addStretch(1)
        self.setWidget(self._inner)
        self._history: ItemHistory | None = None
        self._verdicts: dict[str, Verdict] = {}
        self._verified_item: tuple[str, str] | None = None

    def show_history(self, history: ItemHistory | None) -> None:
        """Show the copies of an item."""
        if history == self._history:
            return
        self._history = history
        self._fill()

    def show_verdicts(self, batch: str, item: str, verdicts: Sequence[Verdict]) -> None:
        """Show what a verification found."""
        self._verified_item = (batch, item)
        self._verdicts = {verdict.place: verdict for verdict in verdicts}
        self._fill()

    def show_progress(self, done: int, total: int | None, text: str) -> None:
        """Show how far a verification is."""
        self.progress.show()
        self.stop.show()
        # in thousandths: a bar counts in 32 bits, a bag has more bytes
        self.progress.setRange(0, 1000 if total else 0)
        self.progress.setValue(min(990, 1000 * done // total) if total else 0)
        self.progress.setFormat(text)

    def end_progress(self) -> None:
        """The verification has ended."""
        self.progress.hide()
        self.stop.hide()

    def _stop(self) -> None:
        self.stop_wanted.emit()

    def _fill(self) -> None:
        while (entry := self._lines.takeAt(0)) is not None:
            if (widget := entry.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        history = self._history
        if history is None or not (history.copies or history.bag):
            self._lines.addWidget(self._quiet(self.tr("There is no bag yet. Its copies are listed here.")))
            return
        own = (history.batch, history.item) == self._verified_item
        if history.bag:
            self._lines.addWidget(self._line(self.tr("Here"), history.bag, None, own=own))
        for copy in history.copies:
            self._lines.addWidget(self._line(copy.target, copy.url, copy, own=own))

    def _line(self, title: str, place: str, copy: CopyFacts | None, *, own: bool) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(2)
        where = ElidedLabel()
        where.setText(f"{title}: {place}")
        where.setToolTip(place)
        column.addWidget(where)
        verdict = self._verdicts.get(place) if own else None
        if verdict is not None:
            mark = _VALID if verdict.valid else _INVALID
        elif copy is None:
            mark = Mark(QT_TRANSLATE_NOOP("board", "The bag that was sent"), Role.MUTED, "bag")
        else:
            mark = PROOFS.get(copy.proof, _UNPROVED)
        row = QHBoxLayout()
        row.addWidget(StateChip(self._theme, mark.text, mark.role, mark.icon))
        if copy is not None:
            row.addSpacing(12)
            when = moment(copy.confirmed_at or copy.stored_at)
            row.addWidget(self._quiet(f"{size(copy.size)} · {when}"))
        row.addStretch(1)
        column.addLayout(row)
        if verdict is not None and verdict.failure is not None:
            told = explain(verdict.failure)
            column.addWidget(_wrapped(f"{told.headline} {told.about} {told.remedy}"))
        return widget

    def _quiet(self, text: str) -> QLabel:
        label = _wrapped(text)
        palette = label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.color(Role.MUTED))
        label.setPalette(palette)
        return label


def _wrapped(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
