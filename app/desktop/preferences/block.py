# SPDX-License-Identifier: Apache-2.0
"""What the pages of the settings are made of: blocks that can be searched, and the texts in them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.card import Card
from app.desktop.widgets.head_line import HeadLine

NARROWEST = 160
"""Pixels of a column of text that can still be read."""


class Note(QLabel):
    """Running text in the colour of a role.

    Args:
        theme: Colours.
        text: The text, translated.
        role: Its colour.
    """

    def __init__(self, theme: Theme, text: str = "", role: Role = Role.MUTED) -> None:
        super().__init__(text)
        self._theme = theme
        self._role = role
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._paint)
        self._paint()

    def sizeHint(self) -> QSize:
        """As high as the text is at this width; a label by itself asks for the height of a narrow column."""
        width = max(self.width(), NARROWEST)
        natural = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(min(natural, width), max(self.heightForWidth(width), 0))

    def minimumSizeHint(self) -> QSize:
        """The same height, in whatever width there is."""
        return QSize(NARROWEST, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height when the text breaks elsewhere."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _paint(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.color(self._role))
        self.setPalette(palette)


class Block(Card):
    """A card that a search finds by its words.

    Args:
        theme: Colours and icons.
        title: Its name, translated; "" for none.
        text: What is chosen in it, translated; "" for none.
    """

    def __init__(self, theme: Theme, title: str = "", text: str = "") -> None:
        super().__init__(theme)
        self.theme = theme
        self.search_text = f"{title}\n{text}".casefold()
        self.column.setSpacing(8)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        if title:
            self.column.addWidget(HeadLine(title, 1.1))
        if text:
            self.column.addWidget(Note(theme, text))

    def show_found(self, words: Sequence[str]) -> bool:
        """Show the block if all words are in it.

        Args:
            words: In small letters; none shows everything.

        Returns:
            Whether it is shown.
        """
        found = all(word in self.search_text for word in words)
        self.setVisible(found)
        return found


class IconButton(QPushButton):
    """A button whose picture follows the theme.

    Args:
        theme: Icons.
        icon: Name of the icon.
        title: What it does, translated.
    """

    def __init__(self, theme: Theme, icon: str, title: str) -> None:
        super().__init__(title)
        self._theme = theme
        self._icon_name = icon
        make_high_enough(self)
        theme.changed.connect(self._paint)
        self._paint()

    def _paint(self) -> None:
        self.setIcon(self._theme.icon(self._icon_name))


def make_high_enough(*widgets: QWidget) -> None:
    """Give controls the height that a gloved finger finds."""
    for widget in widgets:
        widget.setMinimumHeight(34)
        if isinstance(widget, QLineEdit):
            widget.setTextMargins(6, 0, 6, 0)
