# SPDX-License-Identifier: Apache-2.0
"""The book of scan profiles: shared, durable, and honest where the manifest wins."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.desktop.devices.controller import DeviceController
from app.desktop.devices.profile_book import ProfileBook
from app.desktop.failure_notice import FailureNotice
from app.desktop.workplace import Workplace
from hardware.scanner import DeviceInfo
from tests.unit.app.desktop.devices.conftest import Until
from workers.scan_profiles import Overruled, ScanProfile, profiles_file, read_profiles

FLATBED = DeviceInfo(
    "simulated:bed", "simulated", "Recto", "Simulated flatbed", "flatbed scanner", simulated=True
)


def test_a_profile_is_kept_for_every_screen_and_for_the_next_start(
    workplace: Workplace, qtbot: QtBot
) -> None:
    book = ProfileBook.of(workplace)
    assert ProfileBook.of(workplace) is book
    profile = ScanProfile("Letters", {"resolution": 300}, key="F2")
    with qtbot.waitSignal(book.changed):
        book.save(profile)
    assert book.profiles() == (profile,)
    assert book.on_key("F2", FLATBED) == profile
    assert book.on_key("F3", FLATBED) is None
    assert read_profiles(profiles_file()) == (profile,)
    with qtbot.waitSignal(book.changed):
        book.remove("Letters")
    assert read_profiles(profiles_file()) == ()


def test_on_one_key_the_profile_of_the_model_comes_before_the_one_for_any(
    workplace: Workplace, qtbot: QtBot, home: Path
) -> None:
    own = ScanProfile("Own", {}, device="Recto Simulated flatbed", key="F4")
    file = profiles_file()
    file.write_text(
        '{"format": "recto scan profiles 1", "profiles": ['
        '{"name": "Any", "values": {}, "key": "F4"},'
        '{"name": "Own", "values": {}, "device": "Recto Simulated flatbed", "key": "F4"}]}'
    )
    book = ProfileBook.of(workplace)
    qtbot.waitUntil(lambda: len(book.profiles()) == 2)
    assert book.on_key("F4", FLATBED) == own
    assert [profile.name for profile in book.profiles(None)] == ["Any", "Own"]


def test_a_file_that_cannot_be_read_is_told_with_its_name_and_left_alone(
    workplace: Workplace, qtbot: QtBot
) -> None:
    file = profiles_file()
    file.write_text("rubbish")
    with qtbot.waitSignal(workplace.failure_reported) as told:
        ProfileBook.of(workplace).save(ScanProfile("Letters", {}))
    (notice,) = told.args
    assert isinstance(notice, FailureNotice)
    assert str(file) in notice.failure["message"]
    assert notice.remedy_title
    qtbot.waitUntil(lambda: not workplace.operations.running)
    assert file.read_text() == "rubbish"


def test_a_profile_is_applied_as_a_whole_and_gives_way_to_the_manifest(
    workplace: Workplace, controller: DeviceController, until: Until
) -> None:
    book = ProfileBook.of(workplace)
    told: list[tuple[str, tuple[Overruled, ...]]] = []
    book.overruled.connect(lambda name, differences: told.append((name, differences)))
    applied: list[dict[str, object]] = []
    controller.applied.connect(applied.append)
    controller.open("simulated:bed")
    book.apply(controller, ScanProfile("Fine", {"resolution": 600, "mode": "Gray"}), {"resolution": 300})
    until(lambda: bool(applied))
    assert controller.options().values["resolution"] == 300
    assert controller.options().values["mode"] == "Gray"
    assert told == [("Fine", (Overruled("resolution", 600, 300),))]
