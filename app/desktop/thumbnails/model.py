# SPDX-License-Identifier: Apache-2.0
"""The pages of an item as a list model of plain rows; asking it never decodes an image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.desktop.thumbnails.loader import ThumbnailKey, ThumbnailLoader
from app.desktop.thumbnails.row import ThumbnailRow, describe
from archive.imaging.image_source import ImageSource

ROW_ROLE = Qt.ItemDataRole.UserRole
PIXMAP_ROLE = Qt.ItemDataRole.UserRole + 1
BROKEN_ROLE = Qt.ItemDataRole.UserRole + 2

PLACES_MIME = "application/x-recto-places"
"""Rows that are dragged; the view that started the drag knows which."""

Index = QModelIndex | QPersistentModelIndex
_NOTHING = QModelIndex()


class ThumbnailModel(QAbstractListModel):
    """Rows of pages.

    Args:
        loader: Where thumbnails are.
        parent: Owner.
    """

    def __init__(self, loader: ThumbnailLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._rows: list[ThumbnailRow] = []
        self._by_source: dict[str, list[int]] | None = None
        self.side = 256
        loader.ready.connect(self._show_ready)
        loader.failed.connect(self._show_failed)

    @property
    def rows(self) -> Sequence[ThumbnailRow]:
        """All rows, in order."""
        return self._rows

    def set_rows(self, rows: Sequence[ThumbnailRow]) -> None:
        """Show these pages; what is the same at the start and at the end stays as it is."""
        new = list(rows)
        same = _common(self._rows, new)
        behind = _common(self._rows[same:][::-1], new[same:][::-1])
        old_end, new_end = len(self._rows) - behind, len(new) - behind
        both = min(old_end, new_end)
        if same < both:
            self._rows[same:both] = new[same:both]
            self.dataChanged.emit(self.index(same), self.index(both - 1))
        if old_end > both:
            self.beginRemoveRows(_NOTHING, both, old_end - 1)
            del self._rows[both:old_end]
            self.endRemoveRows()
        if new_end > both:
            self.beginInsertRows(_NOTHING, both, new_end - 1)
            self._rows[both:both] = new[both:new_end]
            self.endInsertRows()
        self._by_source = None

    def key_at(self, row: int) -> ThumbnailKey | None:
        """The thumbnail of a row, or None for a page without an image."""
        page = self._rows[row]
        return None if page.source is None else self._thumbnail_of(page, page.source)

    def _thumbnail_of(self, page: ThumbnailRow, source: ImageSource) -> ThumbnailKey:
        return ThumbnailKey(source, page.turns % 4, self.side)

    def row_of(self, key: str) -> int:
        """The row of a page by its key, or -1."""
        return next((place for place, row in enumerate(self._rows) if row.key == key), -1)

    def rowCount(self, parent: Index = _NOTHING) -> int:
        """How many pages."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is known of a page."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.label
            case Qt.ItemDataRole.ToolTipRole:
                return row.name or describe(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return describe(row)
            case _:
                return self._own_data(row, role)

    def _own_data(self, row: ThumbnailRow, role: int) -> Any:
        if role == ROW_ROLE:
            return row
        if row.source is None:
            return None
        if role == PIXMAP_ROLE:
            return self._loader.pixmap(self._thumbnail_of(row, row.source))
        return self._loader.is_broken(row.source) if role == BROKEN_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Pages may be selected and dragged."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return (
            Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren
        )  # fmt: skip

    def mimeTypes(self) -> list[str]:
        """What is dragged."""
        return [PLACES_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The rows of the indexes."""
        data = QMimeData()
        data.setData(PLACES_MIME, ",".join(str(index.row()) for index in indexes).encode())
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        """Pages move; nothing is copied."""
        return Qt.DropAction.MoveAction

    def _show_ready(self, key: ThumbnailKey) -> None:
        self._picture_changed(key.source)

    def _show_failed(self, source: ImageSource, failure: dict[str, Any]) -> None:
        del failure
        self._picture_changed(source)

    def _picture_changed(self, source: ImageSource) -> None:
        if self._by_source is None:
            self._by_source = {}
            for place, row in enumerate(self._rows):
                if row.source is not None:
                    self._by_source.setdefault(row.source.key, []).append(place)
        for place in self._by_source.get(source.key, ()):
            index = self.index(place)
            self.dataChanged.emit(index, index, [PIXMAP_ROLE])


def _common(first: Sequence[ThumbnailRow], second: Sequence[ThumbnailRow]) -> int:
    count = 0
    for mine, theirs in zip(first, second, strict=False):
        if mine is not theirs and mine != theirs:
            break
        count += 1
    return count
