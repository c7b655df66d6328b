# SPDX-License-Identifier: Apache-2.0
"""One process runs a station, however many look whether it does."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from workers.errors import StationBusy
from workers.local_station import LocalStation, station_runs
from workers.settings import load_settings


def test_a_station_runs_once(recto_home: Path) -> None:
    settings = load_settings()
    assert not station_runs(settings)
    with LocalStation(settings, workers=False, beat=False):
        assert station_runs(settings)
        with (
            pytest.raises(StationBusy, match="is run by process"),
            LocalStation(settings, workers=False, beat=False),
        ):
            pass
        assert station_runs(settings)
    assert not station_runs(settings)


def test_whoever_looks_whether_a_station_runs_keeps_none_from_starting(recto_home: Path) -> None:
    settings = load_settings()
    settings.state_directory.mkdir(parents=True)
    (settings.state_directory / "station.lock").touch()
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            station_runs(settings)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        for _ in range(20):
            station = LocalStation(settings, workers=False, beat=False)
            station._take_lock()
            station._stop()
    finally:
        ended.set()
        watcher.join()
