# SPDX-License-Identifier: Apache-2.0
"""All screens share one store of images, which ends with the workplace and takes its process along."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.thumbnails.strip import ThumbnailStrip
from app.desktop.viewer.page_viewer import PageViewer
from app.desktop.workplace import Workplace
from archive.imaging.image_source import ImageSource
from hardware.scanner import DeviceInfo, PageFile
from workers.raw_pages import image_source_of


def test_screens_share_images_until_the_workplace_ends(
    qtbot: QtBot, workplace: Workplace, make_source: Callable[..., ImageSource]
) -> None:
    assert workplace.images is workplace.images
    assert workplace.thumbnails is workplace.thumbnails
    viewer = PageViewer(workplace.images, workplace.theme)
    strip = ThumbnailStrip(workplace.thumbnails, workplace.theme)
    qtbot.addWidget(viewer)
    qtbot.addWidget(strip)
    with qtbot.waitSignal(workplace.images.copy_ready, timeout=20_000):
        viewer.show_page("1", make_source())
    process = workplace.images.image_process
    assert process is not None
    assert list(workplace.cache.rglob("*.tiles"))
    workplace.images.shut_down()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.parametrize(("dpi", "expected"), [((300.0, 600.0), (300.0, 600.0)), ((0.0, 0.0), None)])
def test_a_page_from_a_scanner_is_an_image_without_a_look_at_its_file(
    dpi: tuple[float, float], expected: tuple[float, float] | None
) -> None:
    device = DeviceInfo("simulated:a", "simulated", "", "", "flatbed scanner", simulated=True)
    page = PageFile(
        path=Path("/nowhere/1.raw"), number=1, width=10, height=20, bits_per_sample=16, samples_per_pixel=3,
        photometric="rgb", pixel_sha256="ab" * 32, dpi=dpi, options={}, device=device, started_at="",
        finished_at="", bytes_received=1200, complete=True, pixel_offset=4096,
    )  # fmt: skip
    source = image_source_of(page, b"profile")
    assert (source.key, source.pixel_offset, source.dpi) == ("ab" * 32, 4096, expected)
    assert source.icc == b"profile"
