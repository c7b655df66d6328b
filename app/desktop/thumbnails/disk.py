# SPDX-License-Identifier: Apache-2.0
"""Thumbnails on disk, by the digest of the pixels and the size; made where there are none yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.desktop.thumbnails.loader import ThumbnailKey, ThumbnailLoader
from app.desktop.viewer.color import to_display, to_qimage
from app.desktop.viewer.copy_maker import CopyMaker, ImageJob
from app.desktop.viewer.tile_reader import TURNS, TileReader
from archive.imaging.image_source import ImageSource
from archive.imaging.viewing_cache import cache_file
from archive.imaging.viewing_overview import small_image

_QUALITY = 85


class DiskThumbnails(QObject):
    """Makes thumbnails, in threads and in the image process, and keeps them on disk.

    Args:
        folder: The cache; it may be deleted any time.
        reader: Knows where viewing copies are.
        parent: Owner.
    """

    made = Signal(object)
    """The image process has made the small image of a source: the source."""
    refused = Signal(object, dict)
    """The image process could not: the source, and the failure."""
    _job_done = Signal(object, object)

    def __init__(self, folder: Path, reader: TileReader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._reader = reader
        self._maker = CopyMaker(self._job_done.emit, folder)
        self._job_done.connect(self._end_job)

    def path(self, source: ImageSource, side: int) -> Path:
        """Where a thumbnail is, or will be."""
        name = source.cache_name
        return self._folder / name[:2] / f"{name}-{side}.jpg"

    def load(self, key: ThumbnailKey) -> QImage | None:
        """A thumbnail, in a thread; None while the image process makes it."""
        source = key.source.read()
        image = self._read(key) or self._make(key, source)
        if image is None:
            self._maker.want(ImageJob("small_image", key.source, self.path(key.source, key.side), key.side))
            return None
        shown = to_display(image, source.icc)
        return to_qimage(shown.transpose(TURNS[key.turns]) if key.turns else shown)

    def shut_down(self) -> None:
        """End the image process."""
        self._maker.shut_down()

    def _read(self, key: ThumbnailKey) -> Image.Image | None:
        path = self.path(key.source, key.side)
        try:
            with Image.open(path, formats=["JPEG"]) as image:
                image.load()
                return image.convert("L" if image.mode == "L" else "RGB")
        except FileNotFoundError:
            return None
        except (OSError, SyntaxError):
            # a power cut has left half a file: it is made again
            path.unlink(missing_ok=True)
            return None

    def _make(self, key: ThumbnailKey, source: ImageSource) -> Image.Image | None:
        copy = self._reader.open_copy(source)
        if copy is not None:
            with copy:
                image = copy.overview(key.side)
        elif source.pixel_offset is not None:
            image = small_image(source, key.side)
        else:
            return None
        with cache_file(self.path(key.source, key.side)) as file:
            image.save(file, "JPEG", quality=_QUALITY, subsampling="4:4:4")
        return image

    def _end_job(self, job: ImageJob, failure: dict[str, Any] | None) -> None:
        if failure is None:
            self.made.emit(job.source)
        else:
            self.refused.emit(job.source, failure)


class SharedThumbnails(ThumbnailLoader):
    """The thumbnails that all strips of the desktop share: memory, disk and image process together.

    Args:
        folder: The desktop's cache.
        reader: Knows where viewing copies are.
        parent: Owner.
    """

    def __init__(self, folder: Path, reader: TileReader, parent: QObject | None = None) -> None:
        self._disk = DiskThumbnails(folder / "thumbnails", reader)
        super().__init__(self._disk.load, parent)
        self._disk.setParent(self)
        self._disk.made.connect(self.may_be_had.emit)
        self._disk.refused.connect(self.give_up)

    def shut_down(self) -> None:
        """End all threads and the image process."""
        super().shut_down()
        self._disk.shut_down()
