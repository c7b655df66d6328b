# SPDX-License-Identifier: Apache-2.0
"""A wide button of a decision over a page: it does an action, and takes no keys away from the page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton

from app.desktop.workplace import Workplace

LEAST_HEIGHT = 36
"""Pixels; large enough to be hit without aiming."""


def decision_button(workplace: Workplace, action: str) -> QToolButton:
    """A button for an action, by the action's name."""
    button = QToolButton()
    button.setDefaultAction(workplace.actions.action(action))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    button.setMinimumHeight(LEAST_HEIGHT)
    # a click must not take the keys away from the page
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
