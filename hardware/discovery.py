# SPDX-License-Identifier: Apache-2.0
"""Finding devices and opening them by id."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import structlog

from hardware.configuration import HardwareConfiguration
from hardware.device_process.session import DeviceSession, OnWaiting
from hardware.errors import DeviceNotFound
from hardware.identity import claimed, recall, remember
from hardware.notices import DiscoveryNotice
from hardware.options import is_utf8
from hardware.sane.search import OnNotice, search
from hardware.scanner import DeviceInfo, ScanSession

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FoundScanner:
    """A device that discovery found: a `hardware.scanner.Scanner`.

    Attributes:
        info: What is known of it without opening it.
        configuration: How to open it.
    """

    info: DeviceInfo
    configuration: HardwareConfiguration

    def open(self) -> ScanSession:
        """Open the device.

        Raises:
            ScannerError: It cannot be opened.
        """
        return open_session(self.info.id, self.configuration)


def list_devices(
    configuration: HardwareConfiguration,
    on_notice: OnNotice | None = None,
    cancelled: threading.Event | None = None,
) -> Iterator[DeviceInfo]:
    """All devices of this station, each as soon as it is known: simulated ones and hot folders first.

    Each SANE backend looks for its devices in a process of its own, for `backend_deadline` at most, and
    all of them for `discovery_deadline`. A libsane that is missing, and backends that crash or hang,
    do not stop the list.

    Args:
        configuration: The devices of this station and limits of time.
        on_notice: Is told of each backend whose devices are missing; the log when left out.
        cancelled: Set by another thread to end the search.
    """
    for device in configuration.simulated:
        from hardware.simulated.device import simulated_info

        yield simulated_info(device)
    for hot in configuration.folders:
        yield hot.info
    if configuration.sane:
        yield from search(configuration, on_notice or _log_notice, cancelled)


def _log_notice(notice: DiscoveryNotice) -> None:
    log.warning("devices are missing", **notice.to_json())


def open_session(
    device_id: str,
    configuration: HardwareConfiguration,
    *,
    on_waiting: OnWaiting | None = None,
    cancelled: threading.Event | None = None,
) -> DeviceSession:
    """Open a device by its id, waiting for one that is busy or warming up.

    A SANE device that has another name than when it was last opened, because it was plugged in anew,
    is found again; `DeviceSession.device` then has its new id.

    Args:
        device_id: The device's id.
        configuration: The devices of this station and limits of time.
        on_waiting: Is told before each pause.
        cancelled: Set by another thread to stop waiting.

    Raises:
        DeviceNotFound: No device of that id answers; the nearest ids are in the remedy.
        ScanCancelled: `cancelled` was set.
        ScannerError: It answers, but cannot be opened.
    """
    try:
        device, backends = _device_message(device_id, configuration)
        session = DeviceSession(
            device_id, device, backends, configuration, on_waiting=on_waiting, cancelled=cancelled
        )
    except DeviceNotFound as error:
        if "candidates" in error.facts:
            raise
        known = [info.id for info in list_devices(configuration)]
        nearest = difflib.get_close_matches(device_id, known, n=3, cutoff=0.4)
        if not nearest:
            raise
        raise DeviceNotFound(
            error.message,
            remedy=f"Did you mean {' or '.join(nearest)}? See all devices with: recto devices",
            **{**error.facts, "nearest": nearest},
        ) from None
    if configuration.known_devices is not None and device["backend"] == "sane":
        remember(configuration.known_devices, device_id, session.device)
    return session


def _device_message(
    device_id: str, configuration: HardwareConfiguration
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What the device process needs to open a device, and the SANE backends it may load."""
    kind, _, name = device_id.partition(":")
    if kind == "simulated":
        for device in configuration.simulated:
            if device.name == name:
                quirks = str(configuration.quirks.absolute()) if configuration.quirks else None
                return {"backend": "simulated", "simulated": device.to_json(), "quirks": quirks}, ()
    if kind == "folder":
        for hot in configuration.folders:
            if hot.name == name:
                return {"backend": "folder", "folder": hot.to_json()}, ()
    # names that drivers tell are always text; what else somebody types is none
    if kind == "sane" and configuration.sane and name and "\0" not in name and is_utf8(name):
        backend = name.partition(":")[0]
        if configuration.chosen_backends is None or backend in configuration.chosen_backends:
            return _sane_message(device_id, name, configuration), (backend,)
    raise DeviceNotFound(f"No device has the id {device_id!r}.", device=device_id)


def _sane_message(device_id: str, name: str, configuration: HardwareConfiguration) -> dict[str, Any]:
    folder = configuration.known_devices
    known = recall(folder, device_id) if folder is not None else None
    return {
        "backend": "sane",
        "name": name,
        "library": configuration.sane_library,
        "known": known.to_json() if known else None,
        "claimed": claimed(folder, device_id) if folder is not None else [],
        "credentials": [asdict(each) for each in configuration.credentials],
        "quirks": str(configuration.quirks.absolute()) if configuration.quirks else None,
    }
