# SPDX-License-Identifier: Apache-2.0
"""Files that other software writes into a folder become pages, in order, whole, and are never touched."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from hardware.capture import ScanControl, capture_batch
from hardware.driver import PageAddress
from hardware.errors import BadOption, FeederEmpty, IncompletePage, InputOutputFailure
from hardware.folder.configuration import HotFolder
from hardware.folder.driver import FolderDriver
from hardware.folder.rendition import Rendition, render
from hardware.profile import apply_values
from hardware.scanner import BatchEnded, PageCompleted, PageEvent, PageFile, ScanRequest
from hardware.simulated.glass import read_image
from hardware.spool import forget_page
from tests.camera_raw import SHAPE, write_dng

COLOUR = np.random.default_rng(1).integers(0, 256, (40, 31, 3), np.uint8)
DEEP = np.random.default_rng(2).integers(0, 1 << 16, (40, 31, 3)).astype(np.uint16)


class Time:
    """A clock that pauses move on, and that lets things happen at its pauses."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses = 0
        self.at_pause: Callable[[int], bool | None] = lambda _: None

    def clock(self) -> float:
        return self.now

    def pause(self, seconds: float) -> bool:
        self.now += seconds
        self.pauses += 1
        return bool(self.at_pause(self.pauses))


@pytest.fixture
def watched() -> Time:
    return Time()


@pytest.fixture
def hot(tmp_path: Path) -> HotFolder:
    (tmp_path / "hot").mkdir()
    return HotFolder("overhead", tmp_path / "hot")


