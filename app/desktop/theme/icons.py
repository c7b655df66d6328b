# SPDX-License-Identifier: Apache-2.0
"""Icons from drawings in one colour, at every size and scale."""

from __future__ import annotations

from functools import cache

import structlog
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from archive.resource_files import resource_path

SIZES = (16, 24, 32, 48, 96)
"""Pixels; the greater ones serve displays at scale 2."""


log = structlog.get_logger(__name__)

MISSING = "missing"
"""What stands for an icon that is not there: the operator's work is worth more than a picture."""


@cache
def _drawing(name: str) -> str:
    try:
        return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
    except FileNotFoundError:
        if name == MISSING:
            raise
        log.warning("icon.missing", icon=name)
        return _drawing(MISSING)


def draw_icon(name: str, color: QColor, disabled: QColor) -> QIcon:
    """An icon of resources/icons with `currentColor` filled in.

    Raises:
        FileNotFoundError: Recto is installed incompletely.
    """
    icon = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, color), (QIcon.Mode.Disabled, disabled)):
        drawing = _drawing(name).replace("currentColor", ink.name())
        renderer = QSvgRenderer(QByteArray(drawing.encode()))
        for size in SIZES:
            pixmap = QPixmap(size, size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer.render(painter)
            painter.end()
            icon.addPixmap(pixmap, mode)
    return icon
