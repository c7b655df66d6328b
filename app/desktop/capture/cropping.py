# SPDX-License-Identifier: Apache-2.0
"""Choosing the part of the glass that is captured, on a preview: with the mouse, or in millimetres."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.desktop.viewer.layer import Layer, PagePlaces
from hardware.preview import Area

MM_PER_INCH = 25.4

SMALLEST = 5.0
"""Millimetres: a smaller part is a slip of the hand."""


class CropLayer(Layer):
    """A rubber band over the preview; what lies outside is dimmed."""

    chosen = Signal(QRectF)
    """The part of the picture, in its pixels, when the mouse lets go."""

    def __init__(self) -> None:
        super().__init__()
        self._part: QRectF | None = None
        self._from = QPointF()

    @property
    def part(self) -> QRectF | None:
        """The part that is chosen, in pixels of the picture; None for all of it."""
        return self._part

    def show_part(self, part: QRectF | None) -> None:
        """Show another part."""
        self._part = part
        self.changed.emit()

    def press(self, point: QPointF, places: PagePlaces) -> bool:
        """Begin a part at the mouse."""
        if places.page_size() is None:
            return False
        self._from = places.point_on_page(point)
        return True

    def move(self, point: QPointF, places: PagePlaces) -> None:
        """Draw it to the mouse."""
        self.show_part(self._drawn(point, places))

    def release(self, point: QPointF, places: PagePlaces) -> None:
        """It is chosen."""
        self.move(point, places)
        if self._part is not None:
            self.chosen.emit(self._part)

    def _drawn(self, point: QPointF, places: PagePlaces) -> QRectF | None:
        size = places.page_size()
        if size is None:
            return None
        drawn = QRectF(self._from, places.point_on_page(point)).normalized()
        return drawn.intersected(QRectF(0, 0, *size))

    def cursor(self, point: QPointF, places: PagePlaces) -> Qt.CursorShape | None:
        """A cross, where a part can be drawn."""
        del point
        return Qt.CursorShape.CrossCursor if places.page_size() is not None else None

    def paint(self, painter: QPainter, places: PagePlaces) -> None:
        """Dim what is left out, and draw the edge twice, so that it is seen on light and on dark."""
        size = places.page_size()
        if self._part is None or size is None:
            return
        whole = places.rect_in_widget(QRectF(0, 0, *size))
        part = places.rect_in_widget(self._part)
        dim = QColor(0, 0, 0, 110)
        for rest in (
            QRectF(whole.left(), whole.top(), whole.width(), part.top() - whole.top()),
            QRectF(whole.left(), part.bottom(), whole.width(), whole.bottom() - part.bottom()),
            QRectF(whole.left(), part.top(), part.left() - whole.left(), part.height()),
            QRectF(part.right(), part.top(), whole.right() - part.right(), part.height()),
        ):
            painter.fillRect(rest, dim)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, style in (
            (QColor("black"), Qt.PenStyle.SolidLine),
            (QColor("white"), Qt.PenStyle.DashLine),
        ):
            painter.setPen(QPen(color, 2, style))
            painter.drawRect(part)


class CropBar(QWidget):
    """Stands above the preview: the part in millimetres, and what becomes of it."""

    area_wanted = Signal(object)
    """Capture this part of the glass from now on: Area; None for all of it."""
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.layer = CropLayer()
        self._dpi = (75.0, 75.0)
        self._setting = False
        self.boxes = tuple(QDoubleSpinBox() for _ in range(4))
        names = (self.tr("Left"), self.tr("Top"), self.tr("Right"), self.tr("Bottom"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 8, 16, 8)
        words = QLabel(self.tr("Draw over the preview what shall be captured, or write it in millimetres."))
        words.setWordWrap(True)
        rows.addWidget(words)
        row, deeds = QHBoxLayout(), QHBoxLayout()
        rows.addLayout(row)
        rows.addLayout(deeds)
        for box, name in zip(self.boxes, names, strict=True):
            box.setSuffix(" mm")
            box.setDecimals(1)
            box.setMinimumHeight(32)
            box.setAccessibleName(name)
            box.lineEdit().setAccessibleName(name)
            box.valueChanged.connect(self._measure)
            caption = QLabel(name)
            caption.setBuddy(box)
            row.addWidget(caption)
            row.addWidget(box)
        row.addStretch(1)
        self.use = QPushButton(self.tr("Use this part"))
        self.whole = QPushButton(self.tr("Whole glass"))
        self.cancel = QPushButton(self.tr("Leave"))
        self.use.clicked.connect(self._use)
        self.whole.clicked.connect(lambda: self.area_wanted.emit(None))
        self.cancel.clicked.connect(self.left)
        for button in (self.use, self.whole, self.cancel):
            button.setMinimumHeight(32)
            deeds.addWidget(button)
        deeds.addStretch(1)
        self.layer.chosen.connect(self._drawn)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.hide()

    def begin(self, width: int, height: int, dpi: tuple[float, float]) -> None:
        """Choose on a picture of so many pixels; all of it is chosen at first."""
        self._dpi = dpi if min(dpi) > 0 else (75.0, 75.0)
        across, down = width / self._dpi[0] * MM_PER_INCH, height / self._dpi[1] * MM_PER_INCH
        for box, most in zip(self.boxes, (across, down, across, down), strict=True):
            box.setRange(0.0, round(most, 1))
        self._show_millimetres((0.0, 0.0, across, down))
        self.layer.show_part(None)
        self.show()

    @property
    def area(self) -> Area | None:
        """The part in millimetres; None where it is too small to be meant."""
        left, top, right, bottom = (box.value() for box in self.boxes)
        if right - left < SMALLEST or bottom - top < SMALLEST:
            return None
        return Area(left, top, right, bottom)

    def _drawn(self, part: QRectF) -> None:
        across, down = MM_PER_INCH / self._dpi[0], MM_PER_INCH / self._dpi[1]
        self._show_millimetres(
            (part.left() * across, part.top() * down, part.right() * across, part.bottom() * down)
        )

    def _show_millimetres(self, edges: tuple[float, float, float, float]) -> None:
        self._setting = True
        for box, value in zip(self.boxes, edges, strict=True):
            box.setValue(value)
        self._setting = False
        self.use.setEnabled(self.area is not None)

    def _measure(self) -> None:
        if self._setting:
            return
        area = self.area
        self.use.setEnabled(area is not None)
        if area is not None:
            across, down = self._dpi[0] / MM_PER_INCH, self._dpi[1] / MM_PER_INCH
            corners = (
                QPointF(area.left * across, area.top * down),
                QPointF(area.right * across, area.bottom * down),
            )
            self.layer.show_part(QRectF(*corners))

    def _use(self) -> None:
        self.area_wanted.emit(self.area)
