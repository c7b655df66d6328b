# SPDX-License-Identifier: Apache-2.0
"""What is seen while a file is held over the screen: that it can be let go here."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme

VEIL = 215
"""How much of the screen below is covered, of 255."""


class DropHint(QWidget):
    """A veil with a dashed border and one sentence; the mouse goes through it.

    Args:
        theme: Colours.
        parent: What it covers.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_over(self, covered: QWidget) -> None:
        """Cover a widget."""
        self.setGeometry(covered.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the veil, its border and the sentence."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = self._theme.color(Role.SURFACE)
        veil.setAlpha(VEIL)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(self._theme.color(Role.ACCENT), 3, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(12, 12, -12, -12), 10, 10)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self._theme.color(Role.TEXT))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Let go to open the manifest"))
        # by name: who looks at this stack meanwhile, such as the stall watchdog, keeps the painter alive
        painter.end()
