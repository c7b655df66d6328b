# SPDX-License-Identifier: Apache-2.0
"""The third step: a scanner that was found, or the simulated one, which is as good a choice to begin with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QListView, QRadioButton

from app.desktop.capture.station_memory import StationMemory, memory_path
from app.desktop.devices.device_delegate import DeviceDelegate
from app.desktop.devices.device_model import RECORD
from app.desktop.devices.device_record import DeviceRecord
from app.desktop.devices.directory import DeviceDirectory
from app.desktop.devices.simulated_badge import SimulatedBadge
from app.desktop.first_run.step import Step
from app.desktop.operation import OperationContext
from app.desktop.preferences.block import Block, IconButton, Note, make_high_enough
from app.desktop.theme.roles import Role
from app.desktop.widgets.state_chip import StateChip
from app.desktop.workplace import Workplace

SIMULATED = "simulated"


class RealScanners(QSortFilterProxyModel):
    """The devices that are not simulated."""

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:  # type: ignore[override]
        """Whether a device is real."""
        record = self.sourceModel().index(row, 0, parent).data(RECORD)
        return isinstance(record, DeviceRecord) and record.info.backend != SIMULATED


class ScannerStep(Step):
    """The scanner.

    Args:
        workplace: Where devices are looked for.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(
            workplace,
            self.tr("Scanner"),
            self.tr("Both choices work to the end. You can change your mind on the Devices screen any time."),
        )
        self._directory: DeviceDirectory | None = None
        self.real = QRadioButton(self.tr("A scanner of this station"))
        self.simulated = QRadioButton(self.tr("The simulated scanner"))
        make_high_enough(self.real, self.simulated)
        self.list = QListView()
        self.list.setAccessibleName(self.tr("Scanners that were found"))
        self.list.setMinimumHeight(120)
        self.list.setItemDelegate(DeviceDelegate(workplace.theme, self.list))
        self.search = IconButton(workplace.theme, "refresh", self.tr("Search again"))
        self.search.clicked.connect(self._search)
        self.state = StateChip(workplace.theme)
        self.scanners = RealScanners(self)
        self.list.setModel(self.scanners)
        self._arrange(workplace)
        # one group, though the two stand in different cards
        self._group = QButtonGroup(self)
        self._group.addButton(self.real)
        self._group.addButton(self.simulated)
        self.real.toggled.connect(self._choose)
        self.simulated.setChecked(True)
        self._choose()
        self.scanners.rowsInserted.connect(self._found)

    def _arrange(self, workplace: Workplace) -> None:
        real = Block(workplace.theme)
        real.column.addWidget(self.real)
        real.column.addWidget(self.list)
        row = QHBoxLayout()
        row.addWidget(self.state, 1)
        row.addWidget(self.search)
        real.column.addLayout(row)
        simulated = Block(workplace.theme)
        row = QHBoxLayout()
        row.addWidget(self.simulated, 1)
        row.addWidget(SimulatedBadge(workplace.theme))
        simulated.column.addLayout(row)
        simulated.column.addWidget(
            Note(
                workplace.theme,
                self.tr("Recto draws the pages itself: for practice, without a scanner and without paper."),
            )
        )
        self.column.addWidget(simulated)
        self.column.addWidget(real)
        self.column.addStretch(1)

    def _choose(self) -> None:
        self.list.setEnabled(self.real.isChecked())
        if self.real.isChecked() and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.scanners.index(0, 0))

    def entered(self) -> None:
        """Begin to look for scanners; those that are found appear at once."""
        if self._directory is None:
            self._directory = DeviceDirectory.of(self.workplace)
            self.scanners.setSourceModel(self._directory.model)
            self._directory.search_changed.connect(self._show_search)
        self._show_search()

    def _search(self) -> None:
        if self._directory is not None:
            self._directory.search()

    def _show_search(self) -> None:
        searching = self._directory is not None and self._directory.is_searching
        self.search.setEnabled(not searching)
        if searching:
            self.state.show_state(self.tr("Looking for scanners…"), Role.BUSY, "busy")
        elif self.scanners.rowCount():
            text = self.tr("%n scanner(s) found", "", self.scanners.rowCount())
            self.state.show_state(text, Role.READY, "done")
        else:
            text = self.tr("None found. Switch it on, connect it, and search again.")
            self.state.show_state(text, Role.WAITING, "info")

    def _found(self) -> None:
        self._show_search()

    def apply(self, then: Callable[[], None]) -> None:
        """Remember the scanner, so that capture begins with it."""
        index = self.list.currentIndex()
        record = index.data(RECORD) if self.real.isChecked() and index.isValid() else None
        device = record.id if isinstance(record, DeviceRecord) else self._first_simulated()
        path = memory_path(self.workplace.settings.state_directory)

        def remember(_context: OperationContext) -> None:
            replace(StationMemory.read(path), device=device).write(path)

        self.workplace.operations.run(
            self.tr("Remember the scanner"), remember, on_success=lambda _done: then()
        )

    def _first_simulated(self) -> str:
        devices = self.workplace.settings.devices.simulated
        return f"simulated:{devices[0].name}" if devices else ""
