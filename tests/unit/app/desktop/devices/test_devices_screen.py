# SPDX-License-Identifier: Apache-2.0
"""The screen of stations and devices, on real simulated scanners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.desktop.devices.actions import profile_action
from app.desktop.devices.device_card import DeviceCard
from app.desktop.devices.device_record import DeviceRecord
from app.desktop.devices.device_words import Deed
from app.desktop.devices.profile_dialog import ProfileDialog
from app.desktop.devices.profiles_dialog import ProfilesDialog
from app.desktop.devices.screen import DevicesScreen
from app.desktop.devices.simulated_badge import SimulatedBadge
from app.desktop.devices.simulated_scanner import FAILURE, free_name
from app.desktop.main_window import MainWindow
from app.desktop.theme.theme import Theme
from app.desktop.workplace import Workplace
from hardware.errors import CoverOpen, DeviceWarmingUp, FeederEmpty
from hardware.options import OneOf, OptionDescriptor, OptionType
from hardware.scanner import DeviceInfo
from tests.unit.app.desktop.devices.conftest import Until
from workers.scan_profiles import KEYS, ScanProfile
from workers.settings import load_settings, settings_file
from workers.settings_file import remove_device

EPSON = DeviceInfo("sane:epson2:1", "epson2", "Epson", "V850", "flatbed scanner", simulated=False)


@pytest.fixture
def window(workplace: Workplace, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window on the screen of devices, after the first search."""
    made = MainWindow(workplace)
    qtbot.addWidget(made)
    made.show_screen("devices", {})
    made.show()
    screen = made.open_screen("devices")
    assert isinstance(screen, DevicesScreen)
    qtbot.waitUntil(lambda: not screen.directory.is_searching, timeout=25000)
    yield made
    made.close()


@pytest.fixture
def screen(window: MainWindow) -> DevicesScreen:
    """The screen in the window."""
    made = window.open_screen("devices")
    assert isinstance(made, DevicesScreen)
    return made


def shown(screen: DevicesScreen) -> str:
    """Which page of the screen is seen."""
    pages = {"overview": screen.overview, "details": screen.details, "test scan": screen.trial_page}
    return next(name for name, page in pages.items() if page.isVisible())


# requirement 30
def test_a_simulated_device_wears_its_badge_on_every_page_and_a_real_one_never(
    screen: DevicesScreen, until: Until
) -> None:
    screen.directory.model.put(DeviceRecord(EPSON))
    cards = screen.overview.cards
    assert cards["simulated:flatbed"].findChild(SimulatedBadge).isVisible()
    assert cards["simulated:flatbed"].findChild(SimulatedBadge).word == "SIMULATED"
    assert not cards["sane:epson2:1"].findChild(SimulatedBadge).isVisible()
    screen.show_details("simulated:flatbed")
    assert screen.details.findChild(SimulatedBadge).isVisible()
    until(lambda: screen.details.tree.rowCount() > 0)
    screen.go_back()
    screen.start_test("simulated:flatbed")
    assert screen.trial_page.findChild(SimulatedBadge).isVisible()
    screen.trial.stop()
    until(lambda: not screen.trial.runs)


@pytest.mark.parametrize(
    ("record", "state", "verb", "deed"),
    [
        (DeviceRecord(EPSON), "Ready", "Test scan", Deed.TEST_SCAN),
        (
            DeviceRecord(EPSON, state="waiting", failure=DeviceWarmingUp("x").to_json()),
            "Warming up",
            "Stop",
            Deed.STOP,
        ),
        (
            DeviceRecord(EPSON, state="trouble", failure=CoverOpen("x").to_json()),
            "Cover open",
            "Close cover, then continue",
            Deed.TRY_AGAIN,
        ),
        (
            DeviceRecord(EPSON, state="trouble", failure=FeederEmpty("x").to_json()),
            "Feeder empty",
            "Load sheets, then continue",
            Deed.TRY_AGAIN,
        ),
        (
            DeviceRecord(EPSON, state="scanning", work="letters · 7"),
            "Scanning: letters · 7",
            "Stop",
            Deed.STOP,
        ),
    ],
    ids=["ready", "warming up", "cover open", "feeder empty", "busy"],
)
def test_a_card_says_how_the_device_is_and_has_one_verb(
    theme: Theme, qtbot: QtBot, record: DeviceRecord, state: str, verb: str, deed: Deed
) -> None:
    card = DeviceCard(theme, record)
    qtbot.addWidget(card)
    assert card.state_text == state
    assert card.verb.text() == verb
    with qtbot.waitSignal(card.wanted) as wanted:
        qtbot.keyClick(card.verb, Qt.Key.Key_Space)
    assert wanted.args == ["sane:epson2:1", deed]


