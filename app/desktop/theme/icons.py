# SPDX-License-Identifier: Apache-2.0
"""Icons from drawings in one colour, drawn at the size and scale at which they are shown."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from archive.resource_files import resource_path


@cache
def _drawing(name: str) -> str:
    return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")


class _Engine(QIconEngine):
    """Draws one drawing in two colours, when somebody looks.

    Args:
        drawing: The SVG, with `currentColor` where the colour goes.
        color: Ink of what can be used.
        disabled: Ink of what cannot.
    """

    def __init__(self, drawing: str, color: QColor, disabled: QColor) -> None:
        super().__init__()
        self._drawing, self._color, self._disabled = drawing, color, disabled
        self._renderers: dict[bool, QSvgRenderer] = {}

    def _renderer(self, mode: QIcon.Mode) -> QSvgRenderer:
        off = mode is QIcon.Mode.Disabled
        if off not in self._renderers:
            ink = self._disabled if off else self._color
            drawing = self._drawing.replace("currentColor", ink.name())
            self._renderers[off] = QSvgRenderer(QByteArray(drawing.encode()))
        return self._renderers[off]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw it into a rectangle, square and in its middle."""
        del state
        side = min(rect.width(), rect.height())
        place = QRectF(0, 0, side, side)
        place.moveCenter(QRectF(rect).center())
        self._renderer(mode).render(painter, place)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Draw it on nothing."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """Another one of the same."""
        return _Engine(self._drawing, self._color, self._disabled)


def draw_icon(name: str, color: QColor, disabled: QColor) -> QIcon:
    """An icon of resources/icons with `currentColor` filled in.

    Raises:
        FileNotFoundError: There is no icon of that name.
    """
    return QIcon(_Engine(_drawing(name), color, disabled))
