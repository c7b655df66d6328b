# SPDX-License-Identifier: Apache-2.0
"""The images of the desktop, shared by all viewers: loaded in threads, kept while there is room."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import structlog
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.desktop.viewer.byte_lru import ByteLru
from app.desktop.viewer.color import ColorManagement, color_management
from app.desktop.viewer.copy_maker import CheckJob, CopyMaker, ImageJob
from app.desktop.viewer.tile_reader import OverviewKey, SampleKey, TileKey, TileReader, shown_name
from app.desktop.viewer.wish_pool import WishPool
from archive.imaging.image_source import ImageSource

log = structlog.get_logger(__name__)

TILE_BYTES = 160_000_000
OVERVIEW_BYTES = 64_000_000

PieceKey = OverviewKey | TileKey | SampleKey


class ImageStore(QObject):
    """Overviews and tiles of images. Nothing here reads a file on the caller's thread.

    Args:
        folder: Where viewing copies are kept; it may be deleted any time.
        parent: Owner.
    """

    piece_ready = Signal(object)
    """An overview or a tile is there: its key."""
    copy_ready = Signal(str)
    """The viewing copy of an image was made: its cache name."""
    samples_ready = Signal(object, tuple)
    """The sample values of a pixel: its key and the values."""
    failed = Signal(str, dict)
    """An image cannot be shown: its name, and the failure."""
    checked = Signal(str, object)
    """A page was checked: the key of its source, and the checks as JSON objects, or None where it could not be."""
    _job_done = Signal(object, object)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reader = TileReader(folder / "viewing")
        self._sources: dict[str, ImageSource] = {}
        self._broken: dict[str, dict[str, Any]] = {}
        self._management: dict[str, ColorManagement] = {}
        self._tiles: ByteLru[QImage] = ByteLru(TILE_BYTES)
        self._overviews: ByteLru[QImage] = ByteLru(OVERVIEW_BYTES)
        self._pool = WishPool(self._load, parent=self)
        self._pool.arrived.connect(self._keep)
        self._pool.failed.connect(self._tell_failure)
        self._maker = CopyMaker(self._job_done.emit, folder / "viewing", self._tell_checks)
        self._job_done.connect(self._end_job)

    def add(self, source: ImageSource) -> str:
        """Make an image known; returns its name. An image that failed before may be tried again."""
        name = shown_name(source)
        self._sources[name] = source
        self._broken.pop(name, None)
        return name

    def tile(self, key: TileKey) -> QImage | None:
        """A tile, if it is here."""
        return self._tiles.get(key)

    def overview(self, key: OverviewKey) -> QImage | None:
        """An overview, if it is here."""
        return self._overviews.get(key)

    def color_management(self, name: str) -> ColorManagement | None:
        """How the colours of an image are shown; None before its overview was loaded."""
        return self._management.get(name)

    def wish(self, owner: Hashable, keys: Sequence[PieceKey]) -> None:
        """Replace what an owner wishes for; what is here already or cannot be had is left out."""
        wanted = [key for key in keys if not self._is_here(key) and self._name_of(key) not in self._broken]
        self._pool.wish(owner, wanted)

    def check(self, source: ImageSource, profile: str) -> None:
        """Have a captured page checked in the image process, which yields to every capture.

        Args:
            source: The page's image, with plain rows.
            profile: The name or path of the quality profile.
        """
        self._maker.want(CheckJob(source, profile))

    def _tell_checks(self, job: CheckJob, found: list[dict[str, Any]] | None) -> None:
        self.checked.emit(job.source.key, found)

    @property
    def image_process(self) -> int | None:
        """The process that makes viewing copies, if it runs."""
        return self._maker.process_id

    def shut_down(self) -> None:
        """End all threads and the image process."""
        self._pool.shut_down()
        self._maker.shut_down()

    def _is_here(self, key: PieceKey) -> bool:
        if isinstance(key, OverviewKey):
            return key in self._overviews
        return key in self._tiles

    @staticmethod
    def _name_of(key: PieceKey) -> str:
        return key.name if isinstance(key, SampleKey) else key.image.name

    def _load(self, key: PieceKey) -> object:
        """In a thread: the value of a key."""
        source = self._sources[self._name_of(key)]
        if isinstance(key, SampleKey):
            return self.reader.samples(source, key.x, key.y)
        if isinstance(key, TileKey):
            tile = self.reader.tile(source, key)
            # a copy is not begun before the overview is there: it would take disk and processor from it
            if tile is None and (source.pixel_offset is None or OverviewKey(key.image) in self._overviews):
                self._want_copy(source)
            return tile
        self._management[self._name_of(key)] = color_management(source)
        overview = self.reader.overview(source, key)
        self._want_copy(source)
        return overview

    def _want_copy(self, source: ImageSource) -> None:
        path = self.reader.copy_path(source)
        if not path.exists():
            # the image's own pixels need no copy where they can be read in place
            finest = 0 if source.pixel_offset is None else 1
            self._maker.want(ImageJob("viewing_copy", source, path, finest))

    def _keep(self, key: PieceKey, value: Any) -> None:
        if isinstance(key, SampleKey):
            self.samples_ready.emit(key, value)
            return
        store = self._overviews if isinstance(key, OverviewKey) else self._tiles
        store.put(key, value, value.sizeInBytes())
        self.piece_ready.emit(key)

    def _tell_failure(self, key: PieceKey, failure: dict[str, Any]) -> None:
        self._break(self._name_of(key), failure)

    def _end_job(self, job: ImageJob, failure: dict[str, Any] | None) -> None:
        name = shown_name(job.source)
        if failure is None:
            # they were made of fewer rows than the copy
            self._overviews.remove_where(lambda key: key.image.name == name)
            self.copy_ready.emit(job.source.cache_name)
        elif job.source.pixel_offset is None:
            self._break(name, failure)
        elif failure.get("gone"):
            # an item that has gone on took its pages along; whoever shows them asks anew, at their new place
            log.info("viewing_copy.not_needed", image=str(job.source.path))
        else:
            # the page is seen all the same, from its rows; only sizes in between are less sharp
            log.warning("viewing_copy.not_made", image=str(job.source.path), failure=failure)

    def _break(self, name: str, failure: dict[str, Any]) -> None:
        self._broken[name] = failure
        self.failed.emit(name, failure)
