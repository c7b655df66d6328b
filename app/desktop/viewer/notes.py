# SPDX-License-Identifier: Apache-2.0
"""What a viewer says in place of a page or beside it: that it is coming, that it cannot, how true its colours are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from app.desktop.failures.explanation import explain
from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.viewer.color import ColorManagement

_PADDING = 12.0
_WIDTH = 520.0
_ICON = 16

_BADGES = {
    ColorManagement.NO_PROFILE: QT_TRANSLATE_NOOP("viewer", "No colour profile: colours may be wrong"),
    ColorManagement.BAD_PROFILE: QT_TRANSLATE_NOOP("viewer", "Colour profile unusable: colours may be wrong"),
}


def paint_waiting(painter: QPainter, page: QRectF, theme: Theme, *, in_words: bool) -> None:
    """The shape of a page whose picture is being made; after a while in words."""
    painter.setPen(QPen(theme.color(Role.OUTLINE), 1))
    painter.drawRect(page)
    if in_words:
        _paint_panel(painter, page, theme, [QCoreApplication.translate("viewer", "Preparing the page ...")])


def paint_failure(painter: QPainter, view: QRectF, theme: Theme, failure: Mapping[str, Any]) -> None:
    """Why a page cannot be shown: what happened, what it means, what to do."""
    words = explain(failure)
    consequence = QCoreApplication.translate("viewer", "The page cannot be shown. No file was changed.")
    _paint_panel(painter, view, theme, [words.headline, words.about, consequence, words.remedy])


def paint_color_badge(
    painter: QPainter, view: QRectF, theme: Theme, management: ColorManagement | None
) -> None:
    """A badge in the lower left corner where colours are not managed; in narrow views without words."""
    words = badge_words(management)
    if not words:
        return
    metrics = painter.fontMetrics()
    height = max(_ICON, metrics.height()) + _PADDING / 2
    width = metrics.horizontalAdvance(words) + _ICON + 3 * _PADDING / 2
    if width + _PADDING > view.width():
        words, width = "", _ICON + _PADDING
    badge = QRectF(view.left() + _PADDING / 2, view.bottom() - height - _PADDING / 2, width, height)
    _paint_ground(painter, badge, theme)
    icon = QRectF(badge.left() + _PADDING / 2, badge.center().y() - _ICON / 2, _ICON, _ICON)
    theme.icon("color", Role.HELD).paint(painter, icon.toRect())
    painter.setPen(theme.color(Role.TEXT))
    text = badge.adjusted(_ICON + _PADDING, 0, 0, 0)
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


def badge_words(management: ColorManagement | None) -> str:
    """What the badge says; "" where colours are right or there are none."""
    words = _BADGES.get(management) if management is not None else None
    return QCoreApplication.translate("viewer", words) if words else ""


def _paint_panel(painter: QPainter, around: QRectF, theme: Theme, sentences: list[str]) -> None:
    """Sentences on a panel in the middle; the first is the head line."""
    flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
    width = min(_WIDTH, max(160.0, around.width() - 4 * _PADDING))
    bold = QFont(painter.font())
    bold.setBold(len(sentences) > 1)
    plain = QFont(painter.font())
    lines: list[tuple[QFont, str, QRectF]] = []
    top = 0.0
    for sentence in filter(None, sentences):
        painter.setFont(plain if lines else bold)
        box = painter.boundingRect(QRectF(0, top, width, 10000), flags, sentence)
        lines.append((QFont(painter.font()), sentence, box))
        top = box.bottom() + _PADDING / 2
    ground = QRectF(0, 0, max(box.width() for _, _, box in lines), top - _PADDING / 2)
    ground = ground.adjusted(-_PADDING, -_PADDING, _PADDING, _PADDING)
    ground.moveCenter(around.center())
    _paint_ground(painter, ground, theme)
    painter.setPen(theme.color(Role.TEXT))
    for font, sentence, box in lines:
        painter.setFont(font)
        painter.drawText(box.translated(ground.topLeft() + QPointF(_PADDING, _PADDING)), flags, sentence)
    painter.setFont(plain)


def _paint_ground(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(Role.SURFACE))
    painter.drawRoundedRect(rect, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
