# SPDX-License-Identifier: Apache-2.0
"""Closing the window: asked for only where something would be lost, with all of it listed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from app.desktop.screen import Screen
from app.desktop.workplace import Workplace


def reasons_to_stay(screens: Sequence[Screen]) -> list[str]:
    """What would be lost when the window closed now, in sentences."""
    return [reason for reason in (screen.unfinished() for screen in screens) if reason]


def may_close(workplace: Workplace, screens: Sequence[Screen], parent: QWidget) -> bool:
    """Whether the window may close: at once where nothing would be lost, else when the operator says so.

    Pages that are captured are safe and the workers go on without the window, so neither is a reason to ask.
    """
    del workplace
    reasons = reasons_to_stay(screens)
    return not reasons or ask(reasons, parent)


def ask(reasons: Sequence[str], parent: QWidget) -> bool:
    """Tell what would be lost, and ask; staying is the default."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(QCoreApplication.translate("closing", "Close Recto?"))
    box.setText(QCoreApplication.translate("closing", "Something is not finished:"))
    box.setInformativeText("\n".join(f"• {reason}" for reason in reasons))
    close = box.addButton(
        QCoreApplication.translate("closing", "Close anyway"), QMessageBox.ButtonRole.DestructiveRole
    )
    stay = box.addButton(QCoreApplication.translate("closing", "Stay"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    leaving = box.clickedButton() is close
    box.deleteLater()
    return leaving
