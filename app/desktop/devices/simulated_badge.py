# SPDX-License-Identifier: Apache-2.0
"""The badge of everything that is simulated, so that nobody takes it for real."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.state_chip import StateChip


class SimulatedBadge(StateChip):
    """The word, an icon and a frame, in the colour that stands for what is simulated.

    Args:
        theme: Colours and icons.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, QCoreApplication.translate("devices", "SIMULATED"), Role.SIMULATED, "simulated"
        )
        self.setParent(parent)
        self.setContentsMargins(6, 2, 6, 2)
        self.setToolTip(
            QCoreApplication.translate(
                "devices", "Recto draws these pages itself. They are no scans of anything."
            )
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color(Role.SIMULATED), 1.5))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), 4, 4)
        painter.end()
