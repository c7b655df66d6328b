# SPDX-License-Identifier: Apache-2.0
"""Two pages side by side that are zoomed and moved together, to compare them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from app.desktop.theme.theme import Theme
from app.desktop.viewer.image_store import ImageStore
from app.desktop.viewer.page_view import ViewPlace
from app.desktop.viewer.page_viewer import PageViewer


class LinkedViewers(QWidget):
    """Two viewers. While they are linked, each goes where the other goes.

    The same share of both pages is seen, so that a page and its retake agree also where they were
    scanned in different resolutions. Whoever moves one while they are not linked keeps that distance
    when they are linked again.

    Args:
        store: The images of the desktop.
        theme: Colours.
        parent: Owner.
    """

    linked_changed = Signal(bool)

    def __init__(self, store: ImageStore, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.left = PageViewer(store, theme)
        self.right = PageViewer(store, theme)
        self.left.setAccessibleName(self.tr("Left page image"))
        self.right.setAccessibleName(self.tr("Right page image"))
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.left)
        splitter.addWidget(self.right)
        splitter.setSizes([1, 1])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)
        self._linked = True
        self._following = False
        self._distance = (0.0, 0.0, 1.0)
        self.left.view_changed.connect(self._follow_left)
        self.right.view_changed.connect(self._follow_right)

    @property
    def is_linked(self) -> bool:
        """Whether zooming and moving one does so with the other."""
        return self._linked

    def set_linked(self, *, linked: bool) -> None:
        """Link the views at the distance that they have now, or let each go its own way."""
        if linked == self._linked:
            return
        self._linked = linked
        if linked:
            left, right = self.left.place, self.right.place
            same = left.fits and right.fits
            self._distance = (
                (0.0, 0.0, 1.0)
                if same
                else (right.x - left.x, right.y - left.y, right.width / max(1e-6, left.width))
            )
        self.linked_changed.emit(linked)

    def reset(self) -> None:
        """Show both pages whole, and forget any distance."""
        self._distance = (0.0, 0.0, 1.0)
        self.left.zoom_to_fit()
        self.right.zoom_to_fit()

    def _follow_left(self) -> None:
        dx, dy, factor = self._distance
        self._lead(self.left, self.right, dx, dy, factor)

    def _follow_right(self) -> None:
        dx, dy, factor = self._distance
        self._lead(self.right, self.left, -dx, -dy, 1 / factor)

    def _lead(self, leader: PageViewer, follower: PageViewer, dx: float, dy: float, factor: float) -> None:
        if not self._linked or self._following or None in {leader.page_size(), follower.page_size()}:
            return
        place = leader.place
        self._following = True
        try:
            follower.go_to_place(ViewPlace(place.fits, place.width * factor, place.x + dx, place.y + dy))
        finally:
            self._following = False
