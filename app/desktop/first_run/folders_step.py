# SPDX-License-Identifier: Apache-2.0
"""The second step: where pages are kept while they are worked on, and where finished bags go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.desktop.first_run.folder_choice import FolderChoice
from app.desktop.first_run.step import Step
from app.desktop.preferences.block import Note
from app.desktop.preferences.refusal import failure_text
from app.desktop.preferences.saving import Failure, SettingsSaving
from app.desktop.theme.roles import Role
from app.desktop.workplace import Workplace
from workers.settings_file import Change, SetValue
from workers.settings_overrides import overriding_variable

TARGET = "archive"
"""Name of the storage target that this step makes."""


class FoldersStep(Step):
    """Folders.

    Args:
        workplace: Settings, operations and theme.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(
            workplace,
            self.tr("Folders"),
            self.tr("A page of A4 in colour at 600 dpi takes about 100 MB. What is proposed can stay."),
        )
        self._saving = SettingsSaving.of(workplace)
        settings = self._saving.settings
        self.data = FolderChoice(
            workplace,
            self.tr("Pages at work"),
            self.tr("Masters and everything made of them, until an item is stored."),
            settings.data_directory,
        )
        self._storage_before = settings.data_directory / "storage"
        self.storage = FolderChoice(
            workplace,
            self.tr("Finished bags"),
            self.tr("A folder or a mounted share. An S3 bucket can be named in the settings."),
            self._storage_before,
        )
        self.problem = Note(workplace.theme, "", Role.TROUBLE)
        self.problem.hide()
        self.data.line.editingFinished.connect(self._follow)
        self.data.setEnabled(overriding_variable(("data_directory",)) is None)
        # targets that are named already are looked after in the settings
        self.storage.setVisible(not settings.storage)
        for widget in (self.data, self.storage, self.problem):
            self.column.addWidget(widget)
        self.column.addStretch(1)

    def entered(self) -> None:
        """Look at both."""
        self.data.look()
        self.storage.look()

    def _follow(self) -> None:
        """Propose finished bags beside the pages: that is where they go unless somebody says otherwise."""
        proposed = self.data.folder / "storage"
        if self.data.folder == Path() or self.storage.folder != self._storage_before:
            return
        self._storage_before = proposed
        self.storage.line.setText(str(proposed))
        self.storage.look()

    def apply(self, then: Callable[[], None]) -> None:
        """Save what was chosen, if it is not what was there."""
        self.problem.hide()
        self._follow()
        changes: list[Change] = []
        settings = self._saving.settings
        if self.data.folder not in {settings.data_directory, Path()}:
            changes.append(SetValue(("data_directory",), self.data.folder))
        if not settings.storage and self.storage.folder not in {self._storage_before, Path()}:
            changes.append(SetValue(("storage", TARGET, "url"), str(self.storage.folder)))
        if changes:
            self._saving.save(*changes, on_saved=then, on_refused=self._refuse)
        else:
            then()

    def _refuse(self, failure: Failure) -> None:
        self.problem.setText(failure_text(failure))
        self.problem.show()
