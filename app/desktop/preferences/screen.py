# SPDX-License-Identifier: Apache-2.0
"""Settings: pages on the left, a search over all of them, and the settings themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.desktop.preferences.block import make_high_enough
from app.desktop.preferences.field import setting_fields
from app.desktop.preferences.page import PageView
from app.desktop.preferences.pages import PAGES, PageId, pages_shown
from app.desktop.preferences.saving import SettingsSaving
from app.desktop.preferences.setting_row import SettingRow
from app.desktop.screen import Screen
from app.desktop.theme.roles import Role
from app.desktop.widgets.head_line import HeadLine
from app.desktop.workplace import Workplace

WIDEST = 1000
"""Pixels; lines of text that are longer are hard to follow."""


class SettingsScreen(Screen):
    """Settings."""

    screen_id: ClassVar[str] = "settings"

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.saving = SettingsSaving.of(workplace)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search settings"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(self.tr("Search settings"))
        make_high_enough(self.search)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Pages of the settings"))
        self.list.setIconSize(QSize(20, 20))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.viewport().setAutoFillBackground(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.pages: dict[PageId, PageView] = {}
        self.nothing = QLabel(self.tr("No setting has these words."))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._area = QScrollArea()
        self._column = QVBoxLayout()
        self._make_pages()
        self._arrange()
        self._fill = QTimer(self)
        self._fill.setInterval(0)
        self._fill.timeout.connect(self._fill_one)
        self.search.textChanged.connect(self._show)
        self.list.currentRowChanged.connect(self._choose)
        workplace.theme.changed.connect(self._paint)
        workplace.actions.bind("settings.search", self._begin_search)
        self._paint()
        self.list.setCurrentRow(0)

    def _make_pages(self) -> None:
        for page_id in pages_shown(field.key for field in setting_fields()):
            page = PAGES[page_id]
            item = QListWidgetItem(QCoreApplication.translate("settings", page.title))
            item.setData(Qt.ItemDataRole.UserRole, page_id)
            item.setSizeHint(QSize(0, 36))
            self.list.addItem(item)
            view = PageView(self.workplace, page_id)
            view.hide()
            self.pages[page_id] = view
            self._column.addWidget(view)
        self._column.addWidget(self.nothing)
        self._column.addStretch(1)
        self.nothing.hide()

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(HeadLine(self.tr("Settings")))
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        inner = QWidget()
        inner.setMaximumWidth(WIDEST)
        self._column.setContentsMargins(0, 0, 12, 0)
        inner.setLayout(self._column)
        self._area.setWidget(inner)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 16, 8, 0)
        row.setSpacing(24)
        row.addLayout(left, 1)
        row.addWidget(self._area, 4)
        self.setFocusProxy(self.search)

    def entered(self, arguments: Mapping[str, Any]) -> None:
        """Show a page (`page`), or what a search finds (`search`)."""
        self.saving.read_again()
        self._fill.start()
        if "page" in arguments:
            self.open_page(PageId(arguments["page"]))
        if "search" in arguments:
            self.search.setText(str(arguments["search"]))

    def _fill_one(self) -> None:
        """Make another page while nobody waits: a search, which looks at all of them, is quick then."""
        page = next((view for view in self.pages.values() if not view.blocks), None)
        if page is None:
            self._fill.stop()
        else:
            page.fill()

    def left(self) -> None:
        """Make no more pages, and save what was typed last."""
        self._fill.stop()
        for row in self.findChildren(SettingRow):
            if row.editor.isEnabled():
                row.editor.finish()

    def open_page(self, page: PageId) -> None:
        """Show a page."""
        self.search.clear()
        self.list.setCurrentRow(list(self.pages).index(page))

    def _begin_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _choose(self, _row: int) -> None:
        self._paint()
        # a page that is chosen is what is wanted, whatever was searched for
        if self.search.text():
            self.search.clear()
        else:
            self._show()

    def _show(self) -> None:
        words = tuple(self.search.text().casefold().split())
        chosen = self.list.currentItem().data(Qt.ItemDataRole.UserRole)
        found = False
        for page_id, view in self.pages.items():
            if words:
                found = view.show_found(words) or found
            elif page_id == chosen:
                found = view.show_found(()) or found
            else:
                view.hide()
        self.nothing.setVisible(bool(words) and not found)
        self._area.verticalScrollBar().setValue(0)

    def _paint(self) -> None:
        for place, page_id in enumerate(self.pages):
            role = Role.ON_ACCENT if place == self.list.currentRow() else Role.TEXT
            self.list.item(place).setIcon(self.workplace.theme.icon(PAGES[page_id].icon, role))
