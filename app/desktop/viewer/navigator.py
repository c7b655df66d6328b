# SPDX-License-Identifier: Apache-2.0
"""A small view of the whole page in the corner of a magnified one, to see and to choose the part in view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from app.desktop.theme.roles import Role
from app.desktop.viewer.layer import Layer, PagePlaces
from app.desktop.viewer.page_view import PageView
from app.desktop.viewer.turning import turn_rect, unturn_point

_SIDE = 150.0
_GAP = 10.0
_SHARE = 0.3
"""It takes no more of the view's width or height than this."""


class Navigator(Layer):
    """The inset. It is there only where a part of the page is out of view.

    Args:
        view: The view it belongs to.
    """

    def __init__(self, view: PageView) -> None:
        super().__init__(view)
        self._view = view
        self._dragging = False
        self._small: tuple[int, QImage] | None = None

    def paint(self, painter: QPainter, places: PagePlaces) -> None:
        """Paint the whole page and a frame around what is in view."""
        inset = self.inset()
        overview = self._view.overview()
        if inset is None or overview is None:
            return
        painter.fillRect(inset.adjusted(-1, -1, 1, 1), places.theme.color(Role.OUTLINE))
        painter.drawImage(inset.topLeft(), self._scaled(overview, inset))
        camera = self._view.camera
        seen = turn_rect(camera.seen(), camera.page, camera.turns)
        factor = inset.width() / camera.shown.width()
        frame = QRectF(seen.topLeft() * factor + inset.topLeft(), seen.size() * factor)
        frame = frame.adjusted(0, 0, max(0.0, 6 - frame.width()), max(0.0, 6 - frame.height()))
        painter.setPen(QPen(places.theme.color(Role.ON_ACCENT), 3))
        painter.drawRect(frame)
        painter.setPen(QPen(places.theme.color(Role.ACCENT), 2))
        painter.drawRect(frame)

    def inset(self) -> QRectF | None:
        """Where it is in the widget, or None where it is not needed."""
        camera = self._view.camera
        if self._view.page_size() is None or not camera.is_panning_useful:
            return None
        area = self._view.view_rect()
        limit = QSizeF(min(_SIDE, area.width() * _SHARE), min(_SIDE, area.height() * _SHARE))
        size = camera.shown.scaled(limit, Qt.AspectRatioMode.KeepAspectRatio)
        corner = area.bottomRight() - QPointF(size.width() + _GAP, size.height() + _GAP)
        return QRectF(corner.toPoint(), size.toSize())

    def press(self, point: QPointF, places: PagePlaces) -> bool:
        """Look at the place that was clicked."""
        inset = self.inset()
        self._dragging = inset is not None and inset.contains(point)
        if self._dragging:
            self.move(point, places)
        return self._dragging

    def move(self, point: QPointF, places: PagePlaces) -> None:
        """Look where the mouse goes."""
        del places
        inset = self.inset()
        if inset is not None:
            camera = self._view.camera
            factor = camera.shown.width() / inset.width()
            self._view.look_at(unturn_point((point - inset.topLeft()) * factor, camera.page, camera.turns))

    def cursor(self, point: QPointF, places: PagePlaces) -> Qt.CursorShape | None:
        """A hand over the inset."""
        del places
        inset = self.inset()
        return Qt.CursorShape.PointingHandCursor if inset is not None and inset.contains(point) else None

    def _scaled(self, overview: QImage, inset: QRectF) -> QImage:
        """The overview in the inset's size, scaled once."""
        ratio = self._view.devicePixelRatioF()
        size = (inset.size() * ratio).toSize()
        if self._small is None or self._small[0] != overview.cacheKey() or self._small[1].size() != size:
            mode = Qt.TransformationMode.SmoothTransformation
            small = overview.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
            small.setDevicePixelRatio(ratio)
            self._small = (overview.cacheKey(), small)
        return self._small[1]
