# SPDX-License-Identifier: Apache-2.0
"""A page on screen, at a place and a size: quick while it moves, sharp when it rests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QMarginsF, QPointF, QRect, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.viewer.camera import Camera
from app.desktop.viewer.image_store import ImageStore, PieceKey
from app.desktop.viewer.notes import badge_words, paint_color_badge, paint_failure, paint_waiting
from app.desktop.viewer.tile_layer import (
    ShownPage,
    level_for,
    paint_page,
    paint_whole,
    tile_rect,
    visible_tiles,
)
from app.desktop.viewer.tile_reader import OverviewKey, SampleKey, TileKey
from archive.imaging.image_source import ImageSource

REST_MS = 100
"""After so long without movement the page is painted sharply."""

HOLD_MS = 150
"""For so long the page before stays on screen while nothing of the new one is there: a blank would flicker."""

PATIENCE_MS = 300
"""After so long without a picture it is said that one is being made."""


@dataclass(frozen=True, slots=True)
class ViewPlace:
    """Where a view looks, so that another page can be looked at in the same way.

    Attributes:
        fits: Whether the whole page is kept in view.
        width: Display pixels that the turned page is wide.
        x: What is in the middle, as a share of the turned page's width.
        y: The same of its height.
    """

    fits: bool
    width: float
    x: float
    y: float


class PageView(QWidget):
    """Shows one page and knows nothing of mice and keys.

    Args:
        store: The images of the desktop.
        theme: Colours.
        parent: Owner.
    """

    zoom_changed = Signal(float)
    """Display pixels for one of the page."""
    view_changed = Signal()
    """Zoom, place or page changed, by whatever means."""
    sharp = Signal(str)
    """All that is seen of a page is as sharp as it gets: its key."""
    failed = Signal(str, dict)
    """A page cannot be shown: its key, and the failure."""

    def __init__(self, store: ImageStore, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.keep_view = True
        self.store = store
        self.camera = Camera()
        self.page: ShownPage | None = None
        self._next: ShownPage | None = None
        self._before: tuple[ShownPage, Camera] | None = None
        self._growing: QImage | None = None
        self._failure: Mapping[str, Any] | None = None
        self._margins = QMarginsF()
        self._marked = self._moving = self._told_sharp = self._waited = False
        self._rest = self._timer(REST_MS, self._come_to_rest)
        self._hold = self._timer(HOLD_MS, self._let_go)
        self._patience = self._timer(PATIENCE_MS, self._lose_patience)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Page image"))
        self._describe()
        store.piece_ready.connect(self._take_piece)
        store.copy_ready.connect(self._take_copy)
        store.failed.connect(self._take_failure)
        theme.changed.connect(self.update)

    # What is shown

    def show_page(self, key: str, source: ImageSource, *, rotation: int = 0, description: str = "") -> None:
        """Show a page.

        Args:
            key: The caller's name for it, which comes back in signals.
            source: Its image.
            rotation: Quarter turns clockwise.
            description: What a screen reader says of it, such as "page 17, accepted".

        Raises:
            ValueError: The image's header was not read yet (`ImageSource.read`), so it has no size.
        """
        if source.kind == "unread":
            raise ValueError(f"{source.path} must be read before it is shown.")
        page = ShownPage(key, source, rotation % 4, self._marked, description)
        if self.page is None or self.page.source != source or self._failure is not None:
            self.store.add(source)
        arrived = self.store.overview(OverviewKey(page.image)) is not None
        if arrived or page.turns or (source.width, source.height) != self.page_size():
            self._growing = None
        self._hold_on_to_page()
        self._frame_page(QSizeF(source.width, source.height), page.turns)
        self.page, self._failure = page, None
        self._told_sharp = self._waited = False
        self._patience.start()
        self._describe()
        self._wish()
        self._tell_view()

    def show_growing(self, width: int, height: int, image: QImage) -> None:
        """Show a page that is still arriving; it stays on screen until its finished image is painted.

        Args:
            width: Pixels in a row of the page, as far as known.
            height: Rows of the page, as far as known.
            image: The whole page in a smaller size, with what has arrived so far.
        """
        if self.page is not None:
            self.store.wish(self, [])
        self.page = self._before = self._failure = None
        self._frame_page(QSizeF(width, height), 0)
        self._growing = image
        self._describe()
        self._tell_view()

    def clear(self) -> None:
        """Show nothing."""
        self.page = self._before = self._next = self._growing = self._failure = None
        self.store.wish(self, [])
        self._describe()
        self._tell_view()

    def prefetch(self, source: ImageSource, *, rotation: int = 0) -> None:
        """Load the overview of the page that will probably be shown next; of one without a size yet, nothing."""
        if source.kind == "unread":
            return
        self.store.add(source)
        self._next = ShownPage("", source, rotation % 4, self._marked, "")
        self._wish()

    def set_clipping(self, *, marked: bool) -> None:
        """Mark pixels that are clipped in the light or in the dark, or stop doing so."""
        self._marked = marked
        if self.page is not None:
            page = self.page
            self.show_page(page.key, page.source, rotation=page.turns, description=page.description)

    @property
    def marks_clipping(self) -> bool:
        """Whether clipped pixels are marked."""
        return self._marked

    @property
    def shown_key(self) -> str:
        """The key of the page that is shown, or ""."""
        return self.page.key if self.page is not None else ""

    # Zoom and place

    @property
    def zoom(self) -> float:
        """Display pixels for one of the page."""
        return self.camera.scale

    @property
    def is_fitted(self) -> bool:
        """Whether the whole page is kept in view."""
        return self.camera.fits

    def zoom_to_fit(self) -> None:
        """Show the whole page."""
        self.camera.fit()
        self.move_view()

    def zoom_to(self, scale: float, anchor: QPointF | None = None) -> None:
        """Show so many display pixels for one of the page.

        Args:
            scale: 1.0 for 100 %.
            anchor: A point of the widget; what is under it stays there.
        """
        self.camera.zoom(scale, None if anchor is None else anchor * self.devicePixelRatioF())
        self.move_view()

    def pan(self, dx: float, dy: float) -> None:
        """Move the page by pixels of the widget."""
        ratio = self.devicePixelRatioF()
        self.camera.pan(dx * ratio, dy * ratio)
        self.move_view()

    def look_at(self, point: QPointF) -> None:
        """Bring a place of the page, in pixels as stored, to the middle."""
        self.camera.look_at(point)
        self.move_view()

    @property
    def place(self) -> ViewPlace:
        """Where the view looks."""
        camera, shown = self.camera, self.camera.shown
        return ViewPlace(
            camera.fits,
            shown.width() * camera.scale,
            camera.centre.x() / shown.width(),
            camera.centre.y() / shown.height(),
        )

    def go_to_place(self, place: ViewPlace) -> None:
        """Look at this page as another view looks at its own."""
        camera, shown = self.camera, self.camera.shown
        camera.fits = place.fits
        camera.scale = place.width / shown.width()
        camera.centre = QPointF(place.x * shown.width(), place.y * shown.height())
        camera.settle()
        self.move_view()

    def move_view(self) -> None:
        """The camera has moved: paint quickly now, and sharply when it rests."""
        self._moving = True
        self._rest.start()
        self._told_sharp = False
        self._tell_view()

    # Places

    def page_size(self) -> tuple[int, int] | None:
        """Width and height of the page as stored, or None if none is shown."""
        if self.page is None and self._growing is None:
            return None
        return round(self.camera.page.width()), round(self.camera.page.height())

    def page_dpi(self) -> tuple[float, float] | None:
        """Pixels per inch across and down the page as stored, where known."""
        return self.page.source.dpi if self.page is not None else None

    def rect_in_widget(self, rect: QRectF) -> QRectF:
        """Where a part of the page lies in the widget."""
        placed = self.camera.to_view(rect)
        ratio = self.devicePixelRatioF()
        return QRectF(placed.topLeft() / ratio, placed.size() / ratio)

    def point_on_page(self, point: QPointF) -> QPointF:
        """The place on the page at a point of the widget."""
        return self.camera.to_page(point * self.devicePixelRatioF())

    def view_rect(self) -> QRectF:
        """The part of the widget in which the page is seen."""
        return QRectF(self.rect()).marginsRemoved(self._margins)

    def set_margins(self, margins: QMarginsF) -> None:
        """Keep the page away from the edges of the widget."""
        self._margins = margins
        self._fill_view()
        self.move_view()

    # Painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The view changes its size."""
        del event
        self._fill_view()
        self.move_view()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the page and what is to be said about it."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color(Role.IMAGE_SURROUND))
        if self._before is not None and self.overview() is None:
            page, camera = self._before
            self._paint_page(painter, page, camera, smooth=True)
            self._paint_badge(painter, page)
            self.paint_over(painter)
            painter.end()
            return
        sharp = self.paint_through(painter, self.camera, smooth=not self._moving)
        self._paint_notes(painter, sharp=sharp)
        self.paint_over(painter)
        painter.end()
        if sharp and not self._told_sharp and not self._moving and self.page is not None:
            self._told_sharp = True
            self.sharp.emit(self.page.key)

    def paint_over(self, painter: QPainter) -> None:
        """Paint what lies over the page; for classes that add something."""

    def paint_through(self, painter: QPainter, camera: Camera, *, smooth: bool) -> bool:
        """Paint the page as a camera sees it; tell whether it is as sharp as it gets."""
        return self._paint_page(painter, self.page, camera, smooth=smooth)

    def _paint_page(self, painter: QPainter, page: ShownPage | None, camera: Camera, *, smooth: bool) -> bool:
        ratio = self.devicePixelRatioF()
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setClipRect(camera.view)
        if self._growing is not None:
            paint_whole(painter, camera, self._growing)
        sharp = page is not None and paint_page(painter, page, camera, self.store, smooth=smooth)
        painter.restore()
        return sharp

    def overview(self) -> QImage | None:
        """The whole turned page in a small size, if it is here."""
        if self.page is None:
            return self._growing
        return self.store.overview(OverviewKey(self.page.image))

    def _paint_notes(self, painter: QPainter, *, sharp: bool) -> None:
        if self._failure is not None:
            paint_failure(painter, self.view_rect(), self.theme, self._failure)
        elif self.page is not None and not sharp and self.overview() is None and self._growing is None:
            whole = QRectF(QPointF(), self.camera.page)
            paint_waiting(painter, self.rect_in_widget(whole), self.theme, in_words=self._waited)
        if self.page is not None and self._failure is None:
            self._paint_badge(painter, self.page)

    def _paint_badge(self, painter: QPainter, page: ShownPage) -> None:
        management = self.store.color_management(page.image.name)
        paint_color_badge(painter, self.view_rect(), self.theme, management)

    # Inside

    def _timer(self, milliseconds: int, action: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(action)
        return timer

    def _hold_on_to_page(self) -> None:
        """Keep what is on screen there for a moment, until the next page can be painted."""
        if self.page is not None and self._failure is None and self._told_sharp:
            self._before = self.page, replace(self.camera, centre=QPointF(self.camera.centre))
            self._hold.start()

    def _let_go(self) -> None:
        self._before = None
        self.update()

    def _frame_page(self, size: QSizeF, turns: int) -> None:
        """Look at another page: at the same place and size where that is wished, else at the whole."""
        camera, before = self.camera, self.place
        other = camera.page != size
        turned = camera.turns != turns
        camera.page, camera.turns = size, turns
        if turned or (other and not self.keep_view):
            camera.fits = True
        shown = camera.shown
        camera.centre = QPointF(before.x * shown.width(), before.y * shown.height())
        self._fill_view()

    def _fill_view(self) -> None:
        ratio = self.devicePixelRatioF()
        view = self.view_rect()
        self.camera.view = QRect(
            round(view.x() * ratio),
            round(view.y() * ratio),
            max(1, round(view.width() * ratio)),
            max(1, round(view.height() * ratio)),
        )
        self.camera.settle()

    def _tell_view(self) -> None:
        self.zoom_changed.emit(self.camera.scale)
        self.view_changed.emit()
        self.update()

    def _come_to_rest(self) -> None:
        self._moving = False
        self._wish()
        self.update()

    def _lose_patience(self) -> None:
        self._waited = True
        self.update()

    def _wish(self) -> None:
        """Ask for what is seen, then for the next page, then for what lies around."""
        keys: list[PieceKey] = []
        if self.page is not None:
            level = level_for(self.page, self.camera.scale)
            keys = [OverviewKey(self.page.image), *visible_tiles(self.page, self.camera, level)]
        if self._next is not None:
            keys.append(OverviewKey(self._next.image))
        if self.page is not None:
            seen = set(keys)
            keys += [key for key in visible_tiles(self.page, self.camera, level, 1) if key not in seen]
        self.store.wish(self, keys)

    def _take_piece(self, key: PieceKey) -> None:
        if self.page is None or isinstance(key, SampleKey) or key.image != self.page.image:
            return
        if isinstance(key, TileKey):
            self.show_tile(key)
            return
        self._growing = self._before = None
        self._describe()
        self.view_changed.emit()
        self.update()

    def show_tile(self, key: TileKey) -> None:
        """A tile of the page has come: paint it, if it is seen."""
        if self.page is not None and key.level == level_for(self.page, self.camera.scale).number:
            place = self.rect_in_widget(tile_rect(self.page, key)).toAlignedRect()
            self.update(place.adjusted(-1, -1, 1, 1).intersected(self.rect()))

    def _take_copy(self, name: str) -> None:
        if self.page is not None and name == self.page.source.cache_name:
            self._wish()

    def _take_failure(self, name: str, failure: dict[str, Any]) -> None:
        if self.page is not None and name == self.page.image.name:
            self._failure, self._before = failure, None
            self.failed.emit(self.page.key, failure)
            self.update()

    def _describe(self) -> None:
        size = self.page_size()
        if size is None:
            self.setAccessibleDescription(self.tr("No page is shown"))
            return
        facts = self.tr("{width} x {height} px").format(width=size[0], height=size[1])
        if self.page is None:
            words = [self.tr("A page is arriving"), facts]
        else:
            badge = badge_words(self.store.color_management(self.page.image.name))
            words = [self.page.description, facts, badge]
        self.setAccessibleDescription(", ".join(filter(None, words)))
