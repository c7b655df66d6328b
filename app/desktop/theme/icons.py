# SPDX-License-Identifier: Apache-2.0
"""Icons from drawings in one colour, as pixmaps of the sizes and the scale at which they are shown.

Pixmaps, and no icon engine that draws when somebody looks: Qt copies and deletes engines as it likes, which an
object of Python does not survive.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from archive.resource_files import resource_path

SIZES = (16, 18, 20, 24, 28, 32, 48)
"""The sides at which the desktop shows icons, in pixels that do not depend on the display's scale."""

SPARE = 64
"""A side in the display's own pixels, from which Qt makes smaller ones for a sharper display that comes later."""


@dataclass(frozen=True)
class Inks:
    """The colours of an icon.

    Attributes:
        normal: Of what can be used.
        disabled: Of what cannot.
        chosen: Of what stands on the accent colour.
    """

    normal: QColor
    disabled: QColor
    chosen: QColor


def draw_icon(name: str, inks: Inks) -> QIcon:
    """An icon of resources/icons with `currentColor` filled in; on the window's thread, as all pixmaps.

    Raises:
        FileNotFoundError: There is no icon of that name.
    """
    sides = _sides()
    stencil = _stencil(name, sides)
    icon = QIcon()
    for mode, ink in (
        (QIcon.Mode.Normal, inks.normal),
        (QIcon.Mode.Disabled, inks.disabled),
        (QIcon.Mode.Selected, inks.chosen),
    ):
        drawn = _inked(stencil, ink)
        for place in _places(sides):
            icon.addPixmap(QPixmap.fromImage(drawn.copy(place)), mode)
    return icon


def _sides() -> tuple[int, ...]:
    """In the pixels of the sharpest display."""
    application = QGuiApplication.instance()
    scale = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
    return tuple(sorted({round(side * scale) for side in SIZES} | {SPARE}))


def _places(sides: tuple[int, ...]) -> list[QRect]:
    """One beside the other."""
    return [QRect(sum(sides[:number]), 0, side, side) for number, side in enumerate(sides)]


@cache
def _stencil(name: str, sides: tuple[int, ...]) -> QImage:
    """The drawing in all sizes, in black on nothing: one image, for each painter that is begun takes its time."""
    drawing = resource_path("icons", f"{name}.svg").read_bytes().replace(b"currentColor", b"#000000")
    renderer = QSvgRenderer(QByteArray(drawing))
    image = QImage(sum(sides), max(sides), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    for place in _places(sides):
        renderer.render(painter, QRectF(place))
    painter.end()
    return image


def _inked(stencil: QImage, ink: QColor) -> QImage:
    image = stencil.copy()
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(image.rect(), ink)
    painter.end()
    return image
