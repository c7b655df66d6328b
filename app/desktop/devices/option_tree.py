# SPDX-License-Identifier: Apache-2.0
"""The options of a device as a tree: groups, and in them options with value and state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QFont

from app.desktop.devices.option_words import state_texts, value_text
from app.desktop.language.device_texts import device_text
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from hardware.options import OptionDescriptor, OptionType, Value
from hardware.session_reports import OptionsNow

OPTION = Qt.ItemDataRole.UserRole
"""The OptionDescriptor of a row; None of a group."""

ROW_HEIGHT = 32
"""Pixels: large enough for a hand in a glove."""

_ROOT = QModelIndex()
_AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(slots=True)
class _Group:
    title: str
    options: list[OptionDescriptor] = field(default_factory=list)


class OptionTree(QAbstractItemModel):
    """Two levels: groups, and the options in them.

    Args:
        theme: Colours.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._groups: list[_Group] = []
        self._values: Mapping[str, Value] = {}

    def show_options(self, now: OptionsNow) -> None:
        """Show the options as they stand now; rows stay where the device lists the same ones as before."""
        groups = _grouped(now, self.tr("Options"))
        same = [(group.title, [option.index for option in group.options]) for group in groups] == [
            (group.title, [option.index for option in group.options]) for group in self._groups
        ]
        if not same:
            self.beginResetModel()
        self._groups, self._values = groups, now.values
        if not same:
            self.endResetModel()
            return
        for row, group in enumerate(groups):
            if group.options:
                parent = self.index(row, 0)
                self.dataChanged.emit(
                    self.index(0, 0, parent),
                    self.index(len(group.options) - 1, self.columnCount() - 1, parent),
                )

    def place_of(self, name: str) -> QModelIndex:
        """Where an option stands; an invalid index where there is none of that name."""
        for row, group in enumerate(self._groups):
            for place, option in enumerate(group.options):
                if option.name == name:
                    return self.index(place, 0, self.index(row, 0))
        return QModelIndex()

    # What views ask

    def index(self, row: int, column: int, parent: _AnyIndex = _ROOT) -> QModelIndex:
        """The place of a row and column in a group, or of a group."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        # 0 is a group; an option keeps the row of its group, counted from 1
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: _AnyIndex = _ROOT) -> Any:
        """The group that an option stands in."""
        if not index.isValid() or index.internalId() == 0:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: _AnyIndex = _ROOT) -> int:
        """How many groups there are, or options in a group."""
        if not parent.isValid():
            return len(self._groups)
        if parent.column() != 0 or parent.internalId() != 0:
            return 0
        return len(self._groups[parent.row()].options)

    def columnCount(self, parent: _AnyIndex = _ROOT) -> int:
        """Option, value, state."""
        del parent
        return 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The titles of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Option"), self.tr("Value"), self.tr("State"))[section]
        return None

    def flags(self, index: _AnyIndex) -> Qt.ItemFlag:
        """Groups can be opened, options can be chosen."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a view asks of a row."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, ROW_HEIGHT)
        if index.internalId() == 0:
            return self._group_data(self._groups[index.row()], index.column(), role)
        return self._option_data(
            self._groups[index.internalId() - 1].options[index.row()], index.column(), role
        )

    def _group_data(self, group: _Group, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and column == 0:
            return device_text(group.title)
        if role == Qt.ItemDataRole.FontRole:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def _option_data(self, option: OptionDescriptor, column: int, role: int) -> Any:
        if role == OPTION:
            return option
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{option.name}: {device_text(option.description)}" if option.description else option.name
        if role == Qt.ItemDataRole.ForegroundRole and not (option.active and option.settable):
            return QColor(self._theme.color(Role.MUTED))
        return self._text(option, column) if role == Qt.ItemDataRole.DisplayRole else None

    def _text(self, option: OptionDescriptor, column: int) -> str:
        if column == 0:
            return device_text(option.title) or option.name
        if column == 1:
            return value_text(self._values.get(option.name) if option.readable else None, option.unit)
        return ", ".join(state_texts(option))


def _grouped(now: OptionsNow, first: str) -> list[_Group]:
    groups: list[_Group] = []
    for option in now.descriptors:
        if option.type is OptionType.GROUP:
            groups.append(_Group(option.title))
        elif option.name:
            # the first option of SANE counts the others; it has no name, and is nobody's business
            if not groups:
                groups.append(_Group(first))
            groups[-1].options.append(option)
    return [group for group in groups if group.options]
