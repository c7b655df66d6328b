# SPDX-License-Identifier: Apache-2.0
"""The region to scan or to keep, as a rectangle with handles over the page, in millimetres."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from app.desktop.theme.roles import Role
from app.desktop.viewer.layer import Layer, PagePlaces
from app.desktop.viewer.page_units import rect_from_mm, to_mm

_HANDLE = 10.0
_REACH = 12.0
"""Pixels around an edge in which it can be grasped: hands in gloves, and pens."""

_LEAST_MM = 3.0
_SHADE = QColor(0, 0, 0, 110)

_CURSORS = {
    (-1, -1): Qt.CursorShape.SizeFDiagCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 0): Qt.CursorShape.SizeHorCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, -1): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (0, 0): Qt.CursorShape.SizeAllCursor,
}
"""By the edges that are grasped: -1 left or upper, 1 right or lower, 0 neither."""


class CropLayer(Layer):
    """A rectangle on the page, in millimetres of the page as it is stored.

    Args:
        parent: Owner.
    """

    crop_changed = Signal(QRectF)
    """The operator has changed the rectangle."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rect: QRectF | None = None
        self._grasp: tuple[int, int] | None = None
        self._from = QPointF()
        self._start = QRectF()

    @property
    def rect(self) -> QRectF | None:
        """The rectangle, or None where there is none."""
        return None if self._rect is None else QRectF(self._rect)

    def set_rect(self, rect: QRectF | None) -> None:
        """Show a rectangle, or none; nothing is signalled."""
        self._rect = None if rect is None else QRectF(rect)
        self.changed.emit()

    def move_by(self, dx: float, dy: float, places: PagePlaces) -> None:
        """Move the rectangle by millimetres; it stays on the page."""
        self._change((0, 0), QPointF(dx, dy), places)

    def grow_by(self, dx: float, dy: float, places: PagePlaces) -> None:
        """Make the rectangle wider and higher by millimetres."""
        self._change((1, 1), QPointF(dx, dy), places)

    def paint(self, painter: QPainter, places: PagePlaces) -> None:
        """Shade what is left out, and draw the edges with their handles."""
        area = self._area(places)
        if area is None:
            return
        outside = QPainterPath()
        outside.addRect(places.view_rect())
        inside = QPainterPath()
        inside.addRect(area)
        painter.fillPath(outside.subtracted(inside), _SHADE)
        painter.setPen(QPen(places.theme.color(Role.ON_ACCENT), 3))
        painter.drawRect(area)
        painter.setPen(QPen(places.theme.color(Role.ACCENT), 1.5))
        painter.drawRect(area)
        painter.setBrush(places.theme.color(Role.ON_ACCENT))
        for handle in _handles(area):
            painter.drawRect(handle)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def press(self, point: QPointF, places: PagePlaces) -> bool:
        """Grasp an edge or the whole; beside it a new rectangle begins."""
        area = self._area(places)
        dpi = places.page_dpi()
        if area is None or self._rect is None or dpi is None:
            return False
        self._from = to_mm(places.point_on_page(point), dpi)
        self._start = QRectF(self._rect)
        # the shape is the same in the widget, whichever way the page is turned
        reach = _REACH * self._rect.width() * self._rect.height() / max(1.0, area.width() * area.height())
        reach = math.sqrt(_REACH * reach)
        self._grasp = _grasped(self._rect, self._from, reach)
        if self._grasp is None:
            self._grasp = (1, 1)
            self._start = QRectF(self._from, self._from)
        return True

    def move(self, point: QPointF, places: PagePlaces) -> None:
        """Drag what was grasped."""
        dpi = places.page_dpi()
        if self._grasp is not None and dpi is not None:
            way = to_mm(places.point_on_page(point), dpi) - self._from
            self._rect = _dragged(self._start, self._grasp, way, _page_in_mm(places))
            self.changed.emit()

    def release(self, point: QPointF, places: PagePlaces) -> None:
        """The rectangle is as the operator wants it."""
        self.move(point, places)
        self._grasp = None
        if self._rect is not None:
            self.crop_changed.emit(QRectF(self._rect))

    def cursor(self, point: QPointF, places: PagePlaces) -> Qt.CursorShape | None:
        """What a drag from here would do."""
        area = self._area(places)
        if area is None:
            return None
        grasp = _grasped(area, point, _REACH)
        return Qt.CursorShape.CrossCursor if grasp is None else _CURSORS[grasp]

    def _area(self, places: PagePlaces) -> QRectF | None:
        """Where the rectangle lies in the widget."""
        dpi = places.page_dpi()
        if self._rect is None or dpi is None:
            return None
        return places.rect_in_widget(rect_from_mm(self._rect, dpi))

    def _change(self, grasp: tuple[int, int], way: QPointF, places: PagePlaces) -> None:
        if self._rect is not None and places.page_dpi() is not None:
            self._rect = _dragged(self._rect, grasp, way, _page_in_mm(places))
            self.changed.emit()
            self.crop_changed.emit(QRectF(self._rect))


def _page_in_mm(places: PagePlaces) -> QRectF:
    size, dpi = places.page_size(), places.page_dpi()
    if size is None or dpi is None:
        return QRectF()
    return QRectF(QPointF(), to_mm(QPointF(*size), dpi))


def _grasped(rect: QRectF, point: QPointF, reach: float) -> tuple[int, int] | None:
    """Which edges a point grasps; (0, 0) is the whole, None nothing."""
    if not rect.adjusted(-reach, -reach, reach, reach).contains(point):
        return None
    return _side(point.x(), rect.left(), rect.right(), reach), _side(
        point.y(), rect.top(), rect.bottom(), reach
    )


def _side(place: float, low: float, high: float, reach: float) -> int:
    if abs(place - low) <= reach and abs(place - low) <= abs(place - high):
        return -1
    return 1 if abs(place - high) <= reach else 0


def _dragged(rect: QRectF, grasp: tuple[int, int], way: QPointF, page: QRectF) -> QRectF:
    """The rectangle with the grasped edges moved, on the page and no smaller than can be grasped again."""
    if grasp == (0, 0):
        left = max(0.0, min(page.width() - rect.width(), rect.x() + way.x()))
        top = max(0.0, min(page.height() - rect.height(), rect.y() + way.y()))
        return QRectF(left, top, rect.width(), rect.height())
    left, right = _edges(rect.left(), rect.right(), grasp[0], way.x(), page.width())
    top, bottom = _edges(rect.top(), rect.bottom(), grasp[1], way.y(), page.height())
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def _edges(low: float, high: float, side: int, way: float, end: float) -> tuple[float, float]:
    if side == 0:
        return low, high
    fixed, free = (high, low + way) if side < 0 else (low, high + way)
    free = max(0.0, min(end, free))
    # dragged beyond the other edge it goes on on the far side
    low, high = min(fixed, free), max(fixed, free)
    if high - low < _LEAST_MM:
        high = min(end, low + _LEAST_MM)
        low = high - _LEAST_MM
    return low, high


def _handles(area: QRectF) -> list[QRectF]:
    middle = area.center()
    xs, ys = (area.left(), middle.x(), area.right()), (area.top(), middle.y(), area.bottom())
    half = _HANDLE / 2
    return [QRectF(x - half, y - half, _HANDLE, _HANDLE) for x in xs for y in ys if (x, y) != (xs[1], ys[1])]
