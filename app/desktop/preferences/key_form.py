# SPDX-License-Identifier: Apache-2.0
"""The access key of a storage target: kept in the keyring, never shown again, never in a file."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.desktop.failures.messages import message_words
from app.desktop.operation import OperationContext
from app.desktop.preferences.block import IconButton, Note, make_high_enough
from app.desktop.preferences.refusal import failure_text
from app.desktop.preferences.saving import Failure, SettingsSaving
from app.desktop.theme.roles import Role
from app.desktop.widgets.state_chip import StateChip
from app.desktop.workplace import Workplace
from workers.secrets import (
    AccessKey,
    KeyringState,
    forgetting_access_key,
    keeping_access_key,
    keyring_state,
)
from workers.settings_file import SetValue


class KeyForm(QWidget):
    """Keeps, replaces and forgets the key of one target.

    Args:
        workplace: Operations and theme.
        saving: What saves where the key is looked for.
        target: The target's name.
    """

    def __init__(self, workplace: Workplace, saving: SettingsSaving, target: str) -> None:
        super().__init__()
        self._saving = saving
        self._target = target
        self.state = StateChip(workplace.theme)
        self.problem = Note(workplace.theme, "", Role.TROUBLE)
        self.problem.hide()
        self.note = Note(workplace.theme)
        self.note.hide()
        self.access = QLineEdit()
        self.secret = QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.keep = IconButton(workplace.theme, "key", self.tr("Keep in the keyring"))
        self.keep.clicked.connect(self.save)
        self.forget = QPushButton(self.tr("Forget the key"))
        self.forget.setAccessibleName(self.tr("Forget the key of {target}").format(target=target))
        self.forget.clicked.connect(self._forget)
        self._arrange()
        saving.saved.connect(self._show_state)
        self._show_state()

        def ask(_context: OperationContext) -> KeyringState:
            return keyring_state()

        workplace.operations.run(self.tr("Look for a keyring"), ask, on_success=self._show_keyring)

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(16)
        for title, control in ((self.tr("Access key"), self.access), (self.tr("Secret key"), self.secret)):
            make_high_enough(control)
            label = QLabel(title)
            label.setBuddy(control)
            form.addRow(label, control)
            control.setAccessibleName(f"{title}: {self._target}")
        row = QHBoxLayout()
        row.addWidget(self.state, 1)
        row.addWidget(self.forget)
        row.addWidget(self.keep)
        make_high_enough(self.forget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addLayout(row)
        column.addWidget(self.note)
        column.addWidget(self.problem)

    def _show_state(self) -> None:
        target = self._saving.settings.storage.get(self._target)
        is_kept = target is not None and target.credentials == "keyring"
        self.forget.setVisible(is_kept)
        if is_kept:
            self.state.show_state(self.tr("Key in the keyring"), Role.READY, "key")
        else:
            self.state.show_state(
                self.tr("Key from the environment or AWS's own files"), Role.WAITING, "info"
            )

    def _show_keyring(self, state: KeyringState) -> None:
        for control in (self.access, self.secret, self.keep):
            control.setEnabled(state.usable)
        if not state.usable:
            self.note.show()
            self.note.setText(
                self.tr(
                    "Keys cannot be kept here: {reason} Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
                    "for Recto and its workers instead."
                ).format(reason=message_words(state.reason))
            )

    def save(self) -> None:
        """Keep the key that was entered."""
        access, secret = self.access.text().strip(), self.secret.text().strip()
        if not access or not secret:
            self._tell(self.tr("A key has two halves. Enter both."))
            return
        key = AccessKey(access, secret)
        self._saving.save(
            SetValue(("storage", self._target, "credentials"), "keyring"),
            secret=keeping_access_key(self._target, key),
            on_saved=self._clear,
            on_refused=self._refuse,
        )

    def _forget(self) -> None:
        self._saving.save(
            SetValue(("storage", self._target, "credentials"), None),
            secret=forgetting_access_key(self._target),
            on_saved=self._clear,
            on_refused=self._refuse,
        )

    def _clear(self) -> None:
        # it is not kept in a window longer than it takes to keep it
        self.access.clear()
        self.secret.clear()
        self.problem.hide()

    def _refuse(self, failure: Failure) -> None:
        self._tell(failure_text(failure))

    def _tell(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.show()
