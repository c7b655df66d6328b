# SPDX-License-Identifier: Apache-2.0
"""On its card a device tells the colour target that was scanned last on it, and whether another one is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.devices.device_record import DeviceRecord
from app.desktop.devices.directory import DeviceDirectory
from app.desktop.devices.last_targets import LastTarget
from app.desktop.devices.overview import Overview
from app.desktop.workplace import Workplace
from archive.registry.tables import TargetScanRow
from archive.registry.target_scans import record_target_scan
from hardware.scanner import DeviceInfo

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def scan(device: str, ago: timedelta, level: str) -> TargetScanRow:
    moment = (datetime.now(UTC) - ago).isoformat(timespec="seconds")
    return TargetScanRow(
        device=device,
        scanned_at=moment,
        standard="fadgi-2023",
        level=level,
        measured={"figures": {}},
        file="/target.tif",
        sha256=moment,
        operator="",
    )


@pytest.mark.parametrize(
    ("ago", "level", "words", "is_due"),
    [
        (timedelta(minutes=5), "3 star", "Colour target 5 min ago: 3 star of fadgi-2023", False),
        (timedelta(hours=23), "4 star", "Colour target 23 h ago: 4 star of fadgi-2023", False),
        (timedelta(hours=30), "3 star", "Colour target 30 h ago: 3 star of fadgi-2023; scan it again", True),
        (timedelta(days=9), "3 star", "Colour target 9 days ago: 3 star of fadgi-2023; scan it again", True),
        (timedelta(hours=3), "", "Colour target 3 h ago: no level of fadgi-2023 is reached", True),
    ],
)
def test_level_and_age_are_told_and_a_day_later_another_is_due(
    ago: timedelta, level: str, words: str, is_due: Any
) -> None:
    target = LastTarget(NOW - ago, "fadgi-2023", level)
    assert target.words(NOW) == words
    assert target.is_due(NOW) is is_due


def test_the_newest_target_of_each_device_stands_on_its_card(workplace: Workplace, qtbot: QtBot) -> None:
    with workplace.node.registry.transaction() as session:
        record_target_scan(session, scan("sane:a", timedelta(hours=50), "4 star"))
        record_target_scan(session, scan("sane:a", timedelta(hours=3), "3 star"))
    directory = DeviceDirectory.of(workplace)
    overview = Overview(workplace, directory)
    qtbot.addWidget(overview)
    for name in ("a", "b"):
        info = DeviceInfo(f"sane:{name}", "sane", "Epson", name, "flatbed scanner", simulated=False)
        directory.model.put(DeviceRecord(info))
    with qtbot.waitSignal(overview.targets.changed):
        overview.targets.refresh()
    cards = overview.cards
    assert cards["sane:a"].target_text == "Colour target 3 h ago: 3 star of fadgi-2023"
    # where no target was ever scanned nobody is told to scan one
    assert cards["sane:b"].target_text == ""
    directory.shut_down()
