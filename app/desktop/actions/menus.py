# SPDX-License-Identifier: Apache-2.0
"""The menus, made from the actions: what is there everywhere, the screens, and what the current screen can do."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QMenuBar

from app.desktop.actions.book import ActionBook
from app.desktop.actions.record import GENERAL
from app.desktop.actions.titles import section_title

GO_TO = "general.go_to_"
_EDIT = ("general.undo", "general.redo")


class Menus(QObject):
    """Fills the menu bar.

    Args:
        bar: The window's menu bar.
        book: All actions.
    """

    def __init__(self, bar: QMenuBar, book: ActionBook) -> None:
        super().__init__(bar)
        self._book = book
        general = [record.id for record in book.records if record.section == GENERAL]
        self._fill(bar.addMenu("Recto"), [i for i in general if not i.startswith(GO_TO) and i not in _EDIT])
        self._fill(bar.addMenu(self.tr("&Edit")), [i for i in _EDIT if i in general])
        self._fill(bar.addMenu(self.tr("&Go to")), [i for i in general if i.startswith(GO_TO)])
        self.here = bar.addMenu("")
        self.show_section(book.section)

    def _fill(self, menu: QMenu, action_ids: list[str]) -> None:
        for action_id in action_ids:
            menu.addAction(self._book.action(action_id))

    def show_section(self, section: str) -> None:
        """Show the menu of a screen."""
        self.here.clear()
        own = [record.id for record in self._book.records if record.section == section != GENERAL]
        self.here.setTitle(section_title(section))
        self._fill(self.here, own)
        self.here.menuAction().setVisible(bool(own))
