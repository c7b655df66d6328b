# SPDX-License-Identifier: Apache-2.0
"""What a device is at in the operator's words: a word, a colour, an icon, and the one thing to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.theme.roles import Role
from hardware.scanner import DeviceInfo
from hardware.sources import is_feeder


class Deed(StrEnum):
    """What the one button of a device does."""

    TEST_SCAN = "test_scan"
    STOP = "stop"
    TRY_AGAIN = "try_again"
    LOOK_AGAIN = "look_again"
    OPTIONS = "options"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class DeviceWord:
    """How a condition is shown. Word and verb are translated in the context "devices".

    Attributes:
        word: The state, as somebody who stands in front of the device would say it.
        role: Its colour.
        icon: Its icon.
        verb: The words on the one button.
        deed: What this button does.
    """

    word: str
    role: Role
    icon: str
    verb: str
    deed: Deed

    def text(self) -> str:
        """The word, translated."""
        return QCoreApplication.translate("devices", self.word)

    def verb_text(self) -> str:
        """The words on the button, translated."""
        return QCoreApplication.translate("devices", self.verb)


_TEST = QT_TRANSLATE_NOOP("devices", "Test scan")
_STOP = QT_TRANSLATE_NOOP("devices", "Stop")
_AGAIN = QT_TRANSLATE_NOOP("devices", "Try again")
_LOOK = QT_TRANSLATE_NOOP("devices", "Look again")
_OPTIONS = QT_TRANSLATE_NOOP("devices", "Choose other settings")
_RESTART = QT_TRANSLATE_NOOP("devices", "Start the driver again")
_CONNECT = QT_TRANSLATE_NOOP("devices", "Connect again")


def _trouble(word: str, verb: str, deed: Deed = Deed.TRY_AGAIN, icon: str = "trouble") -> DeviceWord:
    return DeviceWord(word, Role.TROUBLE, icon, verb, deed)


def _waiting(word: str, icon: str = "waiting") -> DeviceWord:
    return DeviceWord(word, Role.WAITING, icon, _STOP, Deed.STOP)


STATES: dict[str, DeviceWord] = {
    "ready": DeviceWord(QT_TRANSLATE_NOOP("devices", "Ready"), Role.READY, "ready", _TEST, Deed.TEST_SCAN),
    "opening": DeviceWord(QT_TRANSLATE_NOOP("devices", "Connecting"), Role.BUSY, "busy", _STOP, Deed.STOP),
    "scanning": DeviceWord(QT_TRANSLATE_NOOP("devices", "Scanning"), Role.BUSY, "busy", _STOP, Deed.STOP),
    "stopping": DeviceWord(QT_TRANSLATE_NOOP("devices", "Stopping"), Role.BUSY, "busy", _STOP, Deed.STOP),
    "waiting": _waiting(QT_TRANSLATE_NOOP("devices", "Not ready yet")),
    "waiting.scanner.device_busy": _waiting(QT_TRANSLATE_NOOP("devices", "In use by another program")),
    "waiting.scanner.warming_up": _waiting(QT_TRANSLATE_NOOP("devices", "Warming up")),
    "offline": _trouble(QT_TRANSLATE_NOOP("devices", "Offline"), _LOOK, Deed.LOOK_AGAIN, "offline"),
    "missing": _trouble(
        QT_TRANSLATE_NOOP("devices", "Folder is not there"), _LOOK, Deed.LOOK_AGAIN, "offline"
    ),
    "trouble": _trouble(QT_TRANSLATE_NOOP("devices", "Needs attention"), _AGAIN),
}
"""By what the device is at; while it is waited for, with the code of what it said."""

ERRORS: dict[str, DeviceWord] = {
    "scanner.error": _trouble(QT_TRANSLATE_NOOP("devices", "Needs attention"), _AGAIN),
    "scanner.device_not_found": _trouble(
        QT_TRANSLATE_NOOP("devices", "Does not answer"), _LOOK, Deed.LOOK_AGAIN, "offline"
    ),
    "scanner.device_busy": _trouble(
        QT_TRANSLATE_NOOP("devices", "In use by another program"), _AGAIN, icon="busy"
    ),
    "scanner.warming_up": _trouble(
        QT_TRANSLATE_NOOP("devices", "Still warming up"),
        QT_TRANSLATE_NOOP("devices", "Try again now"),
        icon="waiting",
    ),
    "scanner.transport_locked": _trouble(
        QT_TRANSLATE_NOOP("devices", "Transport lock is on"),
        QT_TRANSLATE_NOOP("devices", "Release the lock, then continue"),
        icon="lock",
    ),
    "scanner.disconnected": _trouble(QT_TRANSLATE_NOOP("devices", "Went away"), _CONNECT, icon="offline"),
    "scanner.access_denied": _trouble(QT_TRANSLATE_NOOP("devices", "May not be used"), _AGAIN, icon="lock"),
    "scanner.feeder_empty": DeviceWord(
        QT_TRANSLATE_NOOP("devices", "Feeder empty"),
        Role.HELD,
        "missing",
        QT_TRANSLATE_NOOP("devices", "Load sheets, then continue"),
        Deed.TRY_AGAIN,
    ),
    "scanner.jam": _trouble(
        QT_TRANSLATE_NOOP("devices", "Paper jam"),
        QT_TRANSLATE_NOOP("devices", "Take the sheet out, then continue"),
    ),
    "scanner.double_feed": _trouble(
        QT_TRANSLATE_NOOP("devices", "Two sheets at once"),
        QT_TRANSLATE_NOOP("devices", "Separate the sheets, then continue"),
    ),
    "scanner.cover_open": _trouble(
        QT_TRANSLATE_NOOP("devices", "Cover open"), QT_TRANSLATE_NOOP("devices", "Close cover, then continue")
    ),
    "scanner.timeout": _trouble(QT_TRANSLATE_NOOP("devices", "Did nothing for too long"), _CONNECT),
    "scanner.driver_crashed": _trouble(QT_TRANSLATE_NOOP("devices", "Driver stopped"), _RESTART),
    "scanner.driver_hung": _trouble(QT_TRANSLATE_NOOP("devices", "Driver did not come back"), _RESTART),
    "scanner.driver_missing": _trouble(
        QT_TRANSLATE_NOOP("devices", "Scanner software is missing"), _LOOK, Deed.LOOK_AGAIN
    ),
    "scanner.io_failure": _trouble(
        QT_TRANSLATE_NOOP("devices", "Connection failed"), _CONNECT, icon="offline"
    ),
    "scanner.out_of_memory": _trouble(QT_TRANSLATE_NOOP("devices", "Page too large"), _OPTIONS, Deed.OPTIONS),
    "scanner.bad_option": _trouble(
        QT_TRANSLATE_NOOP("devices", "Settings do not fit"), _OPTIONS, Deed.OPTIONS
    ),
    "scanner.quirks_invalid": _trouble(
        QT_TRANSLATE_NOOP("devices", "Station is set up wrongly"),
        QT_TRANSLATE_NOOP("devices", "Open settings"),
        Deed.SETTINGS,
    ),
    "scanner.description_invalid": _trouble(
        QT_TRANSLATE_NOOP("devices", "Description cannot be read"),
        QT_TRANSLATE_NOOP("devices", "Open settings"),
        Deed.SETTINGS,
    ),
    "scanner.incomplete_page": _trouble(
        QT_TRANSLATE_NOOP("devices", "Page came incomplete"), QT_TRANSLATE_NOOP("devices", "Scan again")
    ),
    "scanner.unsupported_frame": _trouble(
        QT_TRANSLATE_NOOP("devices", "Unknown kind of image"), _OPTIONS, Deed.OPTIONS
    ),
    "scanner.spool_full": _trouble(
        QT_TRANSLATE_NOOP("devices", "Disk is full"),
        QT_TRANSLATE_NOOP("devices", "Make room, then continue"),
        icon="disk",
    ),
    "scanner.cancelled": DeviceWord(
        QT_TRANSLATE_NOOP("devices", "Stopped at the device"), Role.HELD, "stop", _AGAIN, Deed.TRY_AGAIN
    ),
}
"""By the code of the error that the device failed with last."""


def state_word(state: str, code: str = "") -> DeviceWord:
    """How a state is shown.

    Args:
        state: A key of `STATES`.
        code: In trouble, and while the device is waited for, the code of what it said.
    """
    if state == "trouble" and code:
        return ERRORS.get(code, STATES["trouble"])
    return STATES.get(f"{state}.{code}") or STATES[state]


def device_title(device: DeviceInfo) -> str:
    """What people call a device: maker and model; where Recto draws the pages or watches a folder, its name too."""
    name = f"{device.vendor} {device.model}".strip() or device.id
    own = device.id.partition(":")[2]
    return name if device.backend not in {"simulated", "folder"} else f"{name} ({own})"


def backend_text(device: DeviceInfo) -> str:
    """What stands behind a device, translated: drawn by Recto, a folder, or a real scanner with its driver."""
    if device.simulated:
        return QCoreApplication.translate("devices", "Simulated: Recto draws the pages itself")
    if device.id.startswith("sane:test:"):
        return QCoreApplication.translate(
            "devices", "SANE's test device: draws test pictures, scans no paper"
        )
    if device.backend == "folder":
        return QCoreApplication.translate("devices", "Folder that a camera writes into")
    return QCoreApplication.translate("devices", "Real scanner, driver {backend}").format(
        backend=" · ".join(filter(None, (device.backend, device.driver)))
    )


def device_icon(device: DeviceInfo) -> str:
    """The icon of a device's kind."""
    if device.backend == "folder":
        return "folder"
    return "scanner-feeder" if is_feeder(device.type) else "scanner-flatbed"
