# SPDX-License-Identifier: Apache-2.0
"""Places on a page before and after it is turned by quarter turns for the view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF


def turned_size(size: QSizeF, turns: int) -> QSizeF:
    """The size of a page after quarter turns."""
    return size.transposed() if turns % 2 else QSizeF(size)


def turn_point(point: QPointF, size: QSizeF, turns: int) -> QPointF:
    """Where a point of a page of `size` lies after so many quarter turns clockwise."""
    x, y = point.x(), point.y()
    match turns % 4:
        case 1:
            return QPointF(size.height() - y, x)
        case 2:
            return QPointF(size.width() - x, size.height() - y)
        case 3:
            return QPointF(y, size.width() - x)
        case _:
            return QPointF(x, y)


def turn_rect(rect: QRectF, size: QSizeF, turns: int) -> QRectF:
    """Where a rectangle of a page of `size` lies after so many quarter turns clockwise."""
    first = turn_point(rect.topLeft(), size, turns)
    return QRectF(first, turn_point(rect.bottomRight(), size, turns)).normalized()


def unturn_point(point: QPointF, size: QSizeF, turns: int) -> QPointF:
    """The place on the page of `size` that is seen at `point` after so many quarter turns clockwise."""
    return turn_point(point, turned_size(size, turns), -turns)


def unturn_rect(rect: QRectF, size: QSizeF, turns: int) -> QRectF:
    """The part of the page of `size` that is seen in `rect` after so many quarter turns clockwise."""
    return turn_rect(rect, turned_size(size, turns), -turns)
