# SPDX-License-Identifier: Apache-2.0
"""The test scan on screen: the page as it came, what was measured, or why nothing came."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.devices.device_record import DeviceRecord
from app.desktop.devices.device_words import state_word
from app.desktop.devices.role_label import RoleLabel
from app.desktop.devices.simulated_badge import SimulatedBadge
from app.desktop.devices.test_scan_words import (
    depth_text,
    paper_text,
    resolution_text,
    seconds_text,
    size_text,
)
from app.desktop.failures.explanation import explain
from app.desktop.theme.roles import Role
from app.desktop.viewer.page_viewer import PageViewer
from app.desktop.widgets.head_line import HeadLine
from app.desktop.widgets.state_chip import StateChip
from app.desktop.widgets.themed_icon import ThemedIcon
from app.desktop.workplace import Workplace
from hardware.scanner import PageFile
from workers.raw_pages import image_source_of
from workers.test_scans import TestScan

SIDE = 320
"""Least width of the facts beside the page, in pixels."""


class TrialPage(QWidget):
    """Shows one test scan.

    Args:
        workplace: Images, theme and actions.
    """

    __test__ = False

    again = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._theme = workplace.theme
        self.viewer = PageViewer(workplace.images, workplace.theme)
        self.viewer.keep_view = False
        self._title = HeadLine(scale=1.25)
        self._title.setWordWrap(True)
        self._badge = SimulatedBadge(workplace.theme)
        self._state = StateChip(workplace.theme)
        self._more = RoleLabel(workplace.theme, role=Role.TEXT)
        self._bar = QProgressBar()
        self._bar.setAccessibleName(self.tr("How much of the page has come"))
        self._facts = QFormLayout()
        self._facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._facts.setHorizontalSpacing(16)
        self._again = QPushButton()
        self._stop = QToolButton()
        self._stop.setDefaultAction(workplace.actions.action("devices.stop"))
        self._back = QToolButton()
        self._back.setDefaultAction(workplace.actions.action("devices.back"))
        self._build()

    @property
    def state_text(self) -> str:
        """What came of the scan, in a word."""
        return self._state.word

    @property
    def again_button(self) -> QPushButton:
        """The button that scans once more."""
        return self._again

    def facts(self) -> dict[str, str]:
        """What is measured, by its title."""
        rows = range(self._facts.rowCount())
        return {
            self._text(row, QFormLayout.ItemRole.LabelRole): self._text(row, QFormLayout.ItemRole.FieldRole)
            for row in rows
        }

    def _text(self, row: int, role: QFormLayout.ItemRole) -> str:
        item = self._facts.itemAt(row, role)
        widget = item.widget() if item is not None else None
        return widget.text() if isinstance(widget, QLabel) else ""

    def _build(self) -> None:
        for button in (self._stop, self._back):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setMinimumHeight(36)
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._again.setMinimumHeight(36)
        ThemedIcon(self._again, self._theme, "test-scan")
        self._again.clicked.connect(self.again)
        side = QVBoxLayout()
        side.setSpacing(10)
        side.addWidget(self._back, alignment=Qt.AlignmentFlag.AlignLeft)
        side.addSpacing(8)
        side.addWidget(self._title)
        side.addWidget(self._badge, alignment=Qt.AlignmentFlag.AlignLeft)
        side.addWidget(self._state)
        side.addWidget(self._more)
        side.addWidget(self._bar)
        side.addLayout(self._facts)
        side.addSpacing(8)
        side.addWidget(self._again)
        side.addWidget(self._stop)
        side.addStretch(1)
        note = RoleLabel(
            self._theme,
            self.tr("A test scan belongs to no item. It is thrown away when you leave this page."),
        )
        side.addWidget(note)
        column = QWidget()
        column.setLayout(side)
        column.setMinimumWidth(SIDE)
        column.setMaximumWidth(2 * SIDE)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 0, 0)
        row.setSpacing(16)
        row.addWidget(column, 1)
        row.addWidget(self.viewer, 3)
        self.setTabOrder(self._back, self._again)
        self.setTabOrder(self._again, self._stop)
        self.setTabOrder(self._stop, self.viewer)

    def show_begun(self, record: DeviceRecord) -> None:
        """A scan begins."""
        self._title.setText(self.tr("Test scan: {device}").format(device=record.title))
        self._badge.setVisible(record.info.simulated)
        self._clear_facts()
        self.viewer.clear()
        self._more.show_text("")
        self.show_waiting(record)
        self.show_progress(None)
        self._toggle(running=True)

    def show_waiting(self, record: DeviceRecord) -> None:
        """The device is at something else now, and no page has come yet."""
        self._state.show_state(record.word.text(), record.word.role, record.word.icon)

    def show_progress(self, share: float | None) -> None:
        """More of the page has come."""
        self._bar.setRange(0, 0 if share is None else 100)
        # never full before the page is whole
        self._bar.setValue(min(99, int((share or 0.0) * 100)))

    def show_page(self, page: PageFile, test: TestScan) -> None:
        """The page has come."""
        self._toggle(running=False)
        self._state.show_state(self.tr("The page came whole"), Role.DONE, "done")
        self._clear_facts()
        described = ", ".join((size_text(test), resolution_text(test), depth_text(test)))
        for title, text in (
            (self.tr("Size"), size_text(test)),
            (self.tr("On paper"), paper_text(test)),
            (self.tr("Resolution"), resolution_text(test)),
            (self.tr("Colour and depth"), depth_text(test)),
            (self.tr("Time"), seconds_text(test)),
            (self.tr("Data"), _bytes_text(page.height * page.bytes_per_row)),
        ):
            if text:
                value = QLabel(text)
                value.setWordWrap(True)
                value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._facts.addRow(RoleLabel(self._theme, title), value)
        self.viewer.show_page(
            page.pixel_sha256,
            image_source_of(page),
            description=self.tr("test scan, {facts}").format(facts=described),
        )
        self._again.setText(self.tr("Scan once more"))

    def show_failure(self, failure: dict[str, Any]) -> None:
        """No page came."""
        self._toggle(running=False)
        word = state_word("trouble", failure["code"])
        told = explain(failure)
        self._state.show_state(word.text(), word.role, word.icon)
        self._more.show_text(told.remedy)
        self._more.setToolTip(told.details)
        self._again.setText(word.verb_text())

    def show_stopped(self) -> None:
        """The scan was stopped."""
        self._toggle(running=False)
        self._state.show_state(self.tr("Stopped"), Role.HELD, "stop")
        self._again.setText(self.tr("Scan once more"))

    def _toggle(self, *, running: bool) -> None:
        self._bar.setVisible(running)
        self._stop.setVisible(running)
        self._again.setVisible(not running)
        (self._stop if running else self._again).setFocus()

    def _clear_facts(self) -> None:
        while self._facts.rowCount():
            self._facts.removeRow(0)


def _bytes_text(count: int) -> str:
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)
