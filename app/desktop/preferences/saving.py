# SPDX-License-Identifier: Apache-2.0
"""Saving settings from the desktop: written in the background, in force at once where that can be."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.desktop.operation import OperationContext, while_there
from app.desktop.workplace import Workplace
from workers.errors import SettingsInvalid
from workers.folder_check import check_folder
from workers.secrets import refuse_secret
from workers.settings import Settings, load_settings
from workers.settings_file import Change, SetValue, change_settings
from workers.settings_in_force import has_batches, taken_over, waits_for_restart

LANE = "settings"

Failure = dict[str, Any]


class SettingsSaving(QObject):
    """Saves changes one after the other: `SettingsSaving.of(workplace)`.

    Args:
        workplace: Whose settings these are; it becomes the owner.
    """

    saved = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self._workplace = workplace
        self._saved: Settings | None = None

    @classmethod
    def of(cls, workplace: Workplace) -> SettingsSaving:
        """That of a workplace, made when it is first asked for."""
        found = next((child for child in workplace.children() if isinstance(child, cls)), None)
        return found or cls(workplace)

    @property
    def settings(self) -> Settings:
        """What the file and the environment say, also what waits for a restart."""
        return self._saved or self._workplace.settings

    def waits_for_restart(self, name: str) -> bool:
        """Whether a setting holds only after Recto and its workers start again."""
        return waits_for_restart(name, self.settings, self._workplace.settings)

    def save(
        self,
        *changes: Change,
        on_saved: Callable[[], None] | None = None,
        on_refused: Callable[[Failure], None] | None = None,
        secret: AbstractContextManager[None] | None = None,
    ) -> None:
        """Save changes; all of them, or none.

        Args:
            changes: In their order.
            on_saved: Called when they are on disk and in force.
            on_refused: Called with the failure; without it the failure goes above the screen.
            secret: Keeps or forgets a secret around it, as `keeping_password`; done once.
        """
        running = self._workplace.settings
        operation = self._workplace.operations.run(
            self.tr("Save settings"),
            partial(_save, changes, running, secret),
            lane=LANE,
            lasts=True,
            on_success=self._take_over,
            on_failure=on_refused,
        )
        if on_saved is not None:
            tell = while_there(on_saved)
            operation.succeeded.connect(lambda _settings: tell())

    def after_saves(self, then: Callable[[], None]) -> None:
        """Call something when all that was saved so far is in force, or was refused."""
        go_on = while_there(then)

        def nothing(_context: OperationContext) -> None:
            """Come after the saves, which share the lane."""

        self._workplace.operations.run(
            self.tr("Save settings"), nothing, lane=LANE, on_success=lambda _done: go_on()
        )

    def read_again(self) -> None:
        """Read the file again: somebody may have changed it with an editor."""
        running, known = self._workplace.settings, self.settings

        def work(_context: OperationContext) -> tuple[Settings, Settings] | None:
            settings = load_settings()
            return None if settings == known else (settings, taken_over(settings, running))

        def take(result: tuple[Settings, Settings] | None) -> None:
            self._workplace.resolved(LANE)
            if result is not None:
                self._take_over(result)

        self._workplace.operations.run(
            self.tr("Read the settings"),
            work,
            lane=LANE,
            on_success=take,
            on_failure=lambda failure: self._workplace.report(failure, key=LANE),
        )

    def take_over(self, settings: Settings) -> None:
        """Let settings be in force that somebody else has saved."""
        self._take_over((settings, taken_over(settings, self._workplace.settings)))

    def _take_over(self, result: tuple[Settings, Settings]) -> None:
        self._saved, self._workplace.node.settings = result
        self._workplace.settings_changed.emit()
        self.saved.emit()


def _save(
    changes: tuple[Change, ...],
    running: Settings,
    secret: AbstractContextManager[None] | None,
    _context: OperationContext,
) -> tuple[Settings, Settings]:
    if any(change.key == ("data_directory",) for change in changes) and has_batches(running):
        raise SettingsInvalid(
            f"There are batches in {running.data_directory}.",
            consequence="The folder was not changed: their pages would not be found in another one.",
            remedy="Close Recto, move the whole folder, then set data_directory in the settings file.",
        )
    for change in changes:
        if isinstance(change, SetValue) and isinstance(change.value, str):
            refuse_secret(change.value)
        if isinstance(change, SetValue) and change.key == ("data_directory",):
            _refuse_unwritable(change.value)
    with secret or nullcontext():
        settings = change_settings(*changes)
    return settings, taken_over(settings, running)


def _refuse_unwritable(folder: Path | None) -> None:
    if folder is not None and not check_folder(folder).can_write:
        raise SettingsInvalid(
            f"Nothing can be written to {folder}.",
            consequence="The folder was not changed: no page could be kept there.",
            remedy="Choose another folder, or have somebody give you the right to write there.",
        )
