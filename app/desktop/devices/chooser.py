# SPDX-License-Identifier: Apache-2.0
"""Choosing a device from those that are found, with a simulated scanner as an equal choice."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QListView,
    QProgressBar,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.desktop.devices.device_model import RECORD
from app.desktop.devices.device_record import DeviceRecord
from app.desktop.devices.device_words import backend_text, device_icon
from app.desktop.devices.directory import DeviceDirectory
from app.desktop.devices.role_label import RoleLabel
from app.desktop.devices.simulated_scanner import add_simulated_scanner
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.themed_icon import ThemedIcon
from app.desktop.workplace import Workplace

ROW_HEIGHT = 56
_ICON = 24
_GAP = 12


class DeviceDelegate(QStyledItemDelegate):
    """Draws a device in two lines: its name, and below it how it is and what stands behind it.

    Args:
        theme: Colours and icons.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # type: ignore[override]
        """All rows are equally high."""
        del option, index
        return QSize(240, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        """Draw the row."""
        record = index.data(RECORD)
        view = QStyleOptionViewItem(option)
        self.initStyleOption(view, index)
        view.text = ""
        widget = view.widget
        QApplication.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, view, painter, widget)
        if isinstance(record, DeviceRecord):
            chosen = bool(view.state & QStyle.StateFlag.State_Selected)
            self._draw(painter, view.rect, view.palette, record, chosen=chosen)

    def _draw(
        self, painter: QPainter, rect: QRect, palette: QPalette, record: DeviceRecord, *, chosen: bool
    ) -> None:
        role = Role.ON_ACCENT if chosen else Role.TEXT
        icon = QRect(rect.left() + _GAP, rect.center().y() - _ICON // 2, _ICON, _ICON)
        self._theme.icon(device_icon(record.info), role).paint(painter, icon)
        text = rect.adjusted(2 * _GAP + _ICON, 8, -_GAP, -8)
        painter.save()
        colour = palette.highlightedText().color() if chosen else palette.text().color()
        painter.setPen(colour)
        metrics = painter.fontMetrics()
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        name = painter.fontMetrics().elidedText(record.title, Qt.TextElideMode.ElideMiddle, text.width())
        painter.drawText(text, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), name)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(colour if chosen else self._theme.color(record.word.role))
        line = f"{record.word.text()} · {backend_text(record.info)}"
        shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()


class DeviceChooser(QWidget):
    """A list of devices that come in while they are looked for, and two buttons of equal weight below it.

    Args:
        workplace: What the screens share.
    """

    chosen = Signal(str)
    """Another device is marked: its id, or ""."""
    accepted = Signal(str)
    """The operator wants this device now: a double click, or Enter."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._directory = DeviceDirectory.of(workplace)
        self._wanted = ""
        self.view = QListView()
        self.look = QPushButton(self.tr("Look again"))
        self.simulate = QPushButton(self.tr("Use a simulated scanner"))
        ThemedIcon(self.look, workplace.theme, "refresh")
        ThemedIcon(self.simulate, workplace.theme, "simulated")
        self._bar = QProgressBar()
        self._note = RoleLabel(workplace.theme)
        self._build()
        self._directory.search_changed.connect(lambda _: self._show_search())
        self._directory.model.rowsInserted.connect(lambda *_: self._mark_wanted())
        self._show_search()
        self._mark_wanted()

    def _build(self) -> None:
        self.view.setModel(self._directory.model)
        self.view.setItemDelegate(DeviceDelegate(self._workplace.theme, self.view))
        self.view.setUniformItemSizes(True)
        self.view.setAccessibleName(self.tr("Scanners"))
        self.view.setMinimumHeight(3 * ROW_HEIGHT)
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setMaximumHeight(6)
        self._bar.setAccessibleName(self.tr("Looking for scanners"))
        buttons = QHBoxLayout()
        for button in (self.look, self.simulate):
            button.setMinimumHeight(36)
            buttons.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        column.addWidget(self._bar)
        column.addWidget(self._note)
        column.addLayout(buttons)
        self.look.clicked.connect(self._directory.search)
        self.simulate.clicked.connect(self.use_simulated)
        self.view.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit(self.device_id))
        self.view.activated.connect(lambda _: self.accepted.emit(self.device_id))

    @property
    def device_id(self) -> str:
        """Id of the device that is marked; "" for none."""
        record = self.view.currentIndex().data(RECORD)
        return record.id if isinstance(record, DeviceRecord) else ""

    def choose(self, device_id: str) -> None:
        """Mark a device, also one that is found only later."""
        self._wanted = device_id
        self._mark_wanted()

    def use_simulated(self) -> None:
        """Mark the simulated scanner of the settings; where they have none, write one into them first."""
        known = [record.id for record in self._directory.model.records if record.info.simulated]
        if known:
            self.choose(known[0])
        else:
            add_simulated_scanner(self._workplace, then=self.choose)

    def _mark_wanted(self) -> None:
        model = self._directory.model
        ids = [record.id for record in model.records]
        if self._wanted in ids:
            self.view.setCurrentIndex(model.index(ids.index(self._wanted)))
            self._wanted = ""
        elif ids and not self.device_id:
            self.view.setCurrentIndex(model.index(0))

    def _show_search(self) -> None:
        searching = self._directory.is_searching
        self._bar.setVisible(searching)
        if searching:
            self._note.show_text(
                self.tr("Looking for scanners. Network scanners may take half a minute to answer.")
            )
        elif self._directory.model.rowCount() == 0:
            self._note.show_text(
                self.tr("No scanner was found. Check its power and cable, or use a simulated one.")
            )
        else:
            self._note.show_text("")
