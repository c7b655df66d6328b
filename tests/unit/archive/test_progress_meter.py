# SPDX-License-Identifier: Apache-2.0
"""Counting and telling."""

from __future__ import annotations

import pytest

from archive import progress_meter
from archive.progress import Progress
from archive.progress_meter import ProgressMeter


def test_first_and_last_are_told_and_little_between() -> None:
    seen: list[Progress] = []
    meter = ProgressMeter(seen.append, "Counting", 1000, "pages")
    meter.start()
    for _ in range(1000):
        meter.advance(1)
    meter.finish()
    assert seen[0] == Progress("Counting", 0, 1000, "pages")
    assert seen[-1] == Progress("Counting", 1000, 1000, "pages")
    assert len(seen) < 10


def test_a_resumed_piece_of_work_starts_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_meter, "INTERVAL", 0.0)
    seen: list[Progress] = []
    meter = ProgressMeter(seen.append, "Counting", None)
    meter.start(7)
    meter.advance(2)
    assert [progress.done for progress in seen] == [7, 9]
