# SPDX-License-Identifier: Apache-2.0
"""Thumbnails come from disk, from viewing copies, from rows or from the image process, and survive damage."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop.thumbnails.disk import SharedThumbnails
from app.desktop.thumbnails.loader import ThumbnailKey
from app.desktop.viewer.tile_reader import TileReader
from archive.imaging.image_source import ImageSource
from archive.imaging.viewing_pyramid import build_viewing_copy

RED = (200, 30, 40)


@pytest.fixture
def reader(tmp_path: Path) -> TileReader:
    return TileReader(tmp_path / "cache" / "viewing")


@pytest.fixture
def thumbnails(qapp: QApplication, tmp_path: Path, reader: TileReader) -> Iterator[SharedThumbnails]:
    made = SharedThumbnails(tmp_path / "cache", reader)
    yield made
    made.shut_down()
    made.deleteLater()


def page(tmp_path: Path, kind: str) -> ImageSource:
    """A red page with a dark upper half."""
    image = Image.new("RGB", (600, 800), RED)
    image.paste((20, 20, 20), (0, 0, 600, 400))
    if kind == "raw":
        (tmp_path / "page.raw").write_bytes(image.tobytes())
        return ImageSource(tmp_path / "page.raw", "raw", 600, 800, 8, 3, "rgb", "page", pixel_offset=0)
    image.save(tmp_path / f"page.{kind}", quality=95)
    return ImageSource.from_file(tmp_path / f"page.{kind}", key="page")


def get(qtbot: QtBot, thumbnails: SharedThumbnails, key: ThumbnailKey) -> Image.Image:
    """The thumbnail as a Pillow image."""
    thumbnails.may_be_had.connect(lambda _: thumbnails.wish("test", [key]))
    with qtbot.waitSignal(thumbnails.ready, timeout=20_000):
        thumbnails.wish("test", [key])
    pixmap = thumbnails.pixmap(key)
    assert pixmap is not None
    image = pixmap.toImage()
    picture = Image.new("RGB", (image.width(), image.height()))
    for x in range(0, image.width(), 16):
        for y in range(0, image.height(), 16):
            color = image.pixelColor(x, y)
            picture.putpixel((x, y), (color.red(), color.green(), color.blue()))
    return picture


def is_red(pixel: object) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(found - wanted) < 12 for found, wanted in zip(pixel, RED, strict=True))


@pytest.mark.parametrize("kind", ["raw", "jpg", "png", "tif"])
def test_a_page_of_any_kind_gets_its_thumbnail(
    qtbot: QtBot, thumbnails: SharedThumbnails, tmp_path: Path, kind: str
) -> None:
    image = get(qtbot, thumbnails, ThumbnailKey(page(tmp_path, kind), 0, 256))
    assert image.size == (192, 256)
    assert is_red(image.getpixel((96, 192)))
    assert not is_red(image.getpixel((96, 64)))


def test_a_turned_page_is_turned_from_the_same_file(
    qtbot: QtBot, thumbnails: SharedThumbnails, tmp_path: Path
) -> None:
    source = page(tmp_path, "raw")
    get(qtbot, thumbnails, ThumbnailKey(source, 0, 256))
    source.path.unlink()
    image = get(qtbot, thumbnails, ThumbnailKey(source, 1, 256))
    assert image.size == (256, 192)
    assert is_red(image.getpixel((64, 96))), "the lower half is on the left"
    assert len(list((tmp_path / "cache" / "thumbnails").rglob("*.jpg"))) == 1


def test_the_viewing_copy_serves_when_the_page_is_gone(
    qtbot: QtBot, thumbnails: SharedThumbnails, reader: TileReader, tmp_path: Path
) -> None:
    source = page(tmp_path, "jpg")
    build_viewing_copy(source, reader.copy_path(source))
    source.path.unlink()
    assert is_red(get(qtbot, thumbnails, ThumbnailKey(source, 0, 256)).getpixel((96, 192)))


def test_a_file_nobody_has_read_yet_is_read_when_it_is_shown(
    qtbot: QtBot, thumbnails: SharedThumbnails, tmp_path: Path
) -> None:
    source = ImageSource.unread(page(tmp_path, "tif").path, key="page")
    assert get(qtbot, thumbnails, ThumbnailKey(source, 0, 256)).size == (192, 256)


def test_half_a_file_in_the_cache_is_made_again(
    qtbot: QtBot, thumbnails: SharedThumbnails, tmp_path: Path
) -> None:
    source = page(tmp_path, "raw")
    get(qtbot, thumbnails, ThumbnailKey(source, 0, 256))
    [kept] = (tmp_path / "cache" / "thumbnails").rglob("*.jpg")
    os.truncate(kept, kept.stat().st_size // 2)
    assert is_red(get(qtbot, thumbnails, ThumbnailKey(source, 2, 256)).getpixel((96, 64)))


def test_an_image_that_cannot_be_read_is_told_once(
    qtbot: QtBot, thumbnails: SharedThumbnails, tmp_path: Path
) -> None:
    source = page(tmp_path, "png")
    os.truncate(source.path, 150)
    with qtbot.waitSignal(thumbnails.failed, timeout=20_000) as told:
        thumbnails.wish("test", [ThumbnailKey(source, 0, 256)])
    assert told.args[0] == source
    assert told.args[1]["code"] == "imaging.damaged"
    assert thumbnails.is_broken(source)
