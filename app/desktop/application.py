# SPDX-License-Identifier: Apache-2.0
"""The start of the desktop: the application, the workplace and the window."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QStyleFactory

from app.desktop.actions.book import ActionBook
from app.desktop.actions.general import ACTIONS
from app.desktop.actions.record import ActionRecord
from app.desktop.main_window import MainWindow, places_as_actions
from app.desktop.screens import SCREENS
from app.desktop.theme.theme import Theme
from app.desktop.workplace import Workplace
from workers.node import Node
from workers.settings import load_settings


def all_action_records() -> tuple[ActionRecord, ...]:
    """The records of every action, also those of screens that were not opened yet."""
    records = [*places_as_actions(), *ACTIONS]
    for place in SCREENS:
        records += place.action_records()
    return tuple(records)


def make_application(arguments: list[str]) -> QApplication:
    """The one QApplication of the process, named before anything asks for its folders."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(arguments)
    application.setOrganizationName("Recto")
    application.setApplicationName("recto")
    application.setApplicationDisplayName("Recto")
    application.setStyle(QStyleFactory.create("Fusion"))
    return application


def make_workplace(application: QApplication, node: Node, cache: Path) -> Workplace:
    """What the screens share."""
    return Workplace(node, ActionBook(all_action_records()), Theme(application), cache)


def run_desktop(arguments: list[str]) -> int:
    """Open the desktop and stay until its window is closed.

    Returns:
        The exit code.
    """
    application = make_application([sys.argv[0], *arguments])
    node = Node(load_settings())
    workplace = make_workplace(application, node, node.settings.state_directory / "cache")
    window = MainWindow(workplace)
    window.show()
    window.show_screen(SCREENS[0].id, {})
    return application.exec()
