# SPDX-License-Identifier: Apache-2.0
"""Waiting, before a scan, for a sheet in the feeder or for a button of the device."""

from __future__ import annotations

import difflib
import threading

from app.output import err
from hardware.device_process.session import DeviceSession
from hardware.errors import BadOption
from hardware.sensors import PAGE_LOADED, watch


def wait_until_loaded(session: DeviceSession, interval: float, stop: threading.Event) -> bool:
    """Wait until the device says that there is paper, which may be so already.

    Args:
        session: The open device.
        interval: Seconds between two looks.
        stop: Set by another thread to end waiting.

    Returns:
        Whether there is paper; false when the waiting was ended.

    Raises:
        BadOption: The device does not tell.
    """
    _require(session, PAGE_LOADED)
    err.print(f"Waiting for a sheet in {session.device.id}. Ctrl-C ends the waiting.")
    return any(change.name == PAGE_LOADED and change.value for change in watch(session, interval, stop))


def wait_for_button(session: DeviceSession, name: str, interval: float, stop: threading.Event) -> bool:
    """Wait until a button of the device is pressed, or a sensor begins to tell yes.

    Args:
        session: The open device.
        name: The button's option.
        interval: Seconds between two looks.
        stop: Set by another thread to end waiting.

    Returns:
        Whether it was pressed; false when the waiting was ended.

    Raises:
        BadOption: The device has no such button.
    """
    _require(session, name)
    err.print(f"Waiting for the button {name!r} of {session.device.id}. Ctrl-C ends the waiting.")
    changes = watch(session, interval, stop)
    return any(change.name == name and change.value and not change.initial for change in changes)


def _require(session: DeviceSession, name: str) -> None:
    names = list(session.sensors())
    if name in names:
        return
    nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    known = f"It has: {', '.join(names)}." if names else "It has no buttons or sensors."
    raise BadOption(
        f"{session.device.id} has no button or sensor named {name!r}.",
        remedy=f"Did you mean {nearest[0]}? {known}"
        if nearest
        else f"{known} Start the scan without waiting.",
        option=name,
    )
