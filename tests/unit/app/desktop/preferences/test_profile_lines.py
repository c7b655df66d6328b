# SPDX-License-Identifier: Apache-2.0
"""The page of scan profiles shows those that there are."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.desktop.devices.profile_book import ProfileBook
from app.desktop.preferences.profile_lines import ProfileLines
from app.desktop.workplace import Workplace
from workers.scan_profiles import ScanProfile


def test_profiles_are_shown_with_their_keys(qtbot: QtBot, workplace: Workplace) -> None:
    lines = ProfileLines(workplace)
    qtbot.addWidget(lines)
    assert lines.text() == "There are none yet."
    book = ProfileBook.of(workplace)
    qtbot.waitUntil(lambda: not workplace.operations.running)
    with qtbot.waitSignal(book.changed):
        book.save(ScanProfile("Letters", {"resolution": 300}, key="F2"))
    assert lines.text() == "F2  ·  Letters"
    qtbot.waitUntil(lambda: not workplace.operations.running)
