# SPDX-License-Identifier: Apache-2.0
"""About Recto: versions and folders, to be read or copied."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.desktop.session.versions import as_text, versions
from app.desktop.widgets.head_line import HeadLine
from app.desktop.workplace import Workplace
from workers.settings import settings_file

ICON = QSize(48, 48)


class AboutDialog(QDialog):
    """Versions and folders.

    Args:
        workplace: What the screens share.
        parent: The window above which it opens.
    """

    def __init__(self, workplace: Workplace, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Recto"))
        self._told = versions() | {
            self.tr("Settings"): str(settings_file()),
            self.tr("Batches"): str(workplace.settings.batches),
            self.tr("Registry and logs"): str(workplace.settings.state_directory),
        }
        head = QHBoxLayout()
        picture = QLabel()
        picture.setPixmap(workplace.theme.icon("recto").pixmap(ICON, self.devicePixelRatio()))
        head.addWidget(picture)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        words.addWidget(HeadLine("Recto"))
        words.addWidget(QLabel(self.tr("From a sheet of paper to a bag whose bytes are proved.")))
        words.addStretch(1)
        head.addLayout(words, 1)
        form = QFormLayout()
        form.setVerticalSpacing(6)
        for name, value in self._told.items():
            shown = QLabel(value)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            shown.setWordWrap(True)
            form.addRow(name, shown)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(self.tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self.copy)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(16)
        column.addLayout(head)
        column.addLayout(form)
        column.addWidget(buttons)
        self.resize(QSize(620, 420))

    def copy(self) -> None:
        """Put all of it on the clipboard."""
        QGuiApplication.clipboard().setText(as_text(self._told))
