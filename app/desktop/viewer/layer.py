# SPDX-License-Identifier: Apache-2.0
"""What lies over the page in a viewer: painted after it, and first to be asked about the mouse."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter

from app.desktop.theme.theme import Theme


class PagePlaces(Protocol):
    """Converts between places on the page and in the widget. A page's places are pixels as stored."""

    theme: Theme

    def page_size(self) -> tuple[int, int] | None:
        """Width and height of the page, or None if none is shown."""
        ...

    def page_dpi(self) -> tuple[float, float] | None:
        """Pixels per inch across and down the page as stored, where known."""
        ...

    def rect_in_widget(self, rect: QRectF) -> QRectF:
        """Where a part of the page lies in the widget."""
        ...

    def point_on_page(self, point: QPointF) -> QPointF:
        """The place on the page at a point of the widget."""
        ...

    def view_rect(self) -> QRectF:
        """The part of the widget in which the page is seen."""
        ...


class Layer(QObject):
    """A layer over the page. Mouse positions are the widget's."""

    changed = Signal()
    """It must be painted again."""

    def paint(self, painter: QPainter, places: PagePlaces) -> None:
        """Paint it, in the widget's coordinates."""

    def press(self, point: QPointF, places: PagePlaces) -> bool:
        """The left button goes down; true if the layer takes the drag that begins."""
        del point, places
        return False

    def move(self, point: QPointF, places: PagePlaces) -> None:
        """The mouse moves in a drag that the layer has taken."""

    def release(self, point: QPointF, places: PagePlaces) -> None:
        """The drag that the layer has taken ends."""

    def cursor(self, point: QPointF, places: PagePlaces) -> Qt.CursorShape | None:
        """The mouse pointer over the layer, or None where it is not concerned."""
        del point, places
        return None
