# SPDX-License-Identifier: Apache-2.0
"""A layout that sets its widgets side by side, and begins a new line where there is no room left."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Widgets in lines, as words in a text.

    Args:
        parent: The widget that is laid out.
        spacing: Pixels between widgets.
        line_spacing: Pixels between lines.
    """

    def __init__(self, parent: QWidget, spacing: int = 6, line_spacing: int = 6) -> None:
        super().__init__(parent)
        self._entries: list[QLayoutItem] = []
        self._gap, self._line_gap = spacing, line_spacing
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, entry: QLayoutItem, /) -> None:
        """Take one more."""
        self._entries.append(entry)

    def count(self) -> int:
        """How many there are."""
        return len(self._entries)

    def itemAt(self, index: int, /) -> QLayoutItem | None:
        """One of them; None past the end, as Qt wants it."""
        return self._entries[index] if 0 <= index < len(self._entries) else None

    def takeAt(self, index: int, /) -> QLayoutItem | None:
        """Give one away."""
        return self._entries.pop(index) if 0 <= index < len(self._entries) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It asks for no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int, /) -> int:
        """The height that a width needs."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect, /) -> None:
        """Set the widgets into this place."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """The same as the least."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Room for the widest of them."""
        size = QSize()
        for entry in self._shown():
            size = size.expandedTo(entry.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [entry for entry in self._entries if not entry.isEmpty()]

    def _place(self, room: QRect, *, move: bool) -> int:
        left, top, height = room.left(), room.top(), 0
        for entry in self._shown():
            size = entry.sizeHint()
            if left > room.left() and left + size.width() > room.right() + 1:
                left, top, height = room.left(), top + height + self._line_gap, 0
            if move:
                entry.setGeometry(
                    QRect(QPoint(left, top), size.boundedTo(QSize(room.width(), size.height())))
                )
            left += size.width() + self._gap
            height = max(height, size.height())
        return top + height - room.top()
