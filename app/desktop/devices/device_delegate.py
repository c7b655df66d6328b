# SPDX-License-Identifier: Apache-2.0
"""A device as a row of a list: its name, how it is, and what stands behind it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.desktop.devices.device_model import RECORD
from app.desktop.devices.device_record import DeviceRecord
from app.desktop.devices.device_words import backend_text, device_icon
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme

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
