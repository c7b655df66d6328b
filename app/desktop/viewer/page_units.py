# SPDX-License-Identifier: Apache-2.0
"""Millimetres of a page, on the page and in the widget."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from app.desktop.viewer.layer import PagePlaces

MM_PER_INCH = 25.4


def to_mm(point: QPointF, dpi: tuple[float, float]) -> QPointF:
    """A place on the page in millimetres from its corner."""
    return QPointF(point.x() * MM_PER_INCH / dpi[0], point.y() * MM_PER_INCH / dpi[1])


def rect_from_mm(rect: QRectF, dpi: tuple[float, float]) -> QRectF:
    """A rectangle in millimetres in pixels of the page."""
    across, down = dpi[0] / MM_PER_INCH, dpi[1] / MM_PER_INCH
    return QRectF(rect.x() * across, rect.y() * down, rect.width() * across, rect.height() * down)


def mm_in_widget(places: PagePlaces) -> QPointF | None:
    """Pixels of the widget for a millimetre across and down what is seen; None without a resolution."""
    dpi = places.page_dpi()
    if dpi is None:
        return None
    inch = places.rect_in_widget(QRectF(0, 0, *dpi))
    return QPointF(inch.width() / MM_PER_INCH, inch.height() / MM_PER_INCH)
