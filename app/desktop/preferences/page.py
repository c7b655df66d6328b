# SPDX-License-Identifier: Apache-2.0
"""A page of the settings: its name, and its blocks, made when it is first shown or searched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.desktop.preferences.block import Block, Note, make_high_enough
from app.desktop.preferences.connection_block import ConnectionTest, Trial
from app.desktop.preferences.devices_block import FoldersBlock, SimulatedBlock
from app.desktop.preferences.field import Kind, setting_fields
from app.desktop.preferences.keys_block import KeysBlock
from app.desktop.preferences.pages import PAGES, PageId, page_of
from app.desktop.preferences.personal_blocks import AppearanceBlock, LanguageBlock
from app.desktop.preferences.profile_lines import ProfileLines
from app.desktop.preferences.saving import SettingsSaving
from app.desktop.preferences.setting_row import SettingRow
from app.desktop.preferences.targets_block import TargetsBlock
from app.desktop.widgets.head_line import HeadLine
from app.desktop.workplace import Workplace
from workers.connection_trials import try_broker, try_registry

READ_ONLY = frozenset({"state_directory"})
"""The registry and the private broker are open there: it is changed while Recto is closed."""


class Searchable(Protocol):
    """A block of a page."""

    def show_found(self, words: Sequence[str]) -> bool:
        """Show what has all the words; tell whether anything has."""


class PageView(QWidget):
    """A page.

    Args:
        workplace: What the blocks need.
        page: Which page.
    """

    def __init__(self, workplace: Workplace, page: PageId) -> None:
        super().__init__()
        self._workplace = workplace
        self.page = page
        self.blocks: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 16)
        self._column.setSpacing(12)

    def fill(self) -> None:
        """Make the blocks, when there are none yet."""
        if self.blocks:
            return
        said = PAGES[self.page]
        self._column.addWidget(HeadLine(QCoreApplication.translate("settings", said.title)))
        self._column.addWidget(Note(self._workplace.theme, QCoreApplication.translate("settings", said.text)))
        self.blocks = list(self._make())
        for block in self.blocks:
            self._column.addWidget(block)

    def _make(self) -> Iterator[QWidget]:
        saving = SettingsSaving.of(self._workplace)
        yield from self._first(saving)
        for field in setting_fields():
            if page_of(field.key) == self.page and field.kind is not Kind.OTHER:
                read_only = field.name in READ_ONLY
                row = SettingRow(field, saving, self._workplace.theme, is_read_only=read_only)
                if field.name == "database_url":
                    self._add_test(row, self.tr("Database"), lambda: try_registry(saving.settings))
                if field.name == "broker_url":
                    self._add_test(row, self.tr("Broker"), lambda: try_broker(saving.settings))
                yield row

    def _first(self, saving: SettingsSaving) -> Iterator[QWidget]:
        """The blocks that stand above the single settings."""
        makers: dict[PageId, Callable[[], list[QWidget]]] = {
            PageId.STORAGE: lambda: [TargetsBlock(self._workplace, saving)],
            PageId.DEVICES: lambda: [
                SimulatedBlock(self._workplace, saving),
                FoldersBlock(self._workplace, saving),
            ],
            PageId.KEYS: lambda: [KeysBlock(self._workplace), self._pedal()],
            PageId.APPEARANCE: lambda: [AppearanceBlock(self._workplace)],
            PageId.LANGUAGE: lambda: [LanguageBlock(self._workplace)],
            PageId.PROFILES: lambda: [self._profiles()],
            PageId.NAMING: lambda: [self._names()],
        }
        yield from makers.get(self.page, list)()

    def _add_test(self, block: Block, endpoint: str, trial: Callable[[], Trial]) -> None:
        words = self.tr("Test connection")
        block.search_text += f"\n{endpoint}\n{words}".casefold()
        block.column.addWidget(ConnectionTest(self._workplace, endpoint, trial))

    def _profiles(self) -> QWidget:
        block = self._leads_to(
            self.tr("Scan profiles"),
            self.tr("Profiles are made with the scanner beside you, on the Devices screen."),
            self.tr("Go to Devices"),
            partial(self._workplace.go_to, "devices"),
        )
        block.column.insertWidget(2, ProfileLines(self._workplace))
        return block

    def _pedal(self) -> QWidget:
        return self._leads_to(
            self.tr("Pedal"),
            self.tr(
                "A foot pedal is a keyboard with one key. It is learnt in the capture workspace, where it "
                "is armed and disarmed too."
            ),
            self.tr("Learn the pedal's key"),
            self._learn_pedal,
        )

    def _learn_pedal(self) -> None:
        self._workplace.go_to("capture")
        self._workplace.actions.action("capture.learn_key").trigger()

    def _names(self) -> QWidget:
        return Block(
            self._workplace.theme,
            self.tr("How files are named"),
            self.tr(
                "Pages are numbered in the order of the item: 0001.tif, 0002.tif. An item's bag has the "
                "name of its institution, batch and item. The manifest says what batches and items are "
                "called, so that names here and in your catalogue are the same."
            ),
        )

    def _leads_to(self, title: str, text: str, button_title: str, lead: Callable[[], None]) -> Block:
        block = Block(self._workplace.theme, title, text)
        button = QPushButton(button_title)
        button.clicked.connect(lambda _checked=False: lead())
        make_high_enough(button)
        row = QVBoxLayout()
        row.addWidget(button)
        button.setSizePolicy(button.sizePolicy().Policy.Maximum, button.sizePolicy().Policy.Fixed)
        block.column.addLayout(row)
        return block

    def show_found(self, words: Sequence[str]) -> bool:
        """Show the blocks that have all the words, and the page when there are any."""
        self.fill()
        title = QCoreApplication.translate("settings", PAGES[self.page].title).casefold()
        # whoever looks for a page by its name gets all of it
        wanted = () if words and all(word in title for word in words) else words
        found = [block.show_found(wanted) for block in self.blocks if hasattr(block, "show_found")]
        self.setVisible(any(found))
        return any(found)