def test_a_card_says_since_when_its_device_is_offline(theme: Theme, qtbot: QtBot) -> None:
    since = datetime(2024, 3, 1, 10, 42, tzinfo=UTC)
    card = DeviceCard(theme, DeviceRecord(EPSON, state="offline", offline_since=since))
    qtbot.addWidget(card)
    assert card.state_text.startswith("Offline since ")
    assert ":42" in card.state_text
    assert "24" in card.state_text  # a moment of another day has its date


def test_a_test_scan_shows_the_page_with_what_was_measured_and_leaves_no_file(
    screen: DevicesScreen, window: MainWindow, qtbot: QtBot, until: Until
) -> None:
    screen.directory.controller("simulated:flatbed").open("simulated:flatbed")
    screen.directory.controller("simulated:flatbed").apply({"resolution": 75, "mode": "Gray"})
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert shown(screen) == "test scan"
    until(lambda: bool(screen.trial_page.facts()))
    facts = screen.trial_page.facts()
    assert facts["Resolution"] == "75 dpi"
    assert facts["Colour and depth"] == "gray, 8 bit"
    assert facts["On paper"] == "148 x 210 mm"
    assert "Time" in facts
    folder = screen.workplace.cache / "test-scans"
    assert len(list(folder.iterdir())) == 1
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert shown(screen) == "overview"
    until(lambda: not list(folder.iterdir()))
    until(lambda: screen.directory.model.records[0].test is not None)
    texts = [label.text() for label in screen.overview.cards["simulated:flatbed"].findChildren(QLabel)]
    assert any(text.startswith("Last test scan") and "75 dpi" in text for text in texts)


# requirement 20
def test_the_bar_of_a_test_scan_is_never_full_before_the_page_is_whole(screen: DevicesScreen) -> None:
    for share, value in ((0.0, 0), (0.5, 50), (1.0, 99)):
        screen.trial_page.show_progress(share)
        assert screen.trial_page._bar.value() == value
    screen.trial_page.show_progress(None)
    assert (screen.trial_page._bar.minimum(), screen.trial_page._bar.maximum()) == (0, 0)


def test_a_device_that_no_screen_needs_is_let_go_for_workers_and_other_programs(
    screen: DevicesScreen, until: Until
) -> None:
    controller = screen.directory.controller("simulated:flatbed")
    other = object()
    screen.directory.hold("simulated:flatbed", other)
    screen.show_details("simulated:flatbed")
    until(lambda: controller.state == "ready")
    screen.go_back()
    assert controller.device_id == "simulated:flatbed"
    screen.directory.release("simulated:flatbed", other)
    until(lambda: controller.state == "closed" and not controller.has_thread)
    # one that is busy is let go when it is ready again
    screen.start_test("simulated:flatbed")
    screen.go_back()
    until(lambda: controller.state == "closed" and not controller.has_thread)
    assert screen.overview.cards["simulated:flatbed"].state_text == "Ready"


def test_a_test_scan_that_is_left_while_it_runs_can_be_begun_again_at_once(
    screen: DevicesScreen, until: Until
) -> None:
    for _ in range(2):
        screen.start_test("simulated:feeder")
        assert shown(screen) == "test scan"
        screen.go_back()
    screen.start_test("simulated:feeder")
    until(lambda: screen.trial_page.state_text == "The page came whole")
    assert len(list((screen.workplace.cache / "test-scans").iterdir())) == 1


def test_a_test_scan_that_fails_says_what_to_do_and_is_tried_again_with_the_same_button(
    screen: DevicesScreen, until: Until
) -> None:
    controller = screen.directory.controller("simulated:flatbed")
    controller.open("simulated:flatbed")
    controller.set_option("simulate-cover-open", value=True)
    until(lambda: screen.overview.cards["simulated:flatbed"].state_text == "Cover open")
    screen.overview.cards["simulated:flatbed"].verb.click()
    until(lambda: screen.trial_page.again_button.text() == "Close cover, then continue")
    assert screen.trial_page.state_text == "Cover open"
    controller.apply({"simulate-cover-open": False, "resolution": 75})
    # somebody has closed it: the card needs no button pressed to know
    until(lambda: screen.overview.cards["simulated:flatbed"].state_text == "Ready")

    def pressed_until_it_came() -> bool:
        if screen.trial_page.state_text != "The page came whole" and not screen.trial.runs:
            # a press while the device is still being asked does nothing; a person presses again
            screen.trial_page.again_button.click()
        return screen.trial_page.state_text == "The page came whole"

    until(pressed_until_it_came)


