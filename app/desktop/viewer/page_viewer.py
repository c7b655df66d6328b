# SPDX-License-Identifier: Apache-2.0
"""The page on screen: zoomed, panned and turned, quick while it moves and sharp when it rests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.viewer.camera import Camera
from app.desktop.viewer.crop import CropLayer
from app.desktop.viewer.image_store import ImageStore, PieceKey
from app.desktop.viewer.layer import Layer
from app.desktop.viewer.tile_layer import (
    ShownPage,
    level_for,
    paint_page,
    paint_whole,
    visible_tiles,
)
from app.desktop.viewer.tile_reader import OverviewKey, SampleKey
from archive.imaging.image_source import ImageSource

REST_MS = 100
"""After so long without movement the page is painted sharply."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What is under the mouse.

    Attributes:
        x: Column, in pixels of the image as stored.
        y: Row.
        values: The sample values as stored, in the file's own depth.
        bits: Bits of one sample.
    """

    x: int
    y: int
    values: tuple[int, ...]
    bits: int


class PageViewer(QWidget):
    """Shows one page.

    Args:
        store: The images of the desktop.
        theme: Colours.
        parent: Owner.
    """

    zoom_changed = Signal(float)
    """Display pixels for one of the page."""
    view_changed = Signal()
    """Zoom or place changed, by whatever means."""
    sharp = Signal(str)
    """All that is seen of a page is as sharp as it gets: its key."""
    probed = Signal(object)
    """The mouse is over another pixel (`Probe`), or has left the page (None)."""
    crop_changed = Signal(QRectF)
    """The operator has changed the region: in millimetres of the page as stored."""
    failed = Signal(str, dict)
    """A page cannot be shown: its key, and the failure."""

    def __init__(self, store: ImageStore, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.keep_view = True
        self._store = store
        self._camera = Camera()
        self._page: ShownPage | None = None
        self._next: ShownPage | None = None
        self._growing: QImage | None = None
        self._failure: dict[str, Any] | None = None
        self._layers: list[Layer] = []
        self._crop: CropLayer | None = None
        self._drag: QPointF | None = None
        self._drag_layer: Layer | None = None
        self._marked = False
        self._moving = False
        self._told_sharp = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._come_to_rest)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Page image"))
        store.piece_ready.connect(self._take_piece)
        store.copy_ready.connect(self._take_copy)
        store.samples_ready.connect(self._take_samples)
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
        """
        page = ShownPage(key, source, rotation % 4, self._marked, description)
        if self._page is None or self._page.source.cache_name != source.cache_name:
            self._store.add(source)
        if self._growing is not None and (source.width, source.height) != self.page_size():
            self._growing = None
        self._frame_page(QSizeF(source.width, source.height), page.turns)
        self._page, self._failure, self._told_sharp = page, None, False
        self._describe()
        self._wish()
        self.view_changed.emit()
        self.update()

    def show_growing(self, width: int, height: int, image: QImage) -> None:
        """Show a page that is still arriving.

        Args:
            width: Pixels in a row of the page, as far as known.
            height: Rows of the page, as far as known.
            image: The whole page in a smaller size, with what has arrived so far.
        """
        self._page, self._failure = None, None
        self._frame_page(QSizeF(width, height), 0)
        self._growing = image
        self._store.wish(self, [])
        self._describe()
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._page = self._next = self._growing = self._failure = None
        self._store.wish(self, [])
        self._describe()
        self.update()

    def prefetch(self, source: ImageSource, *, rotation: int = 0) -> None:
        """Load the overview of the page that will probably be shown next."""
        self._store.add(source)
        self._next = ShownPage("", source, rotation % 4, self._marked, "")
        self._wish()

    def set_clipping(self, *, marked: bool) -> None:
        """Mark pixels that are clipped in the light or in the dark, or stop doing so."""
        self._marked = marked
        if self._page is not None:
            page = self._page
            self.show_page(page.key, page.source, rotation=page.turns, description=page.description)

    @property
    def shown_key(self) -> str:
        """The key of the page that is shown, or ""."""
        return self._page.key if self._page is not None else ""

    # Zoom and place

    @property
    def zoom(self) -> float:
        """Display pixels for one of the page."""
        return self._camera.scale

    @property
    def is_fitted(self) -> bool:
        """Whether the whole page is kept in view."""
        return self._camera.fits

    def zoom_to_fit(self) -> None:
        """Show the whole page."""
        self._camera.fit()
        self._move()

    def zoom_to(self, scale: float, anchor: QPointF | None = None) -> None:
        """Show so many display pixels for one of the page.

        Args:
            scale: 1.0 for 100 %.
            anchor: A point of the widget; what is under it stays there.
        """
        ratio = self.devicePixelRatioF()
        self._camera.zoom(scale, None if anchor is None else anchor * ratio)
        self._move()

    def pan(self, dx: float, dy: float) -> None:
        """Move the page by pixels of the widget."""
        ratio = self.devicePixelRatioF()
        self._camera.pan(dx * ratio, dy * ratio)
        self._move()

    # Layers

    def set_crop(self, rect: QRectF | None) -> None:
        """Show the region to scan or to keep, or none.

        Args:
            rect: In millimetres of the page as stored; shown where the page has a resolution.
        """
        if self._crop is None:
            self._crop = CropLayer(self)
            self._crop.crop_changed.connect(self.crop_changed)
            self.add_layer(self._crop)
        self._crop.set_rect(rect)

    def crop(self) -> QRectF | None:
        """The region, in millimetres of the page as stored, or None."""
        return None if self._crop is None else self._crop.rect

    def add_layer(self, layer: Layer) -> None:
        """Lay something over the page; it is painted after all that lie there already."""
        self._layers.append(layer)
        layer.changed.connect(self.update)
        self.update()

    def remove_layer(self, layer: Layer) -> None:
        """Take a layer away."""
        self._layers.remove(layer)
        layer.changed.disconnect(self.update)
        self.update()

    def page_size(self) -> tuple[int, int] | None:
        """Width and height of the page as stored, or None if none is shown."""
        if self._page is None and self._growing is None:
            return None
        return round(self._camera.page.width()), round(self._camera.page.height())

    def page_dpi(self) -> tuple[float, float] | None:
        """Pixels per inch across and down the page as stored, where known."""
        return self._page.source.dpi if self._page is not None else None

    def rect_in_widget(self, rect: QRectF) -> QRectF:
        """Where a part of the page lies in the widget."""
        placed = self._camera.to_view(rect)
        ratio = self.devicePixelRatioF()
        return QRectF(placed.topLeft() / ratio, placed.size() / ratio)

    def point_on_page(self, point: QPointF) -> QPointF:
        """The place on the page at a point of the widget."""
        return self._camera.to_page(point * self.devicePixelRatioF())

    def view_rect(self) -> QRectF:
        """The part of the widget in which the page is seen."""
        return QRectF(self.rect())

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The view changes its size."""
        del event
        self._fill_view()
        self._move()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the page and what lies over it."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color(Role.IMAGE_SURROUND))
        painter.save()
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        sharp = self._paint_page(painter)
        painter.restore()
        for layer in self._layers:
            layer.paint(painter, self)
        painter.end()
        if sharp and not self._told_sharp and not self._moving and self._page is not None:
            self._told_sharp = True
            self.sharp.emit(self._page.key)

    def _paint_page(self, painter: QPainter) -> bool:
        if self._growing is not None:
            paint_whole(painter, self._camera, self._growing)
        if self._page is None:
            return False
        return paint_page(painter, self._page, self._camera, self._store, smooth=not self._moving)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag begins: of a layer, or of the page."""
        for layer in reversed(self._layers):
            if event.button() == Qt.MouseButton.LeftButton and layer.press(event.position(), self):
                self._drag_layer = layer
                return
        if event.button() in {Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton}:
            self._drag = event.position()
            if self._camera.is_panning_useful:
                self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or look at the pixel under the mouse."""
        point = event.position()
        if self._drag_layer is not None:
            self._drag_layer.move(point, self)
        elif self._drag is not None:
            self.pan(point.x() - self._drag.x(), point.y() - self._drag.y())
            self._drag = point
        else:
            self._point_at(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drag ends."""
        if self._drag_layer is not None:
            self._drag_layer.release(event.position(), self)
        self._drag = self._drag_layer = None
        self.unsetCursor()

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse has gone."""
        del event
        self.probed.emit(None)

    # Inside

    def _frame_page(self, size: QSizeF, turns: int) -> None:
        """Look at another page: at the same place and size where that is wished, else at the whole."""
        camera = self._camera
        before = camera.shown
        same_turn = camera.turns == turns
        place = QPointF(camera.centre.x() / before.width(), camera.centre.y() / before.height())
        camera.page, camera.turns = size, turns
        if not (self.keep_view or camera.page == size) or not same_turn:
            camera.fits = True
        camera.centre = QPointF(place.x() * camera.shown.width(), place.y() * camera.shown.height())
        self._fill_view()
        camera.settle()

    def _fill_view(self) -> None:
        ratio = self.devicePixelRatioF()
        view = self.view_rect()
        self._camera.view = QRect(
            round(view.x() * ratio),
            round(view.y() * ratio),
            max(1, round(view.width() * ratio)),
            max(1, round(view.height() * ratio)),
        )
        self._camera.settle()

    def _move(self) -> None:
        self._moving = True
        self._rest.start()
        self._told_sharp = False
        self.zoom_changed.emit(self._camera.scale)
        self.view_changed.emit()
        self.update()

    def _come_to_rest(self) -> None:
        self._moving = False
        self._wish()
        self.update()

    def _wish(self) -> None:
        """Ask for what is seen, then for what lies around it, then for the next page."""
        keys: list[PieceKey] = []
        if self._page is not None:
            level = level_for(self._page, self._camera.scale)
            keys.append(OverviewKey(self._page.image))
            keys += visible_tiles(self._page, self._camera, level)
        if self._next is not None:
            keys.append(OverviewKey(self._next.image))
        if self._page is not None:
            keys += [
                key
                for key in visible_tiles(
                    self._page, self._camera, level_for(self._page, self._camera.scale), 1
                )
                if key not in keys
            ]
        self._store.wish(self, keys)

    def _point_at(self, point: QPointF) -> None:
        cursors = (layer.cursor(point, self) for layer in reversed(self._layers))
        shape = next((cursor for cursor in cursors if cursor is not None), None)
        self.setCursor(shape if shape is not None else Qt.CursorShape.ArrowCursor)
        page = self._page
        place = self.point_on_page(point)
        if page is None or not QRectF(QPointF(), self._camera.page).contains(place):
            self.probed.emit(None)
            return
        x, y = int(place.x()), int(place.y())
        if x < page.source.width and y < page.source.height:
            self._store.wish((self, "probe"), [SampleKey(page.source.cache_name, x, y)])

    def _take_piece(self, key: PieceKey) -> None:
        if self._page is not None and not isinstance(key, SampleKey) and key.image == self._page.image:
            if isinstance(key, OverviewKey):
                self._growing = None
            self.update()

    def _take_copy(self, name: str) -> None:
        if self._page is not None and name == self._page.source.cache_name:
            self._wish()

    def _take_samples(self, key: SampleKey, values: tuple[int, ...]) -> None:
        if self._page is not None and key.name == self._page.source.cache_name:
            self.probed.emit(Probe(key.x, key.y, values, self._page.source.bits_per_sample))

    def _take_failure(self, name: str, failure: dict[str, Any]) -> None:
        if self._page is not None and name == self._page.source.cache_name:
            self._failure = failure
            self.failed.emit(self._page.key, failure)
            self.update()

    def _describe(self) -> None:
        size = self.page_size()
        if size is None:
            self.setAccessibleDescription(self.tr("No page is shown"))
            return
        words = self._page.description if self._page is not None else self.tr("A page is arriving")
        self.setAccessibleDescription(
            self.tr("{description}, {width} x {height} px")
            .format(description=words, width=size[0], height=size[1])
            .removeprefix(", ")
        )
