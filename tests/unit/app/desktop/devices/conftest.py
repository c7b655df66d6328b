# SPDX-License-Identifier: Apache-2.0
"""A controller on real processes of simulated devices: quick, slow, jammed, crashing and hanging ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop.devices.controller import DeviceController
from app.desktop.theme.theme import Theme
from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.scanner import PageFile
from hardware.simulated.faults import Fault, FaultKind


@pytest.fixture
def hardware(tmp_path: Path) -> HardwareConfiguration:
    """Simulated devices, and little patience with them."""
    record = tmp_path / "faults"
    return HardwareConfiguration(
        simulated=(
            SimulatedDevice("bed", time_scale=0),
            SimulatedDevice("stack", "feeder", sheets=3, time_scale=0),
            SimulatedDevice("empty", "feeder", faults=(Fault(FaultKind.NO_DOCS, times=None),)),
            SimulatedDevice("endless", "feeder", line_delay=0.002),
            SimulatedDevice("jams", "feeder", faults=(Fault(FaultKind.JAM, page=2),), fault_record=record),
            SimulatedDevice("crashes", faults=(Fault(FaultKind.CRASH),), fault_record=tmp_path / "crash"),
            SimulatedDevice(
                "hangs", "feeder", faults=(Fault(FaultKind.HANG, page=2, line="50%", times=None),)
            ),
            SimulatedDevice(
                "busy", faults=(Fault(FaultKind.BUSY, seconds=0.2),), fault_record=tmp_path / "busy"
            ),
            SimulatedDevice("buttons", "duplex", sheets=2, time_scale=0),
        ),
        sane=False,
        cancel_timeout=0.5,
    )


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """Colours and icons, for widgets that need no workplace."""
    made = Theme(qapp)
    yield made
    made.deleteLater()


@dataclass
class Heard:
    """All that a controller told."""

    pages: list[PageFile] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)
    void: list[int] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    progress: list[Any] = field(default_factory=list)
    waits: list[Any] = field(default_factory=list)


@pytest.fixture
def controller(qtbot: QtBot, hardware: HardwareConfiguration) -> Iterator[DeviceController]:
    """A controller that holds no device yet, and lets go of whatever it took."""
    made = DeviceController(lambda: hardware)
    yield made
    made.close()
    qtbot.waitUntil(lambda: not made.has_thread, timeout=25000)
    made.shut_down()


@pytest.fixture
def heard(controller: DeviceController) -> Heard:
    """What the controller tells from here on."""
    told = Heard()
    controller.page_completed.connect(told.pages.append)
    controller.run_ended.connect(told.ends.append)
    controller.failed.connect(told.failures.append)
    controller.page_void.connect(lambda number, _: told.void.append(number))
    controller.state_changed.connect(told.states.append)
    controller.page_progress.connect(told.progress.append)
    controller.waiting.connect(told.waits.append)
    return told


Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def until(qtbot: QtBot) -> Until:
    """Waits until something is true."""
    return lambda true: qtbot.waitUntil(true, timeout=25000)
