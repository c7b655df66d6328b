# SPDX-License-Identifier: Apache-2.0
"""A raised surface that holds what belongs together."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.desktop.theme.theme import Theme


class Card(QFrame):
    """A frame on the surface colour, with a column to put things in.

    Args:
        theme: Colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        # the theme's surface; see theme/edges.py
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 16, 12)
