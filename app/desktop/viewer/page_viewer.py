# SPDX-License-Identifier: Apache-2.0
"""The page viewer that screens embed: a page on screen, with mouse, keys, loupe, rulers and other layers."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QMarginsF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.viewer.crop import CropLayer
from app.desktop.viewer.image_store import ImageStore
from app.desktop.viewer.layer import Layer
from app.desktop.viewer.loupe import Loupe
from app.desktop.viewer.navigator import Navigator
from app.desktop.viewer.page_view import PageView
from app.desktop.viewer.rulers import RULER_WIDTH, Rulers
from app.desktop.viewer.tile_reader import SampleKey, TileKey

_STEP = 1.25
"""One notch of the wheel, or one press of plus or minus."""

_NOTCH = 120.0
_PAN = 80.0
_ZOOMS = {Qt.Key.Key_1: 1.0, Qt.Key.Key_2: 0.5, Qt.Key.Key_4: 0.25}
_ARROWS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}


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


class PageViewer(PageView):
    """Shows one page, to be zoomed, moved and looked at closely.

    Keys: F the whole page, 1, 2 and 4 for 100, 50 and 25 %, Z to 100 % at the mouse and back, plus and
    minus, arrows, L held for the loupe; with a region, Alt and arrows move it, with Shift they size it.

    Args:
        store: The images of the desktop.
        theme: Colours.
        parent: Owner.
    """

    probed = Signal(object)
    """The mouse is over another pixel (`Probe`), or has left the page (None)."""
    crop_changed = Signal(QRectF)
    """The operator has changed the region: in millimetres of the page as stored."""
    loupe_changed = Signal(bool)
    """The loupe came or went."""

    def __init__(self, store: ImageStore, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(store, theme, parent)
        self._layers: list[Layer] = []
        self._crop: CropLayer | None = None
        self._rulers: Rulers | None = None
        self._loupe = Loupe(self)
        self._mouse: QPointF | None = None
        self._drag: QPointF | None = None
        self._drag_layer: Layer | None = None
        self._probed: SampleKey | None = None
        self.setMouseTracking(True)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.add_layer(Navigator(self))
        store.samples_ready.connect(self._take_samples)
        self.view_changed.connect(self._look_closely)

    # Layers

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

    def set_crop(self, rect: QRectF | None) -> None:
        """Show the region to scan or to keep, or none.

        Args:
            rect: In millimetres of the page as stored; shown where the page has a resolution.
        """
        if self._crop is None:
            self._crop = CropLayer(self)
            self._crop.crop_changed.connect(self.crop_changed)
            self._layers.insert(0, self._crop)
            self._crop.changed.connect(self.update)
        self._crop.set_rect(rect)

    def crop(self) -> QRectF | None:
        """The region, in millimetres of the page as stored, or None."""
        return None if self._crop is None else self._crop.rect

    def set_rulers(self, *, shown: bool) -> None:
        """Show rulers in millimetres at the edges, or not. They are empty for pages without resolution."""
        if shown == (self._rulers is not None):
            return
        if self._rulers is None:
            self._rulers = Rulers(self)
            self.add_layer(self._rulers)
            self.set_margins(QMarginsF(RULER_WIDTH, RULER_WIDTH, 0, 0))
        else:
            self.remove_layer(self._rulers)
            self._rulers.deleteLater()
            self._rulers = None
            self.set_margins(QMarginsF())

    @property
    def has_rulers(self) -> bool:
        """Whether rulers are shown."""
        return self._rulers is not None

    def set_loupe(self, *, shown: bool) -> None:
        """Show the loupe where the mouse is, or in the middle, or put it away."""
        if shown != self._loupe.is_shown:
            self._loupe.is_shown = shown
            self._look_closely()
            self.loupe_changed.emit(shown)
            self.update()

    @property
    def has_loupe(self) -> bool:
        """Whether the loupe is shown."""
        return self._loupe.is_shown

    # Zoom

    def zoom_in(self) -> None:
        """One step closer."""
        self.zoom_to(self.zoom * _STEP)

    def zoom_out(self) -> None:
        """One step away."""
        self.zoom_to(self.zoom / _STEP)

    def zoom_at_pointer(self) -> None:
        """Go to 100 % where the mouse is; from there, back to the whole page."""
        if self.zoom >= 1:
            self.zoom_to_fit()
        else:
            self.zoom_to(1.0, self._mouse)

    # Painting

    def paint_over(self, painter: QPainter) -> None:
        """Paint layers, loupe and focus."""
        for layer in self._layers:
            painter.save()
            layer.paint(painter, self)
            painter.restore()
        if self._loupe.is_shown and self.page is not None:
            self._loupe.paint(painter, self._mouse)
        if self.hasFocus():
            painter.setPen(QPen(self.theme.color(Role.ACCENT), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def show_tile(self, key: TileKey) -> None:
        """Paint a tile that has come, also where only the loupe shows it."""
        if self._loupe.is_shown:
            self.update()
        else:
            super().show_tile(key)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag begins: of a layer, or of the page."""
        self._mouse = event.position()
        if event.button() == Qt.MouseButton.LeftButton:
            for layer in reversed(self._layers):
                if layer.press(event.position(), self):
                    self._drag_layer = layer
                    return
        if event.button() in {Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton}:
            self._drag = event.position()
            if self.camera.is_panning_useful:
                self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or look at the pixel under the mouse."""
        point = self._mouse = event.position()
        if self._drag_layer is not None:
            self._drag_layer.move(point, self)
        elif self._drag is not None:
            self.pan(point.x() - self._drag.x(), point.y() - self._drag.y())
            self._drag = point
        else:
            self._point_at(point)
        self._look_closely()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drag ends."""
        if self._drag_layer is not None:
            self._drag_layer.release(event.position(), self)
        self._drag = self._drag_layer = None
        self._point_at(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """As Z: closer here, or back to the whole."""
        self._mouse = event.position()
        if event.button() == Qt.MouseButton.LeftButton and self.crop() is None:
            self.zoom_at_pointer()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The mouse has come."""
        self._mouse = event.position()

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse has gone."""
        del event
        self._mouse = None
        self._tell_nothing()
        self._look_closely()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel zooms at the mouse; fingers on a touchpad move the page, with Ctrl they zoom."""
        fingers = event.pixelDelta()
        if not fingers.isNull() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pan(fingers.x(), fingers.y())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            turned = event.angleDelta()
            self.pan((turned.x() or turned.y()) / _NOTCH * _PAN, 0)
        else:
            self.zoom_to(self.zoom * _STEP ** (event.angleDelta().y() / _NOTCH), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Pinches, on touch screens and on touchpads."""
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._pinch(pinch.scaleFactor(), QPointF(self.mapFromGlobal(pinch.hotSpot())))
                event.accept(pinch)
                return True
        if isinstance(event, QNativeGestureEvent) and (
            event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self._pinch(1 + event.value(), event.position())
            return True
        return super().event(event)

    def _pinch(self, factor: float, point: QPointF) -> None:
        if factor > 0:
            self.zoom_to(self.zoom * factor, point)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The viewer's keys; those of the screen come before them."""
        key = Qt.Key(event.key())
        if key in _ARROWS and self._arrow(_ARROWS[key], event.modifiers()):
            return
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        if not plain or not self._key(key, repeated=event.isAutoRepeat()):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The loupe goes when its key does."""
        if event.key() == Qt.Key.Key_L and not event.isAutoRepeat():
            self.set_loupe(shown=False)
        else:
            super().keyReleaseEvent(event)

    def _key(self, key: Qt.Key, *, repeated: bool) -> bool:
        if key in _ZOOMS:
            self.zoom_to(_ZOOMS[key])
        elif key == Qt.Key.Key_F:
            self.zoom_to_fit()
        elif key == Qt.Key.Key_Z and not repeated:
            self.zoom_at_pointer()
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        elif key == Qt.Key.Key_L:
            self.set_loupe(shown=True)
        else:
            return False
        return True

    def _arrow(self, way: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Move the region, or the page where a part of it is out of view."""
        if modifiers & Qt.KeyboardModifier.AltModifier:
            if self._crop is None or self._crop.rect is None:
                return False
            sizes = modifiers & Qt.KeyboardModifier.ShiftModifier
            (self._crop.grow_by if sizes else self._crop.move_by)(way.x(), way.y(), self)
            return True
        plain = not modifiers & ~Qt.KeyboardModifier.KeypadModifier
        if plain and self.camera.is_panning_useful:
            self.pan(-way.x() * _PAN, -way.y() * _PAN)
            return True
        return False

    # What is under the mouse

    def _point_at(self, point: QPointF) -> None:
        cursors = (layer.cursor(point, self) for layer in reversed(self._layers))
        shape = next((cursor for cursor in cursors if cursor is not None), None)
        if shape is None:
            shape = (
                Qt.CursorShape.OpenHandCursor if self.camera.is_panning_useful else Qt.CursorShape.ArrowCursor
            )
        self.setCursor(shape)
        place = self.point_on_page(point)
        x, y = int(place.x()), int(place.y())
        if self.page is None or min(place.x(), place.y()) < 0:
            self._tell_nothing()
        elif x < self.page.source.width and y < self.page.source.height:
            key = SampleKey(self.page.image.name, x, y)
            if key != self._probed:
                self._probed = key
                self.store.wish((self, "probe"), [key])
        else:
            self._tell_nothing()

    def _tell_nothing(self) -> None:
        if self._probed is not None:
            self._probed = None
            self.store.wish((self, "probe"), [])
            self.probed.emit(None)

    def _take_samples(self, key: SampleKey, values: tuple[int, ...]) -> None:
        if self.page is not None and key == self._probed:
            self.probed.emit(Probe(key.x, key.y, values, self.page.source.bits_per_sample))

    def _look_closely(self) -> None:
        """Have the pixels under the loupe loaded."""
        self.store.wish((self, "loupe"), self._loupe.tiles(self._mouse))
        if self._loupe.is_shown:
            self.update()
