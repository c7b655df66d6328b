# SPDX-License-Identifier: Apache-2.0
"""Which part of a page is seen, and how large: the arithmetic of zooming and panning."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF

from app.desktop.viewer.turning import turn_point, turn_rect, turned_size, unturn_point, unturn_rect

MAXIMUM = 16.0
"""Display pixels for one of the page, at most."""


@dataclass
class Camera:
    """Looks at a page through a view.

    All places on the page are pixels of the image as it is stored; all places in the view are
    pixels of the display, of which a widget's pixel may have several.

    Attributes:
        page: The page's size.
        turns: Quarter turns clockwise that the page is shown with.
        view: The rectangle of the view.
        scale: Display pixels for one of the page.
        fits: Whether the scale follows the view, so that the whole page is seen.
        centre: What is in the middle of the view, in pixels of the turned page.
    """

    page: QSizeF = field(default_factory=lambda: QSizeF(1, 1))
    turns: int = 0
    view: QRect = field(default_factory=lambda: QRect(0, 0, 1, 1))
    scale: float = 1.0
    fits: bool = True
    centre: QPointF = field(default_factory=QPointF)

    @property
    def shown(self) -> QSizeF:
        """The size of the turned page."""
        return turned_size(self.page, self.turns)

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole page is seen; small pages are not enlarged beyond 1."""
        shown = self.shown
        whole = min(self.view.width() / shown.width(), self.view.height() / shown.height())
        return max(1e-4, min(1.0, whole))

    @property
    def is_panning_useful(self) -> bool:
        """Whether a part of the page lies outside the view."""
        return (
            self.shown.width() * self.scale > self.view.width() + 1
            or self.shown.height() * self.scale > self.view.height() + 1
        )

    def settle(self) -> None:
        """Bring scale and centre within their limits."""
        if self.fits:
            self.scale = self.fit_scale
        self.scale = max(min(self.fit_scale, 1.0) / 2, min(MAXIMUM, self.scale))
        shown = self.shown
        self.centre = QPointF(
            _within(self.centre.x(), shown.width(), self.view.width() / self.scale),
            _within(self.centre.y(), shown.height(), self.view.height() / self.scale),
        )

    def fit(self) -> None:
        """Show the whole page, and go on doing so when the view changes."""
        self.fits = True
        self.settle()

    def zoom(self, scale: float, anchor: QPointF | None = None) -> None:
        """Change the scale; what is under `anchor` in the view stays there."""
        point = QPointF(self.view.center()) if anchor is None else anchor
        before = self._to_turned(point)
        self.fits = False
        self.scale = scale
        self.settle()
        self.centre += before - self._to_turned(point)
        self.settle()

    def pan(self, dx: float, dy: float) -> None:
        """Move the page by display pixels."""
        self.centre -= QPointF(dx / self.scale, dy / self.scale)
        self.settle()

    def look_at(self, point: QPointF) -> None:
        """Bring a place of the page to the middle of the view."""
        self.centre = turn_point(point, self.page, self.turns)
        self.settle()

    def origin(self) -> QPointF:
        """Where the turned page's corner lies in the view: on a whole pixel, so that 1:1 is exact."""
        middle = QRectF(self.view).center()
        return QPointF(
            round(middle.x() - self.centre.x() * self.scale), round(middle.y() - self.centre.y() * self.scale)
        )

    def to_view(self, rect: QRectF) -> QRectF:
        """Where a part of the page lies in the view."""
        turned = turn_rect(rect, self.page, self.turns)
        origin = self.origin()
        return QRectF(
            origin.x() + turned.x() * self.scale,
            origin.y() + turned.y() * self.scale,
            turned.width() * self.scale,
            turned.height() * self.scale,
        )

    def to_page(self, point: QPointF) -> QPointF:
        """The place on the page that is seen at a point of the view."""
        origin = self.origin()
        turned = QPointF((point.x() - origin.x()) / self.scale, (point.y() - origin.y()) / self.scale)
        return unturn_point(turned, self.page, self.turns)

    def seen(self) -> QRectF:
        """The part of the page that is seen."""
        origin = self.origin()
        view = QRectF(self.view)
        turned = QRectF(
            (view.x() - origin.x()) / self.scale,
            (view.y() - origin.y()) / self.scale,
            view.width() / self.scale,
            view.height() / self.scale,
        )
        return unturn_rect(turned, self.page, self.turns).intersected(QRectF(QPointF(), self.page))

    def _to_turned(self, point: QPointF) -> QPointF:
        middle = QRectF(self.view).center()
        return self.centre + (point - middle) / self.scale


def _within(centre: float, length: float, seen: float) -> float:
    """The centre moved so that no more than needed is seen beyond the page."""
    if seen >= length:
        return length / 2
    return max(seen / 2, min(length - seen / 2, centre))
