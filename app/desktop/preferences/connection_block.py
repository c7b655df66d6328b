# SPDX-License-Identifier: Apache-2.0
"""*Test connection*: a button beside an endpoint, and what came of the trial."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desktop.failures.explanation import explain
from app.desktop.failures.messages import message_words
from app.desktop.operation import OperationContext
from app.desktop.preferences.block import IconButton, Note
from app.desktop.preferences.saving import Failure, SettingsSaving
from app.desktop.theme.roles import Role
from app.desktop.widgets.state_chip import StateChip
from app.desktop.workplace import Workplace
from archive.registry.trial import RegistryTrial
from archive.storage.trial import StorageTrial
from workers.connection_trials import BrokerTrial

Trial = BrokerTrial | RegistryTrial | StorageTrial


class ConnectionTest(QWidget):
    """Tries an endpoint when asked, in the background, and says in plain words what was proved.

    Args:
        workplace: Operations and theme.
        endpoint: What is tried, translated, for the button's name.
        trial: The trial; it may take seconds.
    """

    ended = Signal(bool)

    def __init__(self, workplace: Workplace, endpoint: str, trial: Callable[[], Trial]) -> None:
        super().__init__()
        self._workplace = workplace
        self._endpoint = endpoint
        self._trial = trial
        self._is_busy = False
        self.button = IconButton(workplace.theme, "connect", self.tr("Test connection"))
        self.button.setAccessibleName(self.tr("Test connection: {endpoint}").format(endpoint=endpoint))
        self.button.clicked.connect(self.start)
        self.state = StateChip(workplace.theme)
        self.words = Note(workplace.theme, "", Role.TEXT)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self.state)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.words)
        self.state.hide()
        self.words.hide()

    def start(self) -> None:
        """Try it, as soon as the address that has just been typed is saved."""
        if self._is_busy:
            return
        self._is_busy = True
        self.button.setEnabled(False)
        self._show(self.tr("Testing…"), Role.BUSY, "busy", "")
        SettingsSaving.of(self._workplace).after_saves(self._try)

    def _try(self) -> None:
        trial = self._trial

        def work(_context: OperationContext) -> Trial:
            return trial()

        self._workplace.operations.run(
            self.tr("Test connection: {endpoint}").format(endpoint=self._endpoint),
            work,
            on_success=self._succeed,
            on_failure=self._fail,
        )

    def _end(self) -> None:
        self._is_busy = False
        self.button.setEnabled(True)

    def _succeed(self, trial: Trial) -> None:
        self._end()
        self._show(self.tr("Works"), Role.DONE, "done", said_of(trial))
        self.ended.emit(True)

    def _fail(self, failure: Failure) -> None:
        self._end()
        said = explain(failure)
        text = "\n".join(
            (message_words(failure["message"]), said.consequence, message_words(failure["remedy"]))
        )
        self._show(self.tr("Does not work"), Role.TROUBLE, "failed", text)
        self.ended.emit(False)

    def _show(self, word: str, role: Role, icon: str, text: str) -> None:
        self.state.show_state(word, role, icon)
        self.state.show()
        self.words.setText(text)
        self.words.setVisible(bool(text))


def said_of(trial: Trial) -> str:
    """What a trial proved, in plain words."""
    seconds = QLocale().toString(max(trial.seconds, 0.1), "f", 1)
    return _words_of(trial).format(**_facts(trial), seconds=seconds)


def _words_of(trial: Trial) -> str:
    if isinstance(trial, BrokerTrial):
        if trial.kind != "private":
            return QCoreApplication.translate(
                "ConnectionTest",
                "The broker took a message and gave it back, in {seconds} s. Version: {server}.",
            )
        if trial.running:
            return QCoreApplication.translate(
                "ConnectionTest", "Recto's own broker runs. Nothing needs to be set up."
            )
        return QCoreApplication.translate(
            "ConnectionTest", "Recto's own broker starts with the workers. Nothing needs to be set up."
        )
    if isinstance(trial, RegistryTrial):
        if trial.has_registry:
            return QCoreApplication.translate(
                "ConnectionTest",
                "The database answers in {seconds} s, may be written to, and has Recto's records.",
            )
        return QCoreApplication.translate(
            "ConnectionTest", "The database can be used. Recto's tables are made when it starts there."
        )
    return _words_of_storage(trial)


def _words_of_storage(trial: StorageTrial) -> str:
    if trial.kind == "directory":
        return QCoreApplication.translate(
            "ConnectionTest",
            "A small file was written, read back and removed, in {seconds} s. {free} GB are free.",
        )
    return QCoreApplication.translate(
        "ConnectionTest",
        "The key was accepted, an upload was begun and abandoned, in {seconds} s. "
        "No object was made: a bucket may keep whatever it was once given.",
    )


def _facts(trial: Trial) -> dict[str, Any]:
    free = getattr(trial, "free", None) or 0
    return {"server": getattr(trial, "server", ""), "free": QLocale().toString(free / 1e9, "f", 1)}
