# SPDX-License-Identifier: Apache-2.0
"""A page is shown as far as its rows have come."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.desktop.capture.growing import NOT_YET, GrowingPage, RowsSoFar
from app.desktop.operation import Operations
from hardware.scanner import PageStarted, Photometric
from hardware.spool import part_path, raw_path

OFFSET = 4096


def write(path: Path, rows: bytes) -> None:
    path.write_bytes(bytes(OFFSET) + rows)


@pytest.mark.parametrize(
    ("bits", "samples", "photometric", "row", "expected"),
    [
        (8, 1, "black_is_zero", bytes([10, 200]), [(10, 10, 10), (200, 200, 200)]),
        (8, 3, "rgb", bytes([1, 2, 3, 4, 5, 6]), [(1, 2, 3), (4, 5, 6)]),
        (16, 1, "black_is_zero", bytes([9, 50, 9, 60]), [(50, 50, 50), (60, 60, 60)]),
        (16, 3, "rgb", bytes([0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6]), [(1, 2, 3), (4, 5, 6)]),
        (1, 1, "white_is_zero", bytes([0b01000000]), [(255, 255, 255), (0, 0, 0)]),
        (1, 1, "black_is_zero", bytes([0b01000000]), [(0, 0, 0), (255, 255, 255)]),
    ],
)
def test_rows_of_every_kind_are_shown_and_the_rest_is_gray(
    tmp_path: Path,
    bits: int,
    samples: int,
    photometric: Photometric,
    row: bytes,
    expected: list[tuple[int, int, int]],
) -> None:
    part = tmp_path / "0001.raw.part"
    rows = RowsSoFar(PageStarted(1, 2, 3, bits, samples, photometric, OFFSET), part)
    assert not rows.read()
    write(part, row + row[: len(row) // 2])
    assert rows.read()
    image = rows.image()
    shown = [QColor(image.pixel(x, 0)).getRgb()[:3] for x in range(2)]
    assert shown == expected
    assert QColor(image.pixel(0, 1)).getRgb()[:3] == (NOT_YET,) * 3
    assert rows.share == pytest.approx(1 / 3)


def test_a_great_page_is_made_smaller_and_its_last_rows_are_shown(tmp_path: Path) -> None:
    part = tmp_path / "0001.raw.part"
    rows = RowsSoFar(PageStarted(1, 2000, 5000, 8, 1, "black_is_zero", OFFSET), part)
    write(part, b"\x07" * 2000 * 5000)
    rows.read()
    image = rows.image()
    assert rows.share == 1
    assert max(image.width(), image.height()) <= 1400
    assert QColor(image.pixel(image.width() - 1, image.height() - 1)).getRgb()[:3] == (7, 7, 7)


def test_a_page_that_turns_out_longer_than_guessed_is_shown_as_far_as_it_fits(tmp_path: Path) -> None:
    part = tmp_path / "0001.raw.part"
    rows = RowsSoFar(PageStarted(1, 100, None, 8, 1, "black_is_zero", OFFSET), part)
    write(part, bytes(100 * 1000))
    rows.read()
    assert rows.share == 1


def test_a_page_in_three_passes_is_not_followed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be shown"):
        RowsSoFar(PageStarted(1, 100, 200), tmp_path / "0001.raw.part")


def test_the_page_grows_until_it_is_complete_and_no_longer(tmp_path: Path, qtbot: QtBot) -> None:
    operations = Operations(lambda failure: pytest.fail(str(failure)))
    growing = GrowingPage(operations)
    shares: list[float] = []
    growing.grown.connect(lambda _image, share: shares.append(share))
    part = part_path(raw_path(tmp_path, 1))
    write(part, bytes(10 * 40))
    with qtbot.waitSignal(growing.grown):
        growing.follow(PageStarted(1, 10, 100, 8, 1, "black_is_zero", OFFSET), tmp_path)
    write(part, bytes(10 * 80))
    qtbot.waitUntil(lambda: shares[-1:] == [0.8])
    growing.stop()
    qtbot.waitUntil(lambda: not operations.running)
    assert shares == [0.4, 0.8]
    operations.shut_down()
