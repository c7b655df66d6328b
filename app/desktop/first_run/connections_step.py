# SPDX-License-Identifier: Apache-2.0
"""The fourth step: whether broker and storage work, tried without being asked."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from app.desktop.first_run.step import Step
from app.desktop.preferences.block import Block
from app.desktop.preferences.connection_block import ConnectionTest
from app.desktop.preferences.saving import SettingsSaving
from app.desktop.workplace import Workplace
from workers.connection_trials import BrokerTrial, try_broker, try_storage


class ConnectionsStep(Step):
    """Broker and storage.

    Args:
        workplace: Settings, operations and theme.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(
            workplace,
            self.tr("Connections"),
            self.tr(
                "A single station needs none: Recto brings its own broker, and bags go to the folder you "
                "chose. A site names its servers in the settings."
            ),
        )
        self._saving = SettingsSaving.of(workplace)
        self.tests: list[ConnectionTest] = []
        self._blocks: list[Block] = []
        self._tried: object = None
        self._tests = QVBoxLayout()
        self._tests.setSpacing(12)
        self.column.addLayout(self._tests)
        self.column.addStretch(1)

    def entered(self) -> None:
        """Try what the settings name now."""
        settings = self._saving.settings
        wanted = (settings.broker_url, settings.storage_targets())
        if wanted == self._tried:
            return
        self._tried = wanted
        for block in self._blocks:
            self._tests.removeWidget(block)
            block.hide()
            block.deleteLater()
        self._blocks, self.tests = [], []
        self._add(self.tr("Broker"), ConnectionTest(self.workplace, self.tr("Broker"), self._try_broker))
        for name in settings.storage_targets():
            title = self.tr("Storage: {name}").format(name=name)
            trial = partial(try_storage, settings, name)
            self._add(title, ConnectionTest(self.workplace, title, trial))
        for test in self.tests:
            test.start()

    def _try_broker(self) -> BrokerTrial:
        return try_broker(self._saving.settings)

    def _add(self, title: str, test: ConnectionTest) -> None:
        block = Block(self.workplace.theme, title)
        block.column.addWidget(test)
        self._tests.addWidget(block)
        self._blocks.append(block)
        self.tests.append(test)