def put(path: Path, pixels: Any = COLOUR, dpi: int | None = 300, **options: Any) -> bytes:
    """Write an image; returns its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if pixels.dtype == np.uint16:
        tifffile.imwrite(path, pixels, photometric="rgb", resolution=(dpi, dpi), resolutionunit="inch")
    else:
        Image.fromarray(pixels).save(path, **({"dpi": (dpi, dpi)} if dpi else {}), **options)
    return path.read_bytes()


def capture(
    hot: HotFolder,
    watched: Time,
    spool: Path,
    pages: int | None = None,
    first: int = 1,
    item: str = "",
    dpi: int = 300,
) -> tuple[list[PageFile], list[PageEvent]]:
    driver = FolderDriver(hot, watched.pause, watched.clock)
    apply_values(driver, {"resolution": dpi})
    told: list[PageEvent] = []
    control = ScanControl(threading.Event(), told.append, lambda _: None, read_timeout=1.0)
    capture_batch(driver, ScanRequest(spool, pages, first, "b", item), {"resolution": dpi}, control)
    return [event.page for event in told if isinstance(event, PageCompleted)], told


def digest(pixels: Any) -> str:
    return hashlib.sha256(pixels.tobytes()).hexdigest()


# Which files, in which order


def test_files_become_pages_pixel_for_pixel_and_are_left_as_they_are(
    hot: HotFolder, watched: Time, tmp_path: Path
) -> None:
    written = {
        "1.PNG": put(hot.folder / "1.PNG"),
        "2.tif": put(hot.folder / "2.tif", DEEP),
        "3.jpeg": put(hot.folder / "3.jpeg", quality=90),
        "4.tiff": put(hot.folder / "4.tiff", COLOUR[:, :, 0]),
    }
    pages, told = capture(hot, watched, tmp_path / "spool")
    with Image.open(hot.folder / "3.jpeg") as image:
        rendition = np.asarray(image)
    expected = [COLOUR, DEEP, rendition, COLOUR[:, :, 0]]
    assert [page.pixel_sha256 for page in pages] == [digest(pixels) for pixels in expected]
    assert [(page.bits_per_sample, page.samples_per_pixel) for page in pages] == [
        (8, 3),
        (16, 3),
        (8, 3),
        (8, 1),
    ]
    assert told[-1] == BatchEnded("feeder_empty")
    assert {path.name: path.read_bytes() for path in hot.folder.iterdir()} == written


def test_other_files_and_hidden_ones_do_not_count(hot: HotFolder, watched: Time, tmp_path: Path) -> None:
    put(hot.folder / "b.png")
    put(hot.folder / ".a.png")
    (hot.folder / "a.xmp").write_text("sidecar")
    (hot.folder / "a.png.part").write_bytes(b"half")
    (hot.folder / "a.png").mkdir()
    assert len(capture(hot, watched, tmp_path / "spool")[0]) == 1


@pytest.mark.parametrize(("order", "expected"), [("name", [10, 20, 30]), ("time", [30, 20, 10])])
def test_files_follow_by_name_or_by_time(
    tmp_path: Path, watched: Time, order: Any, expected: list[int]
) -> None:
    hot = HotFolder("a", tmp_path / "hot", order=order)
    for name, value, moment in (("a", 10, 300), ("b", 20, 200), ("c", 30, 100)):
        path = hot.folder / f"{name}.png"
        put(path, np.full((5, 5), value, np.uint8))
        os.utime(path, (moment, moment))
    pages, _ = capture(hot, watched, tmp_path / "spool")
    assert [page.path.read_bytes()[page.pixel_offset] for page in pages] == expected


def test_the_folder_of_the_item_goes_before_the_whole(hot: HotFolder, watched: Time, tmp_path: Path) -> None:
    put(hot.folder / "1.png", np.full((5, 5), 1, np.uint8))
    put(hot.folder / "letter" / "1.png", np.full((5, 5), 2, np.uint8))
    put(tmp_path / "private" / "1.png", np.full((5, 5), 3, np.uint8))
    for item, value in (("letter", 2), ("other", 1), ("../private", 1)):
        (page,) = capture(hot, watched, tmp_path / "spool", item=item)[0]
        assert page.path.read_bytes()[page.pixel_offset] == value, item


def test_a_batch_goes_on_with_the_file_of_its_page(hot: HotFolder, watched: Time, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        put(hot.folder / f"{number}.png", np.full((5, 5), number, np.uint8))
    pages, told = capture(hot, watched, tmp_path / "spool", pages=1, first=2)
    assert [page.path.read_bytes()[page.pixel_offset] for page in pages] == [2]
    assert told[-1] == BatchEnded("limit")
    with pytest.raises(FeederEmpty, match="There are 3 files in folder:overhead, so there is no page 4 yet"):
        capture(hot, watched, tmp_path / "spool", first=4)


# Files that are still being written


def test_a_file_is_waited_for_until_it_stays_as_it_is(hot: HotFolder, watched: Time, tmp_path: Path) -> None:
    path = hot.folder / "1.png"
    whole = put(tmp_path / "whole.png")
    path.write_bytes(b"")

    def write_a_little(pause: int) -> None:
        if pause <= 10:
            path.write_bytes(whole[: len(whole) * pause // 10])

    watched.at_pause = write_a_little
    (page,) = capture(hot, watched, tmp_path / "spool", pages=1)[0]
    assert page.pixel_sha256 == digest(COLOUR)
    assert watched.now >= 10 * 0.2 + hot.settle


@pytest.mark.parametrize("kind", ["png", "jpg", "tif", "deep.tif"])
def test_a_copy_that_stalled_for_long_is_no_page_before_it_is_whole(
    hot: HotFolder, watched: Time, tmp_path: Path, kind: str
) -> None:
    whole = put(tmp_path / f"whole.{kind}", DEEP if kind == "deep.tif" else COLOUR)
    path = hot.folder / f"1.{kind}"
    path.write_bytes(whole[: len(whole) * 2 // 3])

    def write_the_rest(pause: int) -> None:
        # longer than it takes to settle
        if pause == 30:
            path.write_bytes(whole)

    watched.at_pause = write_the_rest
    (page,) = capture(hot, watched, tmp_path / "spool", pages=1)[0]
    assert watched.pauses >= 30
    expected, _ = read_image(tmp_path / f"whole.{kind}")
    assert page.pixel_sha256 == digest(expected)


def test_a_file_that_never_becomes_whole_is_named_and_none_after_it_takes_its_place(
    hot: HotFolder, watched: Time, tmp_path: Path
) -> None:
    whole = put(hot.folder / "1.png")
    (hot.folder / "2.png").write_bytes(whole[:200])
    put(hot.folder / "3.png")
    with pytest.raises(IncompletePage, match=r"page 2 is not whole after 60 seconds: 2\.png") as caught:
        capture(hot, watched, tmp_path / "spool")
    assert "out of the folder" in caught.value.remedy
    assert [path.name for path in (tmp_path / "spool").iterdir()] == ["0001.raw"]


def test_a_file_that_does_not_decode_is_not_tried_again_before_it_changes(
    hot: HotFolder, watched: Time, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = put(hot.folder / "1.png")
    (hot.folder / "1.png").write_bytes(whole[:200])
    tried: list[float] = []

    def counted(path: Path) -> Rendition:
        tried.append(watched.now)
        return render(path)

    def write_the_rest(pause: int) -> None:
        if pause == 50:
            (hot.folder / "1.png").write_bytes(whole)

    monkeypatch.setattr("hardware.folder.driver.render", counted)
    watched.at_pause = write_the_rest
    assert len(capture(hot, watched, tmp_path / "spool", pages=1)[0]) == 1
    assert len(tried) == 2


def test_waiting_can_be_cancelled(hot: HotFolder, watched: Time, tmp_path: Path) -> None:
    (hot.folder / "1.png").touch()
    watched.at_pause = lambda pause: pause == 3
    _, told = capture(hot, watched, tmp_path / "spool")
    assert told == [BatchEnded("cancelled")]


# Files that are yet to come


def test_the_next_file_is_waited_for_when_a_number_of_pages_was_asked_for(
    hot: HotFolder, watched: Time, tmp_path: Path
) -> None:
    put(hot.folder / "1.png")
    watched.at_pause = lambda pause: put(hot.folder / "2.png") and None if pause == 10 else None
    patient = replace(hot, wait=60)
    assert len(capture(patient, watched, tmp_path / "spool", pages=2)[0]) == 2
    began = watched.now
    with pytest.raises(FeederEmpty, match="no page 3 yet"):
        capture(patient, watched, tmp_path / "spool", pages=1, first=3)
    assert watched.now == pytest.approx(began + 60)
    # a scan of all that lies there ends where that ends
    assert len(capture(patient, watched, tmp_path / "spool")[0]) == 2
    assert watched.now < began + 60 + 2 * patient.settle


def test_waiting_for_the_next_file_can_be_cancelled(hot: HotFolder, watched: Time, tmp_path: Path) -> None:
    watched.at_pause = lambda pause: pause == 3
    _, told = capture(replace(hot, wait=60), watched, tmp_path / "spool", pages=1)
    assert told == [BatchEnded("cancelled")]


@pytest.mark.parametrize("poll", [None, True])
def test_a_new_file_is_seen_long_before_the_next_look(
    hot: HotFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, poll: bool | None
) -> None:
    monkeypatch.setattr("hardware.folder.driver.WATCHING", 60.0)
    monkeypatch.setattr("hardware.folder.watch.POLL_SECONDS", 0.1)
    driver = FolderDriver(replace(hot, settle=0.0, wait=60.0, poll=poll))
    driver.load(1)
    whole = put(tmp_path / "whole.png")
    writer = threading.Timer(0.3, (hot.folder / "1.png").write_bytes, [whole])
    writer.start()
    began = time.monotonic()
    driver.start(PageAddress("b", "", 1))
    assert time.monotonic() - began < 30
    writer.join()
    driver.close()
    assert driver.original() is None


# What is kept beside the pixels


def test_a_raw_file_is_kept_untouched_beside_its_rendition(
    hot: HotFolder, watched: Time, tmp_path: Path
) -> None:
    pytest.importorskip("rawpy")
    written = write_dng(hot.folder / "1.DNG")
    (page,) = capture(hot, watched, tmp_path / "spool")[0]
    assert (page.width, page.height, page.bits_per_sample) == (SHAPE[1], SHAPE[0], 16)
    assert page.original is not None
    assert page.original.path(tmp_path / "spool", 1).read_bytes() == written
    assert (page.original.name, page.original.sha256) == ("1.DNG", hashlib.sha256(written).hexdigest())
    assert PageFile.from_json(json.loads(json.dumps(page.to_json()))) == page
    forget_page(tmp_path / "spool", 1)
    assert list((tmp_path / "spool").iterdir()) == []


def test_the_raw_file_behind_an_image_is_kept_and_the_image_is_the_page(
    hot: HotFolder, watched: Time, tmp_path: Path
) -> None:
    written = write_dng(hot.folder / "1.dng")
    put(hot.folder / "1.png")
    (page,) = capture(hot, watched, tmp_path / "spool")[0]
    assert page.pixel_sha256 == digest(COLOUR)
    assert page.original is not None
    assert page.original.path(tmp_path / "spool", 1).read_bytes() == written
    assert page.original.how == "the capture software wrote 1.png"


def test_a_jpeg_is_kept_and_a_png_whose_pixels_say_all_is_not(
    hot: HotFolder, watched: Time, tmp_path: Path
) -> None:
    jpeg = put(hot.folder / "1.jpg")
    put(hot.folder / "2.png")
    first, second = capture(hot, watched, tmp_path / "spool")[0]
    assert first.original is not None
    assert first.original.path(tmp_path / "spool", 1).read_bytes() == jpeg
    assert second.original is None


def test_a_file_that_changes_after_it_was_read_makes_the_page_void(
    hot: HotFolder, watched: Time, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(hot.folder / "1.jpg")

    def write_again(driver: FolderDriver, size: int) -> memoryview | None:
        put(hot.folder / "1.jpg", COLOUR[::-1].copy())
        return read(driver, size)

    read = FolderDriver.read
    monkeypatch.setattr(FolderDriver, "read", write_again)
    with pytest.raises(IncompletePage, match=r"page 1 was made from, 1\.jpg, cannot be kept: it has changed"):
        capture(hot, watched, tmp_path / "spool")
    assert [path.name for path in (tmp_path / "spool").iterdir()] == []


# Refusals


def test_a_file_of_another_resolution_is_refused_and_one_that_states_none_is_not(
    hot: HotFolder, watched: Time, tmp_path: Path
) -> None:
    put(hot.folder / "1.jpg", dpi=72)
    put(hot.folder / "2.png", dpi=None)
    put(hot.folder / "3.png", dpi=400)
    with pytest.raises(BadOption, match=r"3\.png states 399\.999 dpi, but 300 dpi were"):
        capture(hot, watched, tmp_path / "spool")
    assert [path.name for path in sorted((tmp_path / "spool").glob("*.raw"))] == ["0001.raw", "0002.raw"]
    assert len(capture(hot, watched, tmp_path / "spool", pages=1, first=3, dpi=400)[0]) == 1


def test_a_folder_that_is_away_is_named(watched: Time, tmp_path: Path) -> None:
    hot = HotFolder("gone", tmp_path / "gone")
    assert hot.info.state == "missing"
    with pytest.raises(InputOutputFailure, match="gone cannot be read: No such file"):
        capture(hot, watched, tmp_path / "spool")


def test_a_folder_is_a_device_that_is_not_simulated(hot: HotFolder) -> None:
    info = FolderDriver(hot).info
    assert (info.id, info.backend, info.simulated, info.state) == (
        "folder:overhead",
        "folder",
        False,
        "ready",
    )
    assert HotFolder.from_json(json.loads(json.dumps(hot.to_json()))) == hot


@pytest.mark.parametrize(
    "facts", [{"name": ""}, {"order": "size"}, {"settle": -1}, {"settle": 9, "patience": 8}, {"wait": -1}]
)
def test_a_folder_that_cannot_be_watched_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        HotFolder(**{"name": "a", "folder": Path("a"), **facts})


def test_a_resolution_out_of_range_is_clamped_and_that_is_said(hot: HotFolder) -> None:
    driver = FolderDriver(hot)
    assert driver.set("resolution", 9000).inexact
    assert driver.get("resolution") == 4800
    with pytest.raises(BadOption, match="no option named 'mode'"):
        driver.set("mode", "Gray")
