# SPDX-License-Identifier: Apache-2.0
"""The places of the rail: which screens there are, and where they are made."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from types import ModuleType

from app.desktop.actions.record import ActionRecord
from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.screen import Screen
from app.desktop.workplace import Workplace


@dataclass(frozen=True, slots=True)
class ScreenPlace:
    """A place in the rail.

    Attributes:
        id: The screen's id, which is also the section of its actions.
        title: Its name, to be translated in the context "screens".
        icon: Name of its icon.
        key: The key that leads to it.
        package: The package that holds its `screen` and its `actions` modules.
        screen: The class in the `screen` module.
    """

    id: str
    title: str
    icon: str
    key: str
    package: str
    screen: str

    def load(self) -> ModuleType:
        """Import the screen's modules."""
        return importlib.import_module(f"{self.package}.screen")

    def make(self, workplace: Workplace) -> Screen:
        """Make the screen; its modules are imported now where they were not before."""
        made = getattr(self.load(), self.screen)(workplace)
        if not isinstance(made, Screen):
            raise TypeError(f"{self.package}.screen:{self.screen} is no Screen")
        return made

    def action_records(self) -> tuple[ActionRecord, ...]:
        """The records of the screen's actions, known before the screen is made."""
        records: tuple[ActionRecord, ...] = importlib.import_module(f"{self.package}.actions").ACTIONS
        return records


SCREENS: tuple[ScreenPlace, ...] = (
    ScreenPlace(
        "devices",
        QT_TRANSLATE_NOOP("screens", "Devices"),
        "scanner",
        "Ctrl+1",
        "app.desktop.devices",
        "DevicesScreen",
    ),
    ScreenPlace(
        "importing",
        QT_TRANSLATE_NOOP("screens", "Import"),
        "import",
        "Ctrl+2",
        "app.desktop.importing",
        "ImportScreen",
    ),
    ScreenPlace(
        "capture",
        QT_TRANSLATE_NOOP("screens", "Capture"),
        "capture",
        "Ctrl+3",
        "app.desktop.capture",
        "CaptureScreen",
    ),
    ScreenPlace(
        "quality",
        QT_TRANSLATE_NOOP("screens", "Quality"),
        "quality",
        "Ctrl+4",
        "app.desktop.quality",
        "QualityScreen",
    ),
    ScreenPlace(
        "board", QT_TRANSLATE_NOOP("screens", "Board"), "board", "Ctrl+5", "app.desktop.board", "BoardScreen"
    ),
    ScreenPlace(
        "settings",
        QT_TRANSLATE_NOOP("screens", "Settings"),
        "settings",
        "Ctrl+8",
        "app.desktop.preferences",
        "SettingsScreen",
    ),
)
"""In the order of the rail. Ctrl+6 and Ctrl+7 are kept for suggestions and for the history."""
