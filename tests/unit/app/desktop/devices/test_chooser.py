# SPDX-License-Identifier: Apache-2.0
"""Choosing a device: found ones come in, and a simulated scanner is an equal choice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.desktop.devices.chooser import DeviceChooser
from app.desktop.devices.directory import DeviceDirectory
from app.desktop.workplace import Workplace
from tests.unit.app.desktop.devices.conftest import Until
from workers.settings import load_settings
from workers.settings_file import remove_device


@pytest.fixture
def chooser(workplace: Workplace, qtbot: QtBot) -> Iterator[DeviceChooser]:
    """A chooser as a dialog or the first run shows it."""
    made = DeviceChooser(workplace)
    qtbot.addWidget(made)
    made.resize(480, 400)
    made.show()
    yield made
    DeviceDirectory.of(workplace).shut_down()


def test_the_first_device_that_comes_is_marked_and_taken_with_enter(
    chooser: DeviceChooser, qtbot: QtBot, until: Until
) -> None:
    until(lambda: chooser.device_id == "simulated:flatbed")
    qtbot.keyClick(chooser.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(chooser.accepted) as accepted:
        qtbot.keyClick(chooser.view, Qt.Key.Key_Return)
    assert accepted.args == ["simulated:feeder"]


def test_a_device_that_is_wanted_before_it_is_found_is_marked_when_it_comes(
    chooser: DeviceChooser, until: Until
) -> None:
    chooser.choose("simulated:feeder")
    until(lambda: chooser.device_id == "simulated:feeder")


def test_without_any_device_one_button_gives_a_simulated_one(
    workplace: Workplace, qtbot: QtBot, until: Until
) -> None:
    remove_device("simulated", "feeder")
    workplace.node.settings = remove_device("simulated", "flatbed")
    chooser = DeviceChooser(workplace)
    qtbot.addWidget(chooser)
    directory = DeviceDirectory.of(workplace)
    until(lambda: not directory.is_searching)
    assert chooser.device_id == ""
    chooser.simulate.click()
    until(lambda: chooser.device_id == "simulated:flatbed")
    assert [device.name for device in load_settings().devices.simulated] == ["flatbed"]
    directory.shut_down()
