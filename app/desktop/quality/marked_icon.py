# SPDX-License-Identifier: Apache-2.0
"""Icons in lists that stay readable where their row is marked."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme


def marked_icon(theme: Theme, name: str, color: Role, size: QSize, scale: float) -> QIcon:
    """An icon in the colour of a role, and in that of text on the accent where its row is marked.

    Args:
        theme: Colours and icons.
        name: Name of the icon.
        color: Its colour.
        size: At which it is shown.
        scale: Display pixels for one of the widget.
    """
    icon = QIcon(theme.icon(name, color).pixmap(size, scale))
    icon.addPixmap(theme.icon(name, Role.ON_ACCENT).pixmap(size, scale), QIcon.Mode.Selected)
    return icon
