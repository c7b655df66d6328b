# SPDX-License-Identifier: Apache-2.0
"""Rulers in millimetres along the upper and the left edge of a viewer."""

from __future__ import annotations

import math

from PySide6.QtCore import QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.desktop.theme.roles import Role
from app.desktop.viewer.layer import Layer, PagePlaces
from app.desktop.viewer.page_units import mm_in_widget

RULER_WIDTH = 24.0
"""Pixels of the widget that a ruler takes."""

_NUMBER_GAP = 48.0
"""Numbers stand at least so many pixels apart."""

_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Rulers(Layer):
    """Two rulers that begin at the shown page's upper left corner."""

    def paint(self, painter: QPainter, places: PagePlaces) -> None:
        """Paint them; without numbers where the page has no resolution."""
        area = places.view_rect()
        theme = places.theme
        top = QRectF(0, 0, area.right(), RULER_WIDTH)
        left = QRectF(0, 0, RULER_WIDTH, area.bottom())
        for band in (top, left):
            painter.fillRect(band, theme.color(Role.SURFACE))
        painter.setPen(QPen(theme.color(Role.TEXT), 1))
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.8)
        painter.setFont(font)
        size, millimetre = places.page_size(), mm_in_widget(places)
        if size is not None and millimetre is not None:
            page = places.rect_in_widget(QRectF(QPointF(), QPointF(*size)))
            painter.setClipRect(QRectF(area.left(), 0, area.width(), RULER_WIDTH))
            _paint_marks(painter, page.left(), page.width(), millimetre.x(), area.width() + RULER_WIDTH)
            painter.setClipRect(QRectF(0, area.top(), RULER_WIDTH, area.height()))
            painter.translate(0, 0)
            painter.rotate(90)
            painter.scale(1, -1)
            _paint_marks(
                painter, page.top(), page.height(), millimetre.y(), area.height() + RULER_WIDTH, mirrored=True
            )
            painter.resetTransform()
        painter.setClipping(False)
        corner = QRectF(0, 0, RULER_WIDTH, RULER_WIDTH)
        painter.fillRect(corner, theme.color(Role.SURFACE))
        painter.drawText(corner, Qt.AlignmentFlag.AlignCenter, "mm")


def _paint_marks(
    painter: QPainter, start: float, length: float, millimetre: float, end: float, *, mirrored: bool = False
) -> None:
    """The marks of one ruler that runs to the right."""
    numbered = next((step for step in _STEPS if step * millimetre >= _NUMBER_GAP), _STEPS[-1])
    small = max(1, numbered // 10) if numbered * millimetre / 10 >= 3 else max(1, numbered // 5)  # noqa: PLR2004
    first = max(0, math.floor(-start / millimetre / small) * small)
    last = min(math.floor(length / millimetre), math.ceil((end - start) / millimetre))
    locale = QLocale()
    for at in range(first, last + 1, small):
        x = round(start + at * millimetre)
        height = RULER_WIDTH * (0.6 if at % numbered == 0 else 0.25)
        painter.drawLine(QPointF(x, RULER_WIDTH), QPointF(x, RULER_WIDTH - height))
        if at % numbered == 0:
            painter.save()
            painter.translate(x + 3, 0)
            if mirrored:
                painter.scale(1, -1)
                painter.translate(0, -RULER_WIDTH)
            painter.drawText(QRectF(0, 0, _NUMBER_GAP, RULER_WIDTH * 0.7), 0, locale.toString(at))
            painter.restore()
