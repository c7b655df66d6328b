# SPDX-License-Identifier: Apache-2.0
"""The manifest form: fields of the batch beside the table of items, checked while one writes, saved and imported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMessageBox, QSplitter, QVBoxLayout, QWidget

from app.desktop.importing.action_button import ActionButton
from app.desktop.importing.file_choice import FileChoice
from app.desktop.importing.form.batch_fields import BatchFields
from app.desktop.importing.form.choices import Choices, find_scanners, first_form, read_choices
from app.desktop.importing.form.items_model import ItemsModel
from app.desktop.importing.form.items_table import ItemsTable
from app.desktop.importing.form.state import FormState
from app.desktop.importing.problem_words import whole_words
from app.desktop.operation import OperationContext
from app.desktop.theme.roles import Role
from app.desktop.widgets.head_line import HeadLine
from app.desktop.widgets.state_chip import StateChip
from app.desktop.workplace import Workplace
from archive.manifest.form import save_form
from hardware.scanner import DeviceInfo

FAILURE = "importing.form"


class Question:
    """What the form asks; a class method so that a test can answer it."""

    @classmethod
    def may_replace(cls, parent: QWidget, path: Path) -> bool:
        """Whether a file that is there may be replaced; no, unless somebody says so."""
        box = QMessageBox(parent)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(
            QCoreApplication.translate("importing", "There is a file {name} already.").format(name=path.name)
        )
        box.setInformativeText(
            QCoreApplication.translate("importing", "What is in it will be lost when you replace it.")
        )
        replace = box.addButton(
            QCoreApplication.translate("importing", "Replace the file"),
            QMessageBox.ButtonRole.DestructiveRole,
        )
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        try:
            box.exec()
            return box.clickedButton() is replace
        finally:
            box.deleteLater()


class FormPage(QWidget):
    """A batch described without a spreadsheet.

    Args:
        workplace: What the screens share.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._begun = False
        self.path: Path | None = None
        self._digest: str | None = None
        self.state = FormState(workplace, self)
        self.fields = BatchFields(self.state, workplace.theme)
        self.model = ItemsModel(self.state, workplace.theme)
        self.table = ItemsTable(self.state, self.model)
        self._verdict = StateChip(workplace.theme)
        self._general = QLabel()
        self._general.setWordWrap(True)
        self._general.setTextFormat(Qt.TextFormat.PlainText)
        self._lay_out()
        self.state.checked.connect(self._show_verdict)
        self.state.changed.connect(workplace.actions.refresh)
        self.table.selectionModel().selectionChanged.connect(lambda *_: workplace.actions.refresh())
        self.table.installEventFilter(self)

    def _lay_out(self) -> None:
        def button(verb: str, *, primary: bool = False, icon_only: bool = False) -> ActionButton:
            return ActionButton(self._workplace, f"importing.{verb}", primary=primary, icon_only=icon_only)

        head = QHBoxLayout()
        head.addWidget(HeadLine(self.tr("New manifest"), 1.25), 1)
        for verb in ("undo_form", "redo_form"):
            head.addWidget(button(verb, icon_only=True))
        head.addWidget(button("close", icon_only=True))
        tools = QHBoxLayout()
        for verb in ("add_item", "duplicate_items", "paste_items", "delete_items"):
            tools.addWidget(button(verb))
        tools.addStretch(1)
        right = QWidget()
        items = QVBoxLayout(right)
        items.setContentsMargins(8, 0, 0, 0)
        items.addLayout(tools)
        items.addWidget(self.table, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.fields.setMinimumWidth(300)
        self.splitter.addWidget(self.fields)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([360, 900])
        told = QVBoxLayout()
        told.addWidget(self._verdict)
        told.addWidget(self._general)
        foot = QHBoxLayout()
        foot.addLayout(told, 1)
        foot.addWidget(button("save_form"))
        foot.addWidget(button("import_form", primary=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.splitter, 1)
        column.addLayout(foot)

    @property
    def is_unsaved(self) -> bool:
        """Whether something was filled in that no file has."""
        return not self.state.stack.isClean()

    def begin(self) -> None:
        """Show a form; the one that was begun before, where it was not saved."""
        node, operations = self._workplace.node, self._workplace.operations
        if self._begun and self.is_unsaved:
            return
        self._begun, self.path, self._digest = True, None, None

        def choices(_context: OperationContext) -> Choices:
            return read_choices(node)

        def scanners(context: OperationContext) -> list[DeviceInfo]:
            return find_scanners(node, context.check)

        operations.run(self.tr("Reading the bag profiles"), choices, on_success=self._start)
        title = self.tr("Looking for scanners")
        operations.run(title, scanners, on_success=self.fields.show_scanners)

    def _start(self, choices: Choices) -> None:
        self.fields.show_profiles(choices.profiles)
        self.state.begin(first_form(choices, dt.datetime.now().astimezone().date()))
        self.fields.fields["id"].setFocus()
        line = self.fields.fields["id"].line
        if line is not None:
            line.setFocus()
            line.selectAll()

    def save(self, then: Callable[[Path], None]) -> None:
        """Save the form, under the name it has or under one that is asked for."""
        if self.path is not None:
            self._write(self.path, self._digest, then)
            return
        check = self.state.check
        suffixes = (".csv", ".xlsx", ".yaml") if check is not None and check.manifest else (".csv", ".xlsx")
        name = self.state.form.batch.get("id", "").strip().replace("/", "-") or "manifest"
        proposal = self.state.folder / f"{name}.csv"
        path = FileChoice.destination(self, proposal, self.tr("Save the manifest"), suffixes, asks=False)
        if path is not None:
            self._write(path, None, then)

    def _write(self, path: Path, replaces: str | None, then: Callable[[Path], None]) -> None:
        form, check = self.state.form, self.state.check
        manifest = check.manifest if check is not None else None
        index = self.state.stack.index()

        def work(_context: OperationContext) -> str:
            return save_form(form, path, manifest=manifest, replaces=replaces)

        def have_saved(digest: str) -> None:
            self.path, self._digest, self.state.folder = path, digest, path.parent
            if self.state.stack.index() == index:
                self.state.stack.setClean()
            self._workplace.resolved(FAILURE)
            self._workplace.say(self.tr("Saved: {file}").format(file=path))
            self._workplace.actions.refresh()
            then(path)

        def fail(failure: dict[str, Any]) -> None:
            if failure["code"] != "manifest.exists":
                self._workplace.report(failure, key=FAILURE)
            elif Question.may_replace(self, path):
                self._write(path, "", then)

        title = self.tr("Saving {name}").format(name=path.name)
        self._workplace.operations.run(title, work, on_success=have_saved, on_failure=fail)

    def _show_verdict(self) -> None:
        check = self.state.check
        if check is None:
            return
        warnings = len(check.problems) - check.errors
        general = check.by_field.get("", ())
        self._general.setText(" ".join(whole_words(each, " ") for each in general[:1]))
        self._general.setVisible(bool(general))
        if check.errors:
            words = self.tr("%n thing(s) to fill in or mend", "", check.errors)
            self._verdict.show_state(words, Role.HELD, "edit")
        elif warnings:
            words = self.tr("%n warning(s): look at the marked places", "", warnings)
            self._verdict.show_state(words, Role.HELD, "trouble")
        else:
            words = self.tr("Complete: %n item(s)", "", len(self.state.form.filled_items))
            self._verdict.show_state(words, Role.READY, "ready")
        self._workplace.actions.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the table, the keys for undo and redo are the form's, not those of the batch that is worked on."""
        if watched is self.table and isinstance(event, QKeyEvent):
            stack = self.state.stack
            for key, act in (
                (QKeySequence("Ctrl+Z"), stack.undo),
                (QKeySequence("Ctrl+Shift+Z"), stack.redo),
            ):
                if QKeySequence(event.keyCombination()) == key:
                    if event.type() == QEvent.Type.ShortcutOverride:
                        event.accept()
                        return True
                    if event.type() == QEvent.Type.KeyPress:
                        act()
                        return True
        return super().eventFilter(watched, event)
