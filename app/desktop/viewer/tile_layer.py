# SPDX-License-Identifier: Apache-2.0
"""Paints a page from its tiles: those that are there, and coarser ones under those that are not yet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from app.desktop.viewer.camera import Camera
from app.desktop.viewer.image_store import ImageStore
from app.desktop.viewer.tile_reader import ImageKey, OverviewKey, TileKey, shown_name
from archive.imaging.image_source import ImageSource
from archive.imaging.viewing_copy import TILE, Level, levels_of

_PIXELS_ARE_SEEN = 2.0
"""From this scale on single pixels are looked at: they are painted as squares, not smoothed."""


@dataclass(frozen=True)
class ShownPage:
    """A page as a viewer shows it.

    Attributes:
        key: The caller's name for it.
        source: Its image.
        turns: Quarter turns clockwise.
        marked: Whether clipped pixels are marked.
        description: What the caller says of it.
    """

    key: str
    source: ImageSource
    turns: int
    marked: bool
    description: str

    @cached_property
    def image(self) -> ImageKey:
        """The image that is painted."""
        return ImageKey(shown_name(self.source), self.turns, self.marked)

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """Its sizes, finest first."""
        return levels_of(self.source.width, self.source.height)


def level_for(page: ShownPage, scale: float) -> Level:
    """The coarsest level that still has a pixel for each of the display."""
    levels = page.levels
    halvings = math.floor(math.log2(1 / scale) + 1e-6) if scale < 1 else 0
    return levels[min(halvings, len(levels) - 1)]


def visible_tiles(page: ShownPage, camera: Camera, level: Level, ring: int = 0) -> list[TileKey]:
    """The tiles of a level that are seen, from the middle outwards; with `ring` also those around them."""
    seen = camera.seen()
    if seen.isEmpty():
        return []
    side = TILE << level.number
    columns = _range(seen.left(), seen.right(), side, level.columns, ring)
    rows = _range(seen.top(), seen.bottom(), side, level.rows, ring)
    middle = seen.center() / side
    tiles = [TileKey(page.image, level.number, column, row) for row in rows for column in columns]
    return sorted(
        tiles, key=lambda tile: abs(tile.column + 0.5 - middle.x()) + abs(tile.row + 0.5 - middle.y())
    )


def _range(start: float, end: float, side: int, count: int, ring: int) -> range:
    first = int(start // side) - ring
    last = max(first + 1, math.ceil(end / side) + ring)
    return range(max(0, first), min(count, last))


def paint_page(
    painter: QPainter, page: ShownPage, camera: Camera, store: ImageStore, *, smooth: bool
) -> bool:
    """Paint what is there of a page, in pixels of the display; tell whether nothing sharper is to come."""
    level = level_for(page, camera.scale)
    wanted = visible_tiles(page, camera, level)
    there = [(key, tile) for key in wanted if (tile := store.tile(key)) is not None]
    painter.setRenderHint(
        QPainter.RenderHint.SmoothPixmapTransform, smooth and camera.scale < _PIXELS_ARE_SEEN
    )
    if len(there) < len(wanted):
        _paint_coarser(painter, page, camera, store, level)
    for key, tile in there:
        _paint_tile(painter, camera, level, key, tile)
    return len(there) == len(wanted)


def _paint_coarser(
    painter: QPainter, page: ShownPage, camera: Camera, store: ImageStore, target: Level
) -> None:
    overview = store.overview(OverviewKey(page.image))
    if overview is not None:
        paint_whole(painter, camera, overview)
    for level in reversed(page.levels[target.number + 1 :]):
        for key in visible_tiles(page, camera, level):
            tile = store.tile(key)
            if tile is not None:
                _paint_tile(painter, camera, level, key, tile)


def paint_whole(painter: QPainter, camera: Camera, image: QImage) -> None:
    """Paint an image of the whole turned page, in pixels of the display."""
    place = _rounded(camera.to_view(QRectF(QPointF(), camera.page)))
    seen = place.intersected(camera.view)
    if seen.isEmpty() or place.isEmpty():
        return
    across, down = image.width() / place.width(), image.height() / place.height()
    # only what is seen: scaling a whole page to many times the view would take long
    piece = QRectF(
        (seen.x() - place.x()) * across,
        (seen.y() - place.y()) * down,
        seen.width() * across,
        seen.height() * down,
    )
    painter.drawImage(QRectF(seen), image, piece)


def _paint_tile(painter: QPainter, camera: Camera, level: Level, key: TileKey, tile: QImage) -> None:
    place = _rounded(camera.to_view(_tile_rect(level, key).intersected(QRectF(QPointF(), camera.page))))
    if place.size() == tile.size():
        painter.drawImage(place.topLeft(), tile)
    else:
        painter.drawImage(place, tile)


def tile_rect(page: ShownPage, key: TileKey) -> QRectF:
    """Where a tile lies on the page as stored; the last ones may reach a little beyond its edge."""
    return _tile_rect(page.levels[key.level], key)


def _tile_rect(level: Level, key: TileKey) -> QRectF:
    left, top, right, bottom = (edge << level.number for edge in level.tile_box(key.column, key.row))
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def _rounded(rect: QRectF) -> QRect:
    """On whole pixels, so that neighbours meet without a seam."""
    left, top = round(rect.left()), round(rect.top())
    return QRect(left, top, round(rect.right()) - left, round(rect.bottom()) - top)
