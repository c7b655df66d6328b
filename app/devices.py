# SPDX-License-Identifier: Apache-2.0
"""The devices of this station, as the commands find and open them."""

from __future__ import annotations

import threading

from app.output import err
from hardware.configuration import HardwareConfiguration
from hardware.device_process.session import DeviceSession
from hardware.discovery import open_session
from hardware.waiting import DeviceWaiting
from workers.node import Node
from workers.settings import load_settings


def station_hardware() -> HardwareConfiguration:
    """The devices that the settings name, and how they are reached."""
    return Node(load_settings()).hardware()


def say_waiting(waiting: DeviceWaiting) -> None:
    """Tell the person at the terminal why nothing happens."""
    err.print(f"{waiting.error.message} Asking again in {waiting.pause:g} s, for {waiting.left:g} s at most.")


def open_device(
    device_id: str,
    configuration: HardwareConfiguration | None = None,
    *,
    cancelled: threading.Event | None = None,
) -> DeviceSession:
    """Open a device of this station, telling the person at the terminal when it has to be waited for.

    Args:
        device_id: Its id.
        configuration: The station's devices, where they are known already.
        cancelled: Set by another thread to stop waiting.

    Raises:
        ScannerError: No such device answers, or it cannot be opened.
    """
    found = configuration or station_hardware()
    return open_session(device_id, found, on_waiting=say_waiting, cancelled=cancelled)
