# SPDX-License-Identifier: Apache-2.0
"""What stands where no device is: what to do, with a simulated scanner as an equal choice."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.desktop.devices.role_label import RoleLabel
from app.desktop.widgets.head_line import HeadLine
from app.desktop.workplace import Workplace


class NoDevices(QWidget):
    """Two equal ways on: connect a scanner and look again, or use one that Recto simulates.

    Args:
        workplace: Actions and theme.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._head = HeadLine()
        self._text = RoleLabel(workplace.theme)
        column = QVBoxLayout(self)
        column.addStretch(2)
        for label in (self._head, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(16)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addStretch(1)
        for action_id in ("devices.search", "devices.add_simulated"):
            button = QToolButton()
            button.setDefaultAction(workplace.actions.action(action_id))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setMinimumHeight(48)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)
        self.show_searching(searching=False)

    def show_searching(self, searching: bool) -> None:  # noqa: FBT001  # as Qt's own setters
        """Say that devices are being looked for, or that there are none."""
        if searching:
            self._head.setText(self.tr("Looking for scanners"))
            self._text.setText(self.tr("Network scanners may take up to half a minute to answer."))
            return
        self._head.setText(self.tr("No scanner was found"))
        self._text.setText(
            self.tr(
                "Switch the scanner on, check its cable and look again. Or use a simulated scanner: "
                "everything works with it, and its pages are marked as simulated everywhere."
            )
        )
