# SPDX-License-Identifier: Apache-2.0
"""The panel at the right: scanner and profile, the facts of the page in view, and the item."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.capture.chosen_scanner import ChosenScanner
from app.desktop.capture.fact_sheet import FactSheet
from app.desktop.theme.theme import Theme
from app.desktop.widgets.head_line import HeadLine
from app.desktop.workplace import Workplace


class SidePanel(QScrollArea):
    """Chooses scanner and profile, and tells facts; hidden by a key when the page needs the room.

    Args:
        workplace: What the screens share.
        scanner: The scanner in use.
    """

    scanner_wanted = Signal(str)
    profile_wanted = Signal(str)
    """Name of a profile; "" for what the manifest asks alone."""
    one_sheet_wanted = Signal(bool)

    def __init__(self, workplace: Workplace, scanner: ChosenScanner) -> None:
        super().__init__()
        self._scanner = scanner
        theme: Theme = workplace.theme
        self.scanners = _box(self.tr("Scanner"))
        self.profiles = _box(self.tr("Scan profile"))
        self.one_sheet = QCheckBox(self.tr("One sheet a press"))
        self.one_sheet.setMinimumHeight(32)
        self.one_sheet.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.crop = QToolButton()
        self.crop.setDefaultAction(workplace.actions.action("capture.preview"))
        self.crop.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.crop.setMinimumHeight(32)
        self.crop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area = QLabel()
        self.area.setWordWrap(True)
        self.page = FactSheet(theme, self.tr("This page"), self.tr("No page is in view."))
        self.item = FactSheet(theme, self.tr("Item"), self.tr("No item is chosen."))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(HeadLine(self.tr("Scanner"), 1.15))
        for widget in (self.scanners, self.profiles, self.one_sheet, self.crop, self.area):
            column.addWidget(widget)
        column.addSpacing(12)
        column.addWidget(self.page)
        column.addSpacing(12)
        column.addWidget(self.item)
        column.addStretch(1)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scanners.activated.connect(self._scanner_chosen)
        self.profiles.activated.connect(self._profile_chosen)
        self.one_sheet.toggled.connect(self.one_sheet_wanted)
        scanner.chosen.connect(self.show_scanner)
        scanner.options_changed.connect(self.show_scanner)
        scanner.profiles.changed.connect(self.show_scanner)
        model = scanner.directory.model
        for signal in (model.rowsInserted, model.rowsRemoved, model.dataChanged):
            signal.connect(self.show_scanner)
        self.show_scanner()

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the longest button, in any language and size of letters: nothing is moved sideways."""
        inner: QWidget | None = self.widget()
        width = inner.minimumSizeHint().width() if inner is not None else 0
        return QSize(width + self.verticalScrollBar().sizeHint().width(), super().minimumSizeHint().height())

    def show_scanner(self) -> None:
        """Show which scanners and profiles there are, and which are in use."""
        known = [(record.id, record.title) for record in self._scanner.directory.model.records]
        chosen = self._scanner.device_id
        if chosen and chosen not in dict(known):
            known.append((chosen, chosen))
        entries = known if chosen else [("", self.tr("Choose a scanner")), *known]
        _fill(self.scanners, entries, chosen)
        profile = self._scanner.profile
        names = [each.name for each in self._scanner.profiles.profiles(self._scanner.info)]
        as_asked = ("", self.tr("As the manifest asks"))
        _fill(self.profiles, [as_asked, *((name, name) for name in names)], profile.name if profile else "")
        self.one_sheet.setVisible(self._scanner.feeds)
        self.crop.setVisible(not self._scanner.feeds)
        area = self._scanner.area
        self.area.setVisible(area is not None)
        if area is not None:
            self.area.setText(
                self.tr("Only a part of {width} x {height} mm is captured.").format(
                    width=f"{area.right - area.left:g}", height=f"{area.bottom - area.top:g}"
                )
            )

    def _scanner_chosen(self, row: int) -> None:
        device = self.scanners.itemData(row)
        if device:
            self.scanner_wanted.emit(device)

    def _profile_chosen(self, row: int) -> None:
        self.profile_wanted.emit(self.profiles.itemData(row))


def _box(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setMinimumHeight(32)
    box.setMinimumContentsLength(12)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return box


def _fill(box: QComboBox, entries: list[tuple[str, str]], chosen: str) -> None:
    """Fill a box, unless it has these entries already: an open list must not close under the operator's hand."""
    if [(box.itemData(row), box.itemText(row)) for row in range(box.count())] != entries:
        box.clear()
        for key, text in entries:
            box.addItem(text, key)
    box.setCurrentIndex(next((row for row, (key, _) in enumerate(entries) if key == chosen), 0))
