# SPDX-License-Identifier: Apache-2.0
"""The storage targets: a card for each, with its address, its key in the keyring and a test; and a new one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from app.desktop.preferences.block import Block, IconButton, Note, make_high_enough
from app.desktop.preferences.connection_block import ConnectionTest
from app.desktop.preferences.field import setting_fields
from app.desktop.preferences.key_form import KeyForm
from app.desktop.preferences.refusal import refusal_text
from app.desktop.preferences.saving import Failure, SettingsSaving
from app.desktop.preferences.setting_row import SettingRow
from app.desktop.theme.roles import Role
from app.desktop.workplace import Workplace
from workers.connection_trials import try_storage
from workers.secrets import forgetting_access_key
from workers.settings_file import RemoveValue, SetValue
from workers.settings_overrides import overriding_variable
from workers.storage_settings import StorageTargetSettings

NAME = re.compile(r"[\w-]+")


class TargetBlock(Block):
    """One storage target.

    Args:
        workplace: Settings, operations and theme.
        saving: What saves changes.
        name: The target's name.
    """

    def __init__(self, workplace: Workplace, saving: SettingsSaving, name: str) -> None:
        super().__init__(workplace.theme, name)
        self._workplace = workplace
        self._saving = saving
        self.name = name
        self.rows: list[SettingRow] = []
        is_written = name in saving.settings.storage
        url = saving.settings.storage_targets()[name].url
        words = self.tr("storage target, bucket, folder, access key, secret, keyring")
        self.search_text = f"{name}\n{url}\n{words}".casefold()
        if is_written:
            self._add_rows()
        else:
            words = self.tr("Bags go to {folder} as long as no target is named here.").format(folder=url)
            self.column.addWidget(Note(workplace.theme, words))
        if is_written and url.startswith("s3:"):
            self.keys: KeyForm | None = KeyForm(workplace, saving, name)
            self.column.addWidget(self.keys)
        else:
            self.keys = None
        self.test = ConnectionTest(workplace, name, lambda: try_storage(saving.settings, name))
        self.column.addWidget(self.test)
        if is_written and overriding_variable(("storage", name)) is None:
            remove = IconButton(workplace.theme, "remove", self.tr("Remove this target"))
            remove.setAccessibleName(self.tr("Remove the storage target {name}").format(name=name))
            remove.clicked.connect(self.remove)
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(remove)
            self.column.addLayout(row)

    def _add_rows(self) -> None:
        for field in setting_fields(StorageTargetSettings, ("storage", self.name)):
            # where the key comes from is said by the form below
            if field.key[-1] == "credentials":
                continue
            row = SettingRow(field, self._saving, self._workplace.theme)
            row.setFrameShape(row.Shape.NoFrame)
            row.column.setContentsMargins(0, 0, 0, 0)
            self.rows.append(row)
            self.column.addWidget(row)

    def remove(self) -> None:
        """Take the target out of the settings, once the operator has read what that means."""
        if not self.confirm_removal(self, self.name):
            return
        has_key = self._saving.settings.storage[self.name].credentials == "keyring"
        self._saving.save(
            RemoveValue(("storage", self.name)),
            secret=forgetting_access_key(self.name) if has_key else None,
        )

    @classmethod
    def confirm_removal(cls, parent: QWidget, name: str) -> bool:
        """Ask, with what follows; the button that does nothing is the first."""
        box = QMessageBox(parent)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(
            QCoreApplication.translate("TargetBlock", "Remove the storage target {name}?").format(name=name)
        )
        box.setInformativeText(
            QCoreApplication.translate(
                "TargetBlock",
                "Bags that are stored there stay. Batches that name it cannot be uploaded until it is "
                "back. Its access key is taken out of the keyring.",
            )
        )
        remove = box.addButton(
            QCoreApplication.translate("TargetBlock", "Remove"), QMessageBox.ButtonRole.DestructiveRole
        )
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        return box.clickedButton() is remove


class NewTarget(Block):
    """The form for another storage target.

    Args:
        workplace: Theme.
        saving: What saves it.
    """

    def __init__(self, workplace: Workplace, saving: SettingsSaving) -> None:
        super().__init__(workplace.theme, self.tr("Add a storage target"))
        self._saving = saving
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("vault"))
        self.url = QLineEdit()
        self.url.setPlaceholderText(self.tr("/mnt/archive or s3://bucket/prefix"))
        self.endpoint = QLineEdit()
        self.endpoint.setPlaceholderText(self.tr("only for S3 services other than Amazon's"))
        self.problem = Note(workplace.theme, "", Role.TROUBLE)
        self.problem.hide()
        self.add = IconButton(workplace.theme, "add", self.tr("Add"))
        self.add.clicked.connect(self.save)
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(16)
        for title, control in (
            (self.tr("Name"), self.name),
            (self.tr("Folder or address"), self.url),
            (self.tr("S3 server"), self.endpoint),
        ):
            make_high_enough(control)
            label = QLabel(title)
            label.setBuddy(control)
            form.addRow(label, control)
            control.returnPressed.connect(self.save)
            control.setAccessibleName(title)
        self.column.addLayout(form)
        self.column.addWidget(self.problem)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.add)
        self.column.addLayout(row)

    def save(self) -> None:
        """Add it to the settings."""
        name, url = self.name.text().strip(), self.url.text().strip()
        if problem := self._problem(name, url):
            self._refuse(problem)
            return
        changes = [SetValue(("storage", name, "url"), url)]
        if self.endpoint.text().strip():
            changes.append(SetValue(("storage", name, "endpoint"), self.endpoint.text().strip()))
        self._saving.save(*changes, on_saved=self._clear, on_refused=self._refused)

    def _problem(self, name: str, url: str) -> str:
        if not NAME.fullmatch(name):
            return self.tr("A name has letters, digits, - and _; batches refer to the target by it.")
        if name in self._saving.settings.storage:
            return self.tr("There is a target of this name already.")
        if not url:
            return self.tr("Where do the bags go? Give a folder or an address.")
        return ""

    def _refused(self, failure: Failure) -> None:
        self._refuse(refusal_text(failure, f"storage.{self.name.text().strip()}.url"))

    def _refuse(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.show()

    def _clear(self) -> None:
        self.problem.hide()
        for control in (self.name, self.url, self.endpoint):
            control.clear()


class TargetsBlock(QWidget):
    """All storage targets, made anew when there are others.

    Args:
        workplace: Settings, operations and theme.
        saving: What saves changes.
    """

    def __init__(self, workplace: Workplace, saving: SettingsSaving) -> None:
        super().__init__()
        self._workplace = workplace
        self._saving = saving
        self._shown: list[tuple[str, bool]] = []
        self._words: Sequence[str] = ()
        self.targets: list[TargetBlock] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._make_targets()
        # made last, so that the tab key comes to it last
        self.new = NewTarget(workplace, saving)
        self._column.addWidget(self.new)
        saving.saved.connect(self.refresh)

    def refresh(self) -> None:
        """Show the targets that there are now."""
        if self._make_targets():
            self._order_tabs()
            self.show_found(self._words)

    def _make_targets(self) -> bool:
        """Make the cards, if there are other targets than those shown; tell whether they were made."""
        settings = self._saving.settings
        wanted = [(name, target.url.startswith("s3:")) for name, target in settings.storage_targets().items()]
        if wanted == self._shown and settings.storage:
            return False
        self._shown = wanted
        for block in self.targets:
            self._column.removeWidget(block)
            block.hide()
            block.deleteLater()
        self.targets = [TargetBlock(self._workplace, self._saving, name) for name, _ in wanted]
        for place, block in enumerate(self.targets):
            self._column.insertWidget(place, block)
        return True

    def _order_tabs(self) -> None:
        """Have the tab key go from above to below: the cards were made after the form below them."""
        controls = [
            control
            for block in (*self.targets, self.new, *self._blocks_below())
            for control in block.findChildren(QWidget)
            if control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.focusProxy() is None
            # the list that a choice drops down is a window of its own
            if control.window() is self.window()
        ]
        for before, after in pairwise(controls):
            QWidget.setTabOrder(before, after)

    def _blocks_below(self) -> list[QWidget]:
        """What stands below on the page."""
        page = self.parentWidget()
        column = page.layout() if page is not None else None
        if column is None:
            return []
        items = [column.itemAt(place) for place in range(column.indexOf(self) + 1, column.count())]
        return [widget for item in items if item is not None and (widget := item.widget()) is not None]

    def show_found(self, words: Sequence[str]) -> bool:
        """Show what has all the words."""
        self._words = words
        found = [block.show_found(words) for block in (*self.targets, self.new)]
        self.setVisible(any(found))
        return any(found)
