# SPDX-License-Identifier: Apache-2.0
"""A desktop that cannot start says so in a window: who starts it from a menu sees no terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from app.desktop.application import make_application
from app.desktop.failures.explanation import explain
from app.desktop.language.translations import put_on
from app.desktop.preferences.personal import read_personal

_SEEN_BY_NOBODY = frozenset({"offscreen", "minimal", "vnc"})


def show_start_failure(failure: Mapping[str, Any]) -> None:
    """Show why the desktop cannot start, where nobody reads it in a terminal."""
    application = make_application(sys.argv[:1])
    put_on(application, read_personal().language)
    if sys.stderr.isatty() or QGuiApplication.platformName() in _SEEN_BY_NOBODY:
        return
    box = start_failure_box(failure)
    box.exec()
    box.deleteLater()


def start_failure_box(failure: Mapping[str, Any]) -> QMessageBox:
    """The window: what happened, what it means, what to do, and folded details."""
    explanation = explain(failure)
    box = QMessageBox()
    box.setIcon(QMessageBox.Icon.Critical)
    box.setWindowTitle("Recto")
    box.setText(explanation.headline)
    parts = (explanation.about, explanation.consequence, explanation.remedy)
    box.setInformativeText("\n\n".join(part for part in parts if part))
    box.setDetailedText(explanation.details)
    return box
