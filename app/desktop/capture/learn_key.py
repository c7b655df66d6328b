# SPDX-License-Identifier: Apache-2.0
"""The dialog that learns the pedal's key by its being pressed, and names the action that has this key."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

from app.desktop.actions.book import ActionBook
from app.desktop.actions.record import GENERAL
from app.desktop.capture.actions import SECTION
from app.desktop.capture.pedal import PedalKey

_MODIFIERS = frozenset(
    {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr}
)


def action_with_key(actions: ActionBook, key: PedalKey) -> str:
    """Title of the action in the capture workspace that a key leads to; "" where there is none."""
    if not key.is_known:
        return ""
    sequence = QKeySequence(key.key)
    for record in actions.records:
        if record.section in {GENERAL, SECTION} and actions.action(record.id).shortcut() == sequence:
            return QCoreApplication.translate(record.context, record.title)
    return ""


class LearnKeyDialog(QDialog):
    """Learns the first key that is pressed, whichever it is; afterwards keys work its buttons again.

    Args:
        actions: Whose keys may be in conflict.
        parent: Above which it stands.
    """

    def __init__(self, actions: ActionBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.key: PedalKey | None = None
        self.setWindowTitle(self.tr("The pedal's key"))
        self._words = QLabel(wordWrap=True)
        self._conflict = QLabel(wordWrap=True)
        buttons = QDialogButtonBox()
        self._use = buttons.addButton(self.tr("Use this key"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._again = buttons.addButton(self.tr("Press another"), QDialogButtonBox.ButtonRole.ResetRole)
        cancel = buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._again.clicked.connect(self.wait_for_key)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(12)
        layout.addWidget(self._words)
        layout.addWidget(self._conflict)
        layout.addStretch()
        layout.addWidget(buttons)
        self.setMinimumWidth(420)
        self._buttons: tuple[QPushButton, ...] = (self._use, self._again, cancel)
        for button in self._buttons:
            button.setMinimumHeight(32)
            button.installEventFilter(self)
        self.wait_for_key()

    def wait_for_key(self) -> None:
        """Learn the next key that is pressed."""
        self.key = None
        self._words.setText(self.tr("Press the pedal once. Any other key can be taken, too."))
        self._conflict.hide()
        self._use.setEnabled(False)
        self._again.setEnabled(False)
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        """Take the key before the dialog, its buttons or a shortcut do."""
        return self._learn(event) or super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Take the key also while a button has the focus."""
        return self._learn(event) or super().eventFilter(watched, event)

    def _learn(self, event: QEvent) -> bool:
        if self.key is not None or not isinstance(event, QKeyEvent):
            return False
        event.accept()
        if (
            event.type() == QEvent.Type.KeyPress
            and not event.isAutoRepeat()
            and event.key() not in _MODIFIERS
        ):
            self._keep(PedalKey.of(event))
        return True

    def _keep(self, key: PedalKey) -> None:
        self.key = key
        self._words.setText(self.tr("The pedal sends: {key}").format(key=key.name))
        if action := action_with_key(self._actions, key):
            self._conflict.setText(
                self.tr(
                    "This is also the key of “{action}”. While the pedal is armed, the key captures "
                    "and does not reach “{action}”."
                ).format(action=action)
            )
            self._conflict.show()
        self._use.setEnabled(True)
        self._again.setEnabled(True)
        self._use.setFocus()

    @property
    def conflict(self) -> str:
        """The words that name the action with the same key; "" where there is none."""
        return "" if self._conflict.isHidden() else self._conflict.text()

    @classmethod
    def ask(cls, actions: ActionBook, parent: QWidget | None = None) -> PedalKey | None:
        """Ask for the pedal's key; None when the operator thinks better of it."""
        dialog = cls(actions, parent)
        try:
            return dialog.key if dialog.exec() == QDialog.DialogCode.Accepted else None
        finally:
            dialog.deleteLater()
