# SPDX-License-Identifier: Apache-2.0
"""Devices as rows of a list."""

from __future__ import annotations

from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from app.desktop.devices.device_delegate import ROW_HEIGHT, DeviceDelegate
from app.desktop.devices.device_model import DeviceModel
from app.desktop.devices.device_record import DeviceRecord
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from hardware.scanner import DeviceInfo

FEEDER = DeviceInfo("sane:fujitsu:1", "fujitsu", "Fujitsu", "fi-7900", "sheetfed scanner", simulated=False)


def test_a_row_is_high_enough_for_a_glove_and_drawn_in_the_colour_of_the_state(
    theme: Theme, qtbot: QtBot
) -> None:
    model = DeviceModel()
    model.put(DeviceRecord(FEEDER, state="offline"))
    view = QListView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.setItemDelegate(DeviceDelegate(theme, view))
    view.resize(400, 200)
    view.show()
    assert view.visualRect(model.index(0)).height() == ROW_HEIGHT >= 32
    trouble = theme.color(Role.TROUBLE)
    row = view.viewport().grab(view.visualRect(model.index(0))).toImage()
    colours = {
        row.pixelColor(x, y).name()
        for x in range(row.width())
        for y in range(row.height() // 2, row.height())
    }
    assert trouble.name() in colours
