# SPDX-License-Identifier: Apache-2.0
"""Asks the operator for a reason that goes into the history of the item."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget


class ReasonDialog(QDialog):
    """One line for a reason.

    Args:
        parent: The window.
        title: What is about to be done, translated.
        text: What the reason is for, translated.
        needed: Whether an empty reason is refused.
    """

    def __init__(self, parent: QWidget, title: str, text: str, *, needed: bool) -> None:
        super().__init__(parent)
        self._needed = needed
        self.setWindowTitle(title)
        self.setMinimumWidth(440)
        label = QLabel(text)
        label.setWordWrap(True)
        self.line = QLineEdit()
        label.setBuddy(self.line)
        self.line.setAccessibleName(self.tr("Reason"))
        self.line.setMinimumHeight(32)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.fine = buttons.button(QDialogButtonBox.StandardButton.Ok)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.line.textChanged.connect(self._check)
        column = QVBoxLayout(self)
        for widget in (label, self.line, buttons):
            column.addWidget(widget)
        self._check("")

    def _check(self, text: str) -> None:
        self.fine.setEnabled(bool(text.strip()) or not self._needed)

    @classmethod
    def ask(cls, parent: QWidget, title: str, text: str, *, needed: bool) -> str | None:
        """Ask.

        Returns:
            The reason, "" where none was given and none is needed; None when the operator thought better of it.
        """
        dialog = cls(parent, title, text, needed=needed)
        answered = dialog.exec() == QDialog.DialogCode.Accepted
        reason = dialog.line.text().strip()
        dialog.deleteLater()
        return reason if answered else None
