# SPDX-License-Identifier: Apache-2.0
"""Thumbnails in memory: loaded in threads as views wish for them, the newest wishes first."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from app.desktop.viewer.byte_lru import ByteLru
from app.desktop.viewer.wish_pool import WishPool
from archive.imaging.image_source import ImageSource

SIDES = (256, 512)
"""Pixels of a thumbnail's longer side; the greater one for displays at scale 2."""

PIXMAP_BYTES = 96_000_000


class ThumbnailKey(NamedTuple):
    """A thumbnail.

    Attributes:
        source: The image.
        turns: Quarter turns clockwise.
        side: Pixels of the longer side, one of `SIDES`.
    """

    source: ImageSource
    turns: int
    side: int


Load = Callable[[ThumbnailKey], QImage | None]
"""Makes a thumbnail in a thread; None where it cannot be had yet."""


class ThumbnailLoader(QObject):
    """Thumbnails by key. Images are made in threads, pixmaps here; views say what they show now.

    Args:
        load: Makes a thumbnail, in a thread.
        parent: Owner.
    """

    ready = Signal(object)
    """A thumbnail is there: its key."""
    failed = Signal(object, dict)
    """A thumbnail cannot be made: its source, and the failure."""
    may_be_had = Signal(object)
    """What could not be had when it was wished for can be had now: its source. Wish again."""

    def __init__(self, load: Load, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pixmaps: ByteLru[QPixmap] = ByteLru(PIXMAP_BYTES)
        self._broken: set[str] = set()
        self._pool = WishPool(load, parent=self)
        self._pool.arrived.connect(self._keep)
        self._pool.failed.connect(self._tell_failure)

    def pixmap(self, key: ThumbnailKey) -> QPixmap | None:
        """A thumbnail, if it is here; nothing is loaded."""
        return self._pixmaps.get(key)

    def is_broken(self, source: ImageSource) -> bool:
        """Whether thumbnails of an image cannot be made."""
        return source.cache_name in self._broken

    def wish(self, owner: Hashable, keys: Sequence[ThumbnailKey]) -> None:
        """Replace what an owner shows now, the most urgent first; older wishes of the owner lapse."""
        wanted = [key for key in keys if key not in self._pixmaps and not self.is_broken(key.source)]
        self._pool.wish(owner, wanted)

    def shut_down(self) -> None:
        """End all threads."""
        self._pool.shut_down()

    def _keep(self, key: ThumbnailKey, image: QImage) -> None:
        self._pixmaps.put(key, QPixmap.fromImage(image), image.sizeInBytes())
        self.ready.emit(key)

    def give_up(self, source: ImageSource, failure: dict[str, Any]) -> None:
        """Thumbnails of an image cannot be made; nobody tries again until it is shown by another key."""
        self._broken.add(source.cache_name)
        self.failed.emit(source, failure)

    def _tell_failure(self, key: ThumbnailKey, failure: dict[str, Any]) -> None:
        self.give_up(key.source, failure)
