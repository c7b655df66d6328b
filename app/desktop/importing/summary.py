# SPDX-License-Identifier: Apache-2.0
"""What a batch would be: how much is in it, where it goes, who captures it, and what keeps it from being created."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
)

from app.desktop.importing.action_button import ActionButton
from app.desktop.importing.controller import ImportController
from app.desktop.theme.roles import Role
from app.desktop.widgets.card import Card
from app.desktop.widgets.elided_label import ElidedLabel
from app.desktop.widgets.plain_words import plain_tip
from app.desktop.widgets.state_chip import StateChip
from app.desktop.workplace import Workplace
from workers.manifest_check import Inspection


class SummaryPanel(Card):
    """The facts of the batch and the one button that creates it.

    Args:
        controller: The manifest at hand.
        workplace: Actions and theme.
    """

    def __init__(self, controller: ImportController, workplace: Workplace) -> None:
        super().__init__(workplace.theme)
        self._controller = controller
        self._facts: dict[str, QLabel] = {}
        self._at_desk = QRadioButton(self.tr("Capture at this desktop"))
        self._by_workers = QRadioButton(self.tr("Send to the workers at once"))
        self._choice = QButtonGroup(self)
        for button in (self._at_desk, self._by_workers):
            button.setMinimumHeight(32)
            self._choice.addButton(button)
        self._at_desk.setToolTip(
            self.tr("You capture the pages here; each item goes on its way when you mark it done.")
        )
        self._by_workers.setToolTip(
            self.tr("The station's workers capture the pages by themselves, such as from a loaded feeder.")
        )
        self._verdict = StateChip(workplace.theme)
        self._create = ActionButton(workplace, "importing.create", primary=True)
        self._existing = ActionButton(workplace, "importing.open_existing", primary=True)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(self._make_facts(), 1)
        row.addLayout(self._make_choice())
        row.addLayout(self._make_verdict())
        self.column.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._at_desk.setChecked(True)
        self._path: Path | None = None
        self._is_forced = False
        controller.inspected.connect(self._choose_usual)
        for signal in (controller.inspected, controller.acceptance_changed, controller.changed_on_disk):
            signal.connect(self.refresh)
        controller.began.connect(self.refresh)
        controller.failed.connect(self.refresh)
        self.refresh()

    @property
    def at_desk(self) -> bool:
        """Whether a person captures the pages here."""
        return self._at_desk.isChecked() and self._at_desk.isEnabled()

    def _make_facts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        titles = {
            "batch": self.tr("Batch"),
            "amount": self.tr("Contents"),
            "profile": self.tr("Bag profile"),
            "storage": self.tr("Goes to"),
        }
        for number, (name, title) in enumerate(titles.items()):
            head, fact = QLabel(title), ElidedLabel("", Qt.TextElideMode.ElideRight)
            row, column = divmod(number, 2)
            grid.addWidget(head, row, column * 2)
            grid.addWidget(fact, row, column * 2 + 1)
            font = fact.font()
            font.setBold(True)
            fact.setFont(font)
            self._facts[name] = fact
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(3, 3)
        return grid

    def _make_choice(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._at_desk)
        column.addWidget(self._by_workers)
        return column

    def _make_verdict(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self._verdict)
        column.addWidget(self._create)
        column.addWidget(self._existing)
        return column

    def refresh(self) -> None:
        """Show the manifest at hand as it stands now."""
        inspection = self._controller.inspection
        if inspection is None:
            return
        manifest = inspection.reading.manifest
        self._say("batch", inspection.batch or "—")
        if manifest is None:
            amount = self.tr("%n item(s)", "", inspection.items)
        else:
            parts = [self.tr("%n item(s)", "", inspection.items)]
            if inspection.pages:
                parts.append(self.tr("%n page(s) to capture", "", inspection.pages))
            if inspection.files:
                parts.append(self.tr("%n existing image(s)", "", inspection.files))
            amount = ", ".join(parts)
        self._say("amount", amount)
        self._say("profile", manifest.bag_profile if manifest else "—")
        self._say("storage", ", ".join(inspection.storage) if manifest else "—")
        self._show_choice(pages=inspection.pages, clean=manifest is not None)
        self._show_verdict()
        self._create.setVisible(not self._is_taken)
        self._existing.setVisible(self._is_taken)

    @property
    def _is_taken(self) -> bool:
        """Whether nothing else is wrong than that there is a batch of this id."""
        inspection = self._controller.inspection
        return inspection is not None and inspection.exists and self._controller.errors == 1

    def _say(self, name: str, text: str) -> None:
        self._facts[name].setText(text)
        self._facts[name].setToolTip(plain_tip(text))

    def _choose_usual(self, inspection: Inspection) -> None:
        """A person captures, unless somebody says otherwise of this very file."""
        if inspection.path != self._path or self._is_forced:
            self._at_desk.setChecked(True)
        self._path, self._is_forced = inspection.path, False

    def _show_choice(self, *, pages: int, clean: bool) -> None:
        """There is nothing to capture where all images exist: then workers take them in."""
        only_files = clean and pages == 0
        self._at_desk.setEnabled(not only_files)
        if only_files:
            self._is_forced = True
            self._by_workers.setChecked(True)

    def _show_verdict(self) -> None:
        controller = self._controller
        if controller.is_stale:
            self._verdict.show_state(self.tr("Changed on disk: check again"), Role.HELD, "refresh")
        elif self._is_taken:
            self._verdict.show_state(self.tr("This batch exists already"), Role.HELD, "batch")
        elif controller.errors:
            words = self.tr("%n error(s) to mend first", "", controller.errors)
            self._verdict.show_state(words, Role.TROUBLE, "failed")
        elif controller.open_warnings:
            words = self.tr("%n warning(s) to decide about", "", controller.open_warnings)
            self._verdict.show_state(words, Role.HELD, "trouble")
        else:
            self._verdict.show_state(self.tr("Ready to be created"), Role.READY, "ready")
