# SPDX-License-Identifier: Apache-2.0
"""Fusion with edges that can be seen: it makes them from the ground, which in a dark theme leaves black on black."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionComplex,
    QWidget,
)

_ROUND = frozenset({QStyle.PrimitiveElement.PE_IndicatorRadioButton})
_SQUARE = frozenset({QStyle.PrimitiveElement.PE_IndicatorCheckBox, QStyle.PrimitiveElement.PE_FrameLineEdit})


def outline(*widgets: QWidget) -> None:
    """Give edges that can be seen to these check boxes, round buttons, lines, numbers and texts.

    Only to these: a style in Python is asked for every cell of a table, which takes as long again as
    drawing the cell.
    """
    application = QApplication.instance()
    style = application.findChild(OutlinedFusion) if application else None
    if style is None:
        style = OutlinedFusion()
        # shared, and alive as long as any widget
        style.setParent(application)
    for widget in widgets:
        widget.setStyle(style)


class OutlinedFusion(QProxyStyle):
    """Draws the edge of whatever can be ticked or written into in the theme's colour of outlines.

    3:1 to its ground, as WCAG 2.2 asks of the edges of controls (success criterion 1.4.11).
    """

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw as Fusion does, then the edge once more."""
        super().drawPrimitive(element, option, painter, widget)
        is_list = element == QStyle.PrimitiveElement.PE_Frame and isinstance(widget, QAbstractScrollArea)
        if is_list or element in _SQUARE or element in _ROUND:
            self._draw_edge(option, painter, is_round=element in _ROUND)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw as Fusion does; numbers have their edge drawn once more."""
        super().drawComplexControl(control, option, painter, widget)
        if control == QStyle.ComplexControl.CC_SpinBox:
            self._draw_edge(option, painter, is_round=False)

    def _draw_edge(self, option: QStyleOption, painter: QPainter, *, is_round: bool) -> None:
        if option.state & QStyle.StateFlag.State_HasFocus:
            # the focus has an edge of its own
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # what the theme writes disabled texts with is its colour of outlines
        color = option.palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText)
        painter.setPen(QPen(color, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        edge = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)
        if is_round:
            painter.drawEllipse(edge)
        else:
            painter.drawRoundedRect(edge, 2, 2)
        painter.restore()