def test_the_details_set_an_option_and_say_what_the_device_made_of_it(
    screen: DevicesScreen, window: MainWindow, qtbot: QtBot, until: Until
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    until(lambda: screen.details.tree.rowCount() > 0)
    details = screen.details
    editor = details.editor
    until(editor.isEnabled)
    assert editor.field is not None
    assert editor.field.accessibleName() == "Scan resolution"
    editor.field.setProperty("value", 5000)
    editor.set_button.click()
    until(lambda: editor.outcome == "Asked 5000, got 1200 dpi")
    until(details.reset.isEnabled)
    details.reset.click()
    until(lambda: screen.directory.controller("simulated:flatbed").options().values["resolution"] == 300)


def test_a_profile_is_kept_from_the_options_and_sets_them_again(screen: DevicesScreen, until: Until) -> None:
    dialogs: list[ProfileDialog] = []

    def answer(dialog: ProfileDialog) -> bool:
        dialogs.append(dialog)
        dialog.name.setText("Fine letters")
        dialog.key.setCurrentIndex(dialog.key.findData("F2"))
        return True

    screen.details._ask = answer
    screen.show_details("simulated:flatbed")
    controller = screen.directory.controller("simulated:flatbed")
    controller.apply({"resolution": 400, "mode": "Gray"})
    until(lambda: controller.options().values.get("resolution") == 400 and controller.state == "ready")
    screen.details.keep_as_profile()
    until(lambda: screen.book.profile("Fine letters") is not None)
    profile = screen.book.profile("Fine letters")
    assert profile is not None
    assert profile.values == {"source": "Flatbed", "mode": "Gray", "depth": 8, "resolution": 400}
    assert profile.device == "Recto Simulated flatbed"
    controller.apply({"resolution": 75})
    (chip,) = screen.details.chips.buttons
    assert chip.text() == "F2  Fine letters"
    until(chip.isEnabled)
    chip.click()
    until(chip.isChecked)
    assert controller.options().values["resolution"] == 400


def test_a_profile_without_a_name_or_with_a_taken_one_cannot_be_saved(theme: Theme, qtbot: QtBot) -> None:
    other = ScanProfile("Letters", {"resolution": 300}, key="F2")
    dialog = ProfileDialog(theme, ScanProfile("New", {"resolution": 200.5, "text": "12"}), [other], ["M"])
    qtbot.addWidget(dialog)
    save = dialog._buttons.button(dialog._buttons.StandardButton.Save)
    assert dialog.profile() == ScanProfile("New", {"resolution": 200.5, "text": "12"})
    for name, can_be in (("", False), ("Letters", False), ("Books", True)):
        dialog.name.setText(name)
        assert save.isEnabled() is can_be
    dialog.key.setCurrentIndex(dialog.key.findData("F2"))
    assert "Letters" in dialog._note.text()
    assert save.isEnabled()


def test_profiles_are_listed_changed_and_removed(
    workplace: Workplace, screen: DevicesScreen, until: Until, qtbot: QtBot
) -> None:
    screen.book.save(ScanProfile("Letters", {"resolution": 300}, key="F2"))
    screen.book.save(ScanProfile("Books", {"resolution": 400}))
    until(lambda: len(screen.book.profiles()) == 2)

    def rename(dialog: ProfileDialog) -> bool:
        dialog.name.setText("Volumes")
        return True

    dialog = ProfilesDialog(screen.book, workplace.theme, [], show=rename)
    qtbot.addWidget(dialog)
    dialog.list.setCurrentRow(1)
    dialog.edit_current()
    until(lambda: [profile.name for profile in screen.book.profiles()] == ["Letters", "Volumes"])
    dialog.list.setCurrentRow(0)
    dialog.remove.click()
    until(lambda: [profile.name for profile in screen.book.profiles()] == ["Volumes"])


def test_a_simulated_scanner_is_added_to_the_settings_with_all_else_kept(
    screen: DevicesScreen, home: Path, until: Until
) -> None:
    file = settings_file()
    file.write_text(f"# ours\n{file.read_text()}")
    screen.add_simulated()
    until(lambda: "simulated:flatbed-2" in screen.overview.cards)
    assert "# ours" in file.read_text()
    assert [device.name for device in load_settings().devices.simulated] == ["flatbed", "feeder", "flatbed-2"]
    assert load_settings().station == "reading-room"


def test_where_the_settings_have_none_the_first_simulated_scanner_is_written_into_them(
    screen: DevicesScreen, until: Until
) -> None:
    remove_device("simulated", "feeder")
    screen.workplace.node.settings = remove_device("simulated", "flatbed")
    screen.workplace.settings_changed.emit()
    until(screen.overview._empty.isVisible)
    screen.workplace.actions.action("devices.add_simulated").trigger()
    until(lambda: list(screen.overview.cards) == ["simulated:flatbed"])


def test_without_a_device_the_screen_offers_both_ways_on(screen: DevicesScreen) -> None:
    screen.directory.model.remove(["simulated:flatbed", "simulated:feeder"])
    assert screen.overview._empty.isVisible()
    assert screen.overview.current == ""
    assert not screen.workplace.actions.action("devices.test").isEnabled()


def test_cards_stand_in_as_many_columns_as_there_is_room_for(
    screen: DevicesScreen, window: MainWindow, until: Until
) -> None:
    for number in range(4):
        screen.directory.model.put(DeviceRecord(replace(EPSON, id=f"sane:epson2:{number}")))
    window.resize(1280, 720)
    until(lambda: screen.overview._grid.columns == 3)
    window.resize(1920, 1080)
    until(lambda: screen.overview._grid.columns >= 4)


def test_icons_follow_the_theme_when_it_is_switched(screen: DevicesScreen) -> None:
    theme = screen.workplace.theme
    theme.set_scheme("light")
    buttons = [
        screen.details.keep,
        screen.trial_page.again_button,
        screen.overview.cards["simulated:flatbed"].verb,
    ]
    light = [button.icon().pixmap(24, 24).toImage() for button in buttons]
    theme.set_scheme("dark")
    dark = [button.icon().pixmap(24, 24).toImage() for button in buttons]
    theme.set_scheme("system")
    assert all(one != other for one, other in zip(light, dark, strict=True))


def test_there_is_an_action_for_each_key_of_a_profile(workplace: Workplace) -> None:
    keys = [workplace.actions.record(profile_action(key)).key for key in KEYS]
    assert keys == list(KEYS)


def test_names_of_simulated_scanners_do_not_repeat() -> None:
    assert free_name("flatbed", set()) == "flatbed"
    assert free_name("flatbed", {"flatbed", "flatbed-2"}) == "flatbed-3"


def test_an_option_that_is_not_in_use_or_only_told_cannot_be_set(screen: DevicesScreen) -> None:
    editor = screen.details.editor
    told = OptionDescriptor(1, "lamp", "Lamp", "", OptionType.BOOL, capabilities=frozenset())
    editor.show_option(told, value=True)
    assert editor.field is not None
    assert not editor.field.isEnabled()
    assert not editor.set_button.isVisibleTo(editor)
    choice = OptionDescriptor(2, "mode", "Mode", "", OptionType.STRING, constraint=OneOf(("Gray", "Color")))
    editor.show_option(choice, "Color")
    assert editor.field.isEnabled()


def test_a_scanner_that_could_not_be_added_is_told_until_it_can(
    screen: DevicesScreen, window: MainWindow, workplace: Workplace, qtbot: QtBot
) -> None:
    sound = settings_file().read_text(encoding="utf-8")
    settings_file().write_text("station = [broken", encoding="utf-8")
    add = workplace.actions.action("devices.add_simulated")
    with qtbot.waitSignal(workplace.failure_reported):
        add.trigger()
    assert settings_file().read_text(encoding="utf-8") == "station = [broken"
    settings_file().write_text(sound, encoding="utf-8")
    with qtbot.waitSignal(workplace.failure_resolved, check_params_cb=lambda key: key == FAILURE):
        add.trigger()
    assert "flatbed-2" in settings_file().read_text(encoding="utf-8")
