# SPDX-License-Identifier: Apache-2.0
"""What the desktop is made of: the application, all actions, and the workplace that the screens share."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QStyleFactory

from app.desktop.actions.book import ActionBook
from app.desktop.actions.general import ACTIONS
from app.desktop.actions.record import ActionRecord
from app.desktop.identity import APPLICATION_ID, APPLICATION_NAME, ORGANIZATION_DOMAIN, ORGANIZATION_NAME
from app.desktop.main_window import places_as_actions
from app.desktop.screens import SCREENS
from app.desktop.theme.theme import Theme
from app.desktop.workplace import Workplace
from archive.resource_files import resource_path
from workers.node import Node


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
    application.setOrganizationName(ORGANIZATION_NAME)
    application.setOrganizationDomain(ORGANIZATION_DOMAIN)
    application.setApplicationName(APPLICATION_NAME.lower())
    application.setApplicationDisplayName(APPLICATION_NAME)
    application.setDesktopFileName(APPLICATION_ID)
    # where the desktop entry is not installed, as on X11 it need not be, the window brings its own
    application.setWindowIcon(QIcon(str(resource_path(f"{APPLICATION_ID}.svg"))))
    application.setStyle(QStyleFactory.create("Fusion"))
    return application


def make_workplace(application: QApplication, node: Node, cache: Path) -> Workplace:
    """What the screens share."""
    return Workplace(node, ActionBook(all_action_records()), Theme(application), cache)
