# SPDX-License-Identifier: Apache-2.0
"""A store of images, a viewer, and pages whose pixels are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop.theme.theme import Theme
from app.desktop.viewer.image_store import ImageStore
from app.desktop.viewer.page_viewer import PageViewer
from archive.imaging.image_source import ImageSource

MakeSource = Callable[..., ImageSource]


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp)
    made.set_scheme("light")
    yield made
    made.set_scheme("system")
    made.deleteLater()


@pytest.fixture
def store(qapp: QApplication, tmp_path: Path) -> Iterator[ImageStore]:
    made = ImageStore(tmp_path / "cache")
    yield made
    made.shut_down()
    made.deleteLater()


@pytest.fixture
def viewer(qtbot: QtBot, store: ImageStore, theme: Theme) -> PageViewer:
    """A viewer of 600 x 400 pixels, on screen."""
    made = PageViewer(store, theme)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


def page_picture(width: int, height: int) -> Image.Image:
    """A page on which every place has another colour; smooth, so that JPEG keeps it."""
    across = np.linspace(20, 235, width).astype(np.uint8)
    down = np.linspace(20, 235, height).astype(np.uint8)
    samples = np.empty((height, width, 3), np.uint8)
    samples[..., 0], samples[..., 1], samples[..., 2] = across, down[:, None], 255 - across
    return Image.fromarray(samples)


@pytest.fixture
def make_source(tmp_path: Path) -> MakeSource:
    """Writes a page as a spool file or as a JPEG: `make_source(1200, 900, "jpeg", dpi=(300.0, 300.0))`.

    A "black" page is a spool file that takes no time and no room, for tests of places and not of pixels.
    """

    def make(
        width: int = 1200, height: int = 900, kind: str = "raw", *, name: str = "page", **facts: Any
    ) -> ImageSource:
        if kind == "black":
            path = tmp_path / f"{name}.raw"
            with path.open("wb") as file:
                file.truncate(width * height * 3)
            return ImageSource(path, "raw", width, height, 8, 3, "rgb", name, pixel_offset=0)
        image = page_picture(width, height)
        if kind == "jpeg":
            path = tmp_path / f"{name}.jpg"
            image.save(path, quality=97, subsampling="4:4:4", dpi=(300, 300))
            return ImageSource.from_file(path)
        path = tmp_path / f"{name}.raw"
        path.write_bytes(image.tobytes())
        known = {"pixel_offset": 0, "dpi": (300.0, 300.0)} | facts
        return ImageSource(path, "raw", width, height, 8, 3, "rgb", name, **known)

    return make
