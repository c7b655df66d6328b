# SPDX-License-Identifier: Apache-2.0
"""One setting on its page: name, meaning, control, and whether it is saved, locked, refused or waiting."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QToolButton, QVBoxLayout

from app.desktop.preferences.block import Block, Note
from app.desktop.preferences.editors import make_editor
from app.desktop.preferences.field import SettingField
from app.desktop.preferences.refusal import refusal_text
from app.desktop.preferences.saving import Failure, SettingsSaving
from app.desktop.preferences.titles import setting_title
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.state_chip import StateChip
from workers.errors import SettingsInvalid
from workers.secrets import forgetting_password, keeping_password, same_account, without_password
from workers.settings_file import Change, RemoveValue, SetValue

SAVED_SHOWN_MILLISECONDS = 4000

_PASSWORD_PLACES = {"broker_url": "broker", "result_url": "results", "database_url": "database"}
"""Addresses that may carry a password, and under which name the keyring keeps it."""


class SettingRow(Block):
    """A setting.

    Args:
        field: The setting.
        saving: What saves it.
        theme: Colours and icons.
        is_read_only: Whether it can only be looked at here.
    """

    def __init__(
        self, field: SettingField, saving: SettingsSaving, theme: Theme, *, is_read_only: bool = False
    ) -> None:
        super().__init__(theme)
        self.field = field
        self._saving = saving
        self._is_read_only = is_read_only
        title, meaning = setting_title(field.name), QCoreApplication.translate("settings", field.description)
        self.search_text = f"{title}\n{meaning}\n{field.name}".casefold()
        self.editor = make_editor(field)
        self.state = StateChip(theme)
        self.restart = StateChip(theme, self.tr("Needs a restart of Recto"), Role.HELD, "refresh")
        self.problem = Note(theme, "", Role.TROUBLE)
        self.reset = QToolButton()
        self.reset.setAutoRaise(True)
        self.reset.setAccessibleName(self.tr("Reset: {setting}").format(setting=title))
        self.reset.setToolTip(self.tr("Take this setting out of the file, so that the ordinary value holds"))
        self.reset.setMinimumSize(34, 34)
        keeps_place = self.reset.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(keeps_place)
        self._arrange(title, meaning)
        self._fade = QTimer(self)
        self._fade.setSingleShot(True)
        self._fade.setInterval(SAVED_SHOWN_MILLISECONDS)
        self._fade.timeout.connect(self._show_state)
        self.reset.clicked.connect(self._reset)
        self.editor.chosen.connect(self._save)
        self.editor.settled.connect(self._settle)
        saving.saved.connect(self.show_saved)
        theme.changed.connect(self._paint_reset)
        self._paint_reset()
        self.show_saved()

    def _arrange(self, title: str, meaning: str) -> None:
        name = QLabel(title)
        name.setWordWrap(True)
        font = name.font()
        font.setBold(True)
        name.setFont(font)
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addWidget(name)
        left.addWidget(Note(self.theme, meaning))
        left.addWidget(self.state)
        left.addWidget(self.restart)
        left.addWidget(self.problem)
        left.addStretch(1)
        right = QHBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.editor, 1, Qt.AlignmentFlag.AlignTop)
        right.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(left, 3)
        row.addLayout(right, 2)
        self.column.addLayout(row)

    def _paint_reset(self) -> None:
        self.reset.setIcon(self.theme.icon("undo"))

    def show_saved(self) -> None:
        """Show what the settings say, unless the operator's own value was refused a moment ago."""
        if self.problem.text() or not self.field.has_place_in(self._saving.settings):
            return
        value = self.field.value_in(self._saving.settings)
        focus = QApplication.focusWidget()
        # what is just being typed is not written over because another setting was saved
        if value != self.editor.shown or focus is None or not self.editor.isAncestorOf(focus):
            self.editor.show_value(value)
        self._show_state()

    def _show_state(self) -> None:
        variable = self.field.overriding_variable()
        can_change = variable is None and not self._is_read_only
        self.editor.setEnabled(can_change)
        self.state.setVisible(not can_change)
        if variable is not None:
            self.state.show_state(
                self.tr("Locked: {variable} decides").format(variable=variable), Role.WAITING, "lock"
            )
        elif self._is_read_only:
            self.state.show_state(self.tr("Cannot be changed while Recto runs"), Role.WAITING, "lock")
        self.restart.setVisible(self._saving.waits_for_restart(self.field.name))
        ordinary = self.field.default
        differs = self.field.value_in(self._saving.settings) != ordinary
        self.reset.setVisible(can_change and differs and not self.field.is_required)
        self.problem.setVisible(bool(self.problem.text()))

    def _settle(self) -> None:
        """The operator went back to what holds: nothing is wrong any more."""
        if self.problem.text():
            self.problem.clear()
            self._show_state()

    def _reset(self) -> None:
        if self.field.name in _PASSWORD_PLACES:
            self._save(None)
            return
        self.problem.clear()
        self._saving.save(RemoveValue(self.field.key), on_saved=self._tell_saved, on_refused=self._refuse)

    def _save(self, value: Any) -> None:
        self.problem.clear()
        place = _PASSWORD_PLACES.get(self.field.name)
        if place is not None:
            self._save_address(value, place)
            return
        change = SetValue(self.field.key, value)
        self._saving.save(change, on_saved=self._tell_saved, on_refused=self._refuse)

    def _save_address(self, address: str | None, place: str) -> None:
        """Save an address without its password, which goes into the keyring and never into the file."""
        earlier = self.field.value_in(self._saving.settings)
        try:
            address, password = without_password(address) if address else (None, None)
            # whoever else gets the address is not to be sent this one's password
            is_other = not same_account(address, earlier)
        except SettingsInvalid as error:
            self._refuse(error.to_json())
            return
        changes: list[Change] = [SetValue(self.field.key, address)]
        before = set(self._saving.settings.passwords_in_keyring)
        kept: set[str] = set(before)
        secret = None
        if password is not None:
            kept.add(place)
            secret = keeping_password(place, password)
        elif is_other and place in kept:
            kept.discard(place)
            secret = forgetting_password(place)
        if kept != before:
            changes.append(SetValue(("passwords_in_keyring",), sorted(kept) or None))
        forgot = address is not None and place in before - kept
        told = self._tell_forgotten if forgot else self._tell_saved
        self._saving.save(*changes, secret=secret, on_saved=told, on_refused=self._refuse)

    def _tell_saved(self) -> None:
        self.problem.clear()
        self.show_saved()
        self.state.show_state(self.tr("Saved"), Role.DONE, "done")
        self.state.show()
        self._fade.start()

    def _tell_forgotten(self) -> None:
        """Say that the password did not come along; it stays to be read until something else is saved."""
        self._tell_saved()
        self._fade.stop()
        self.state.show_state(self.tr("Saved without the earlier password"), Role.HELD, "key")

    def _refuse(self, failure: Failure) -> None:
        """Say at the setting why it was not saved; what was typed stays, to be mended."""
        self.problem.setText(refusal_text(failure, self.field.name))
        if self.field.has_place_in(self._saving.settings):
            # what kept it from being saved may lie elsewhere: a damaged file, a locked keyring
            self.editor.try_again(self.field.value_in(self._saving.settings))
        self._show_state()
