# SPDX-License-Identifier: Apache-2.0
"""A loupe over the page: what is under the mouse, larger, at least pixel by pixel."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter, QPen

from app.desktop.theme.roles import Role
from app.desktop.viewer.camera import MAXIMUM, Camera
from app.desktop.viewer.page_view import PageView
from app.desktop.viewer.tile_layer import level_for, visible_tiles
from app.desktop.viewer.tile_reader import TileKey

_SIDE = 320.0
_TIMES = 3.0
"""How much larger than the page around it, where that is more than pixel by pixel."""


class Loupe:
    """Looks at the page of a view through a second camera.

    Args:
        view: The view.
    """

    def __init__(self, view: PageView) -> None:
        self._view = view
        self.is_shown = False

    def tiles(self, mouse: QPointF | None) -> list[TileKey]:
        """The tiles it needs; none while it is not shown."""
        if not self.is_shown or self._view.page is None:
            return []
        camera = self._camera(self._place(mouse))
        return visible_tiles(self._view.page, camera, level_for(self._view.page, camera.scale))

    def paint(self, painter: QPainter, mouse: QPointF | None) -> None:
        """Paint it where the mouse is, or in the middle."""
        point = self._place(mouse)
        glass = self._glass(point)
        painter.fillRect(glass, self._view.theme.color(Role.IMAGE_SURROUND))
        self._view.paint_through(painter, self._camera(point), smooth=True)
        painter.setPen(QPen(self._view.theme.color(Role.SURFACE), 3))
        painter.drawRect(glass)
        painter.setPen(QPen(self._view.theme.color(Role.TEXT), 1))
        painter.drawRect(glass)

    def _place(self, mouse: QPointF | None) -> QPointF:
        return self._view.view_rect().center() if mouse is None else mouse

    def _glass(self, point: QPointF) -> QRectF:
        """The loupe itself: around the mouse, but wholly in view."""
        area = self._view.view_rect()
        side = min(_SIDE, area.width() * 0.8, area.height() * 0.8)
        glass = QRectF(0, 0, side, side)
        glass.moveCenter(point)
        glass.moveLeft(max(area.left(), min(area.right() - side, glass.left())))
        glass.moveTop(max(area.top(), min(area.bottom() - side, glass.top())))
        return glass

    def _camera(self, point: QPointF) -> Camera:
        ratio = self._view.devicePixelRatioF()
        glass = self._glass(point)
        view = QRect(
            round(glass.x() * ratio),
            round(glass.y() * ratio),
            round(glass.width() * ratio),
            round(glass.height() * ratio),
        )
        before = self._view.camera
        scale = min(MAXIMUM, max(1.0, _TIMES * before.scale))
        camera = replace(before, view=view, scale=scale, fits=False)
        # what is under the mouse is under the mouse also in the loupe
        place = before.to_page(point * ratio)
        camera.centre = QPointF(0, 0)
        at = camera.to_view(QRectF(place, place)).topLeft()
        camera.centre = (at - point * ratio) / scale
        return camera
