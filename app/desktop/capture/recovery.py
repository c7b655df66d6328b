# SPDX-License-Identifier: Apache-2.0
"""The question at the start whether captures of a program that died are kept: Recover, keep for later, or discard."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QVBoxLayout, QWidget

from app.desktop.capture.actions import SECTION
from app.desktop.operation import OperationContext
from app.desktop.undo import LANE
from app.desktop.widgets.head_line import HeadLine
from app.desktop.workplace import Workplace
from workers.desk.recovery import Recovery, recover, recoverable


class Choice(StrEnum):
    """What becomes of captures that were interrupted."""

    RECOVER = "recover"
    LATER = "later"
    DISCARD = "discard"


class RecoveryDialog(QDialog):
    """Names what was found; nothing happens until the operator decides, and closing it decides nothing.

    Args:
        recoveries: What was found; at least one.
        parent: Above which it stands.
    """

    def __init__(self, recoveries: Sequence[Recovery], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = Choice.LATER
        self.setWindowTitle(self.tr("Interrupted captures"))
        head = HeadLine(
            self.tr("%n capture(s) were interrupted", "", sum(found.pages for found in recoveries))
        )
        words = QLabel(
            self.tr(
                "Recto ended while pages were being captured. Whole pages are safe on the disk. "
                "Discarded pages are put aside, not erased."
            )
        )
        words.setWordWrap(True)
        self.found = QListWidget()
        self.found.setAccessibleName(self.tr("Interrupted captures"))
        for recovery in recoveries:
            self.found.addItem(self.line(recovery))
        self.buttons = QDialogButtonBox()
        roles = QDialogButtonBox.ButtonRole
        for text, role, choice in (
            (self.tr("Recover"), roles.AcceptRole, Choice.RECOVER),
            (self.tr("Keep for later"), roles.RejectRole, Choice.LATER),
            (self.tr("Discard"), roles.DestructiveRole, Choice.DISCARD),
        ):
            button = self.buttons.addButton(text, role)
            button.setMinimumHeight(32)
            button.setObjectName(str(choice))
            button.clicked.connect(partial(self._choose, choice))
            if choice is Choice.RECOVER:
                button.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        for widget in (head, words, self.found, self.buttons):
            column.addWidget(widget)
        self.setMinimumWidth(520)

    def line(self, recovery: Recovery) -> str:
        """One find in words: how many pages of which batch, and from when."""
        begun = QDateTime.fromString(recovery.begun_at, Qt.DateFormat.ISODateWithMs).toLocalTime()
        return self.tr("%n capture(s) of {batch} / {item} from {time}", "", recovery.pages).format(
            batch=recovery.batch,
            item=recovery.item,
            time=QLocale().toString(begun, QLocale.FormatType.ShortFormat),
        )

    def _choose(self, choice: Choice) -> None:
        self.choice = choice
        if choice is Choice.LATER:
            self.reject()
        else:
            self.accept()

    @classmethod
    def ask(cls, recoveries: Sequence[Recovery], parent: QWidget | None = None) -> Choice:
        """Ask what becomes of them."""
        dialog = cls(recoveries, parent)
        try:
            dialog.exec()
            return dialog.choice
        finally:
            dialog.deleteLater()


def offer_recovery(workplace: Workplace, parent: QWidget | None = None) -> None:
    """Look for captures of a program that died, and ask about them; says nothing where there are none.

    Args:
        workplace: What the screens share.
        parent: Above which the question stands.
    """

    def found(recoveries: list[Recovery]) -> None:
        # runs without a page need no decision: they only have to be ended
        empty = [recovery for recovery in recoveries if recovery.pages == 0]
        full = [recovery for recovery in recoveries if recovery.pages > 0]
        _settle(workplace, empty, keep=True)
        if full:
            choice = RecoveryDialog.ask(full, parent)
            if choice is not Choice.LATER:
                _settle(workplace, full, keep=choice is Choice.RECOVER)

    workplace.operations.run(
        workplace.tr("Look for interrupted captures"),
        lambda _context: recoverable(workplace.node),
        lane=LANE,
        on_success=found,
    )


def _settle(workplace: Workplace, recoveries: Sequence[Recovery], *, keep: bool) -> None:
    def work(context: OperationContext) -> int:
        pages = 0
        for recovery in recoveries:
            context.check()
            pages += recover(workplace.node, recovery, keep=keep)
        return pages

    def done(pages: int) -> None:
        for recovery in recoveries:
            workplace.item_changed.emit(recovery.batch, recovery.item)
        if not pages:
            return
        words = workplace.tr("%n page(s) recovered", "", pages)
        if not keep:
            words = workplace.tr("%n page(s) put aside", "", pages)
        workplace.say(words)
        if keep:
            last = recoveries[-1]
            workplace.go_to(SECTION, batch=last.batch, item=last.item)

    if recoveries:
        workplace.operations.run(
            workplace.tr("Settle interrupted captures"), work, lane=LANE, on_success=done
        )
