# SPDX-License-Identifier: Apache-2.0
"""The pixels of SANE's test device are those that scanimage delivers with the same options."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from hardware.configuration import HardwareConfiguration
from hardware.options import Value
from hardware.scanner import PageFile

pytestmark = pytest.mark.sane

Pixels = npt.NDArray[np.uint16]
ReadPixels = Callable[[PageFile], Pixels]
Scanimage = Callable[[Mapping[str, Value]], Pixels]

TEST_DEVICE = "sane:test:0"
# a width that fills neither bytes nor words
AREA: dict[str, Value] = {"resolution": 61, "br-x": 67, "br-y": 43}


@pytest.mark.parametrize(
    ("mode", "depth"), [("Gray", 1), ("Gray", 8), ("Gray", 16), ("Color", 8), ("Color", 16)]
)
def test_pixels_are_those_of_scanimage(
    scan: Callable[..., Any],
    sane: HardwareConfiguration,
    scanimage: Scanimage,
    pixels: ReadPixels,
    mode: str,
    depth: int,
) -> None:
    for picture in ("Grid", "Color pattern"):
        values: dict[str, Value] = {"mode": mode, "depth": depth, **AREA, "test-picture": picture}
        page = scan(TEST_DEVICE, sane, values).page
        expected = scanimage(values)
        assert pixels(page).shape == expected.shape
        assert np.array_equal(pixels(page), expected), picture
        assert len(np.unique(expected)) > 1
        assert (page.bits_per_sample, page.samples_per_pixel) == (depth, 3 if mode == "Color" else 1)
        assert page.dpi == (61, 61)


def test_the_digest_is_that_of_the_rows_and_the_file_has_nothing_else(
    scan: Callable[..., Any], sane: HardwareConfiguration
) -> None:
    for depth in (1, 8, 16):
        values: dict[str, Value] = {"mode": "Gray", "depth": depth, **AREA, "test-picture": "Grid"}
        page = scan(TEST_DEVICE, sane, values).page
        content = page.path.read_bytes()
        room, data = content[: page.pixel_offset], content[page.pixel_offset :]
        assert room == bytes(page.pixel_offset)
        assert page.pixel_sha256 == hashlib.sha256(data).hexdigest()
        assert len(data) == page.height * page.bytes_per_row
        assert page.complete
        assert [path.name for path in page.path.parent.iterdir()] == ["0001.raw"]


def test_one_bit_colour_has_the_grid_of_eight_bit_colour(
    scan: Callable[..., Any], sane: HardwareConfiguration, scanimage: Scanimage, pixels: ReadPixels
) -> None:
    # scanimage itself gives up on 1-bit colour
    values: dict[str, Value] = {"mode": "Color", "depth": 1, **AREA, "test-picture": "Grid"}
    page = scan(TEST_DEVICE, sane, values).page
    assert np.array_equal(pixels(page), scanimage({**values, "depth": 8}))
    assert (page.bits_per_sample, page.photometric) == (8, "rgb")


def test_one_bit_colour_has_all_eight_colours_in_their_order(
    scan: Callable[..., Any], sane: HardwareConfiguration, pixels: ReadPixels
) -> None:
    # sane-test(5) counts through the colours: a swapped channel would change the order
    values: dict[str, Value] = {
        "mode": "Color",
        "depth": 1,
        "resolution": 100,
        "test-picture": "Color pattern",
    }
    first_row = pixels(scan(TEST_DEVICE, sane, values).page)[0] // 255
    numbers = [number for number, _ in itertools.groupby((first_row @ np.array([4, 2, 1])).tolist())]
    assert numbers[:8] == [0, 1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(("mode", "depth"), [("Gray", 16), ("Color", 8)])
def test_padding_is_not_part_of_the_page(
    scan: Callable[..., Any],
    sane: HardwareConfiguration,
    scanimage: Scanimage,
    pixels: ReadPixels,
    mode: str,
    depth: int,
) -> None:
    values: dict[str, Value] = {"mode": mode, "depth": depth, **AREA, "test-picture": "Grid"}
    page = scan(TEST_DEVICE, sane, {**values, "ppl-loss": 7}).page
    whole = scanimage(values)
    # the device drops the pixels at the right and leaves their bytes in the row
    assert page.width == whole.shape[1] - 7
    assert np.array_equal(pixels(page), whole[:, :-7])


@pytest.mark.parametrize("depth", [1, 8, 16])
def test_three_passes_in_any_order_are_the_picture_of_one_pass(
    scan: Callable[..., Any], sane: HardwareConfiguration, depth: int
) -> None:
    values: dict[str, Value] = {"mode": "Color", "depth": depth, **AREA, "test-picture": "Color pattern"}
    orders = ["RGB", "RBG", "GBR", "GRB", "BRG", "BGR"] if depth == 8 else ["BRG"]
    expected = scan(TEST_DEVICE, sane, values).page.pixel_sha256
    for order in orders:
        page = scan(TEST_DEVICE, sane, {**values, "three-pass": True, "three-pass-order": order}).page
        assert page.pixel_sha256 == expected, order
        assert [path.name for path in page.path.parent.iterdir()] == ["0001.raw"]


def test_an_unknown_height_is_read_to_its_end(
    scan: Callable[..., Any], sane: HardwareConfiguration, scanimage: Scanimage, pixels: ReadPixels
) -> None:
    values: dict[str, Value] = {
        "mode": "Color",
        "resolution": 61,
        "hand-scanner": True,
        "test-picture": "Grid",
    }
    scanned = scan(TEST_DEVICE, sane, values)
    assert scanned.events[0].height is None
    assert np.array_equal(pixels(scanned.page), scanimage(values))


def test_short_reads_make_no_difference(scan: Callable[..., Any], sane: HardwareConfiguration) -> None:
    values: dict[str, Value] = {"mode": "Color", "depth": 16, "resolution": 20, "test-picture": "Grid"}
    expected = scan(TEST_DEVICE, sane, values).page.pixel_sha256
    for size in (1, 7, 65536):
        limited = {**values, "read-limit": True, "read-limit-size": size}
        assert scan(TEST_DEVICE, sane, limited).page.pixel_sha256 == expected, size


def test_parameters_are_those_after_the_start(scan: Callable[..., Any], sane: HardwareConfiguration) -> None:
    values: dict[str, Value] = {**AREA, "test-picture": "Grid"}
    exact = scan(TEST_DEVICE, sane, values).page
    fuzzy = scan(TEST_DEVICE, sane, {**values, "fuzzy-parameters": True}).page
    assert (fuzzy.width, fuzzy.height, fuzzy.pixel_sha256) == (exact.width, exact.height, exact.pixel_sha256)


def test_reads_that_do_not_block_are_waited_for(
    scan: Callable[..., Any], sane: HardwareConfiguration
) -> None:
    values: dict[str, Value] = {**AREA, "test-picture": "Grid"}
    exact = scan(TEST_DEVICE, sane, values).page
    assert scan(TEST_DEVICE, sane, {**values, "non-blocking": True}).page.pixel_sha256 == exact.pixel_sha256


def _peak_memory(process_id: int) -> int:
    """Bytes of memory that a process has had at most (VmHWM of proc(5))."""
    status = Path(f"/proc/{process_id}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) * 1024


@pytest.mark.parametrize("three_pass", [False, True], ids=["one pass", "three passes"])
def test_memory_does_not_grow_with_the_page(
    opened: Callable[..., Any],
    sane: HardwareConfiguration,
    tmp_path: Path,
    three_pass: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    from hardware.scanner import PageCompleted, ScanRequest

    session = opened(TEST_DEVICE, sane)
    # the test backend keeps some rows of its picture in memory, of this one the fewest
    options: dict[str, Value] = {"mode": "Color", "depth": 16, "test-picture": "Solid black"}
    session.apply({**options, "br-x": 200, "br-y": 200, "three-pass": three_pass})
    peaks, sizes = [], []
    for dpi in (120, 380):
        session.apply({"resolution": dpi})
        events = list(session.scan(ScanRequest(tmp_path / "spool", 1)))
        (page,) = [event.page for event in events if isinstance(event, PageCompleted)]
        peaks.append(_peak_memory(session.process_id))
        sizes.append(page.height * page.bytes_per_row)
    assert sizes[1] > 10 * sizes[0] > 50e6
    assert peaks[1] - peaks[0] < 4e6
