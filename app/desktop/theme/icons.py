# SPDX-License-Identifier: Apache-2.0
"""Icons from drawings in one colour, drawn at the size and scale at which they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from archive.resource_files import resource_path


@dataclass(frozen=True)
class Inks:
    """The colours of an icon.

    Attributes:
        normal: Of what can be used.
        disabled: Of what cannot.
        chosen: Of what stands on the accent colour.
    """

    normal: QColor
    disabled: QColor
    chosen: QColor

    def of(self, mode: QIcon.Mode) -> QColor:
        """The colour for a state."""
        if mode is QIcon.Mode.Disabled:
            return self.disabled
        return self.chosen if mode is QIcon.Mode.Selected else self.normal


@cache
def _drawing(name: str) -> str:
    return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")


class _Engine(QIconEngine):
    """Draws one drawing in the colour of its state, when somebody looks.

    Args:
        drawing: The SVG, with `currentColor` where the colour goes.
        inks: The colours: of what can be used, of what cannot, and of what is chosen.
    """

    def __init__(self, drawing: str, inks: Inks) -> None:
        super().__init__()
        self._drawing, self._inks = drawing, inks
        self._renderers: dict[str, QSvgRenderer] = {}

    def _renderer(self, mode: QIcon.Mode) -> QSvgRenderer:
        ink = self._inks.of(mode).name()
        if ink not in self._renderers:
            drawing = self._drawing.replace("currentColor", ink)
            self._renderers[ink] = QSvgRenderer(QByteArray(drawing.encode()))
        return self._renderers[ink]

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
        return _Engine(self._drawing, self._inks)


def draw_icon(name: str, inks: Inks) -> QIcon:
    """An icon of resources/icons with `currentColor` filled in.

    Raises:
        FileNotFoundError: There is no icon of that name.
    """
    return QIcon(_Engine(_drawing(name), inks))
