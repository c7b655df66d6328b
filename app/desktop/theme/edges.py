# SPDX-License-Identifier: Apache-2.0
"""Edges that can be seen on whatever can be ticked, pressed or written into."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

EDGED = (
    "QAbstractButton",
    "QAbstractSpinBox",
    "QComboBox",
    "QGroupBox",
    "QLineEdit",
    "QPlainTextEdit",
    "QTextEdit",
)
"""Classes of Qt whose edges are drawn in the colour of outlines.

3:1 to its ground, as WCAG 2.2 asks of the edges of controls (success criterion 1.4.11). A widget in which these
stand has its ground by `setBackgroundRole`: a palette of its own with another colour of windows would hide them.
"""

_FUSION_DARKENS_BY = 1.4
"""qfusionstyle_p_p.h, QFusionStylePrivate::outline: the window's colour, `darker(140)`."""


def edged(palette: QPalette, outline: QColor, ground: QColor) -> QPalette:
    """A palette from which Fusion makes edges in the colour of outlines, instead of black on black in a dark theme.

    Args:
        palette: What everything else is painted with.
        outline: The colour of edges.
        ground: The colour of windows; the edges of what cannot be used are halfway to it.
    """
    made = QPalette(palette)
    made.setColor(QPalette.ColorRole.Window, _before_darkening(outline))
    quiet = QColor(
        (outline.red() + ground.red()) // 2,
        (outline.green() + ground.green()) // 2,
        (outline.blue() + ground.blue()) // 2,
    )
    made.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Window, _before_darkening(quiet))
    return made


def _before_darkening(color: QColor) -> QColor:
    return QColor(
        *(min(255, round(part * _FUSION_DARKENS_BY)) for part in (color.red(), color.green(), color.blue()))
    )
