# SPDX-License-Identifier: Apache-2.0
"""Buttons and sensors of scanners: options that the device sets, asked for again and again while it is idle.

SANE has no events: that a button was pressed, or that paper lies in the feeder, is learned by asking
for an option that software can read and not set. Some drivers forget a press when they have told it
once, others tell it for as long as the button is held.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from typing import Any, Literal, Protocol

from hardware.errors import BadOption, DeviceBusy, Retry, ScannerError
from hardware.logs import Logger
from hardware.options import OneOf, OptionDescriptor, OptionTarget, OptionType
from hardware.quirks import Quirks

log = Logger(__name__)

SensorKind = Literal["button", "sensor"]

PAGE_LOADED = "page-loaded"
"""The SANE standard's name for the sensor that there is paper."""

COVER_OPEN = "cover-open"
"""The sensor that the cover is open."""

DOUBLE_FEED = "double-feed"
"""The sensor that two sheets went in at once."""

_BUTTONS = frozenset({"scan", "email", "fax", "copy", "pdf", "cancel", "file", "extra", "print", "power"})
"""Options of the SANE standard's section on buttons, and others that backends use for them."""

_WHICH_BUTTON = "button-pressed"
"""A text option that tells which button was pressed, as with hp5590."""

_NO_BUTTON = frozenset({"", "none"})

_SENSORS = frozenset({PAGE_LOADED, COVER_OPEN, DOUBLE_FEED, "need-cleaning", "need-calibration"})

_GROUP = re.compile(r"sensor|button", re.IGNORECASE)
_BUTTON_NAME = re.compile(r"button")

SETTLED = 2
"""How often one after the other a sensor must tell the same, and a button that it is up, to be believed."""

FAILURES = 3
"""How often one after the other a driver may fail and be started again before the watch gives up."""

STALE = 1.0
"""Seconds without a look after which a press may be one that was not meant for now."""


@dataclass(frozen=True, slots=True)
class SensorReading:
    """What one button or sensor tells now.

    Attributes:
        kind: "button" for what is pressed and springs back, "sensor" for what stays as it is.
        value: Pressed, or true of the sensor's name.
    """

    kind: SensorKind
    value: bool


@dataclass(frozen=True, slots=True)
class SensorChanged:
    """A button was pressed, or a sensor tells something else than before.

    Attributes:
        name: The option's standard name, such as "scan" or "page-loaded".
        kind: "button" or "sensor".
        value: What it tells now; always true for a button.
        at: UTC, ISO 8601.
        initial: Whether this is only how a sensor stood when the watch began.
    """

    name: str
    kind: SensorKind
    value: bool
    at: str
    initial: bool = False

    def to_json(self) -> dict[str, Any]:
        """The change as a JSON object."""
        return asdict(self)


def sensor_kind(option: OptionDescriptor, quirks: Quirks | None = None) -> SensorKind | None:
    """What an option is to a hand at the device: a button, a sensor, or neither.

    Args:
        option: The option, under its standard name.
        quirks: May name further buttons and sensors.
    """
    if option.settable or not option.readable:
        return None
    name, grouped = option.name.replace("_", "-"), bool(_GROUP.search(option.group))
    if option.type not in {OptionType.BOOL, OptionType.INT}:
        return "button" if option.type is OptionType.STRING and name == _WHICH_BUTTON else None
    more = quirks or Quirks()
    if _is_one(name, more.buttons) or name in _BUTTONS or (grouped and _BUTTON_NAME.search(name)):
        return "button"
    known = name in _SENSORS or _is_one(name, more.sensors)
    # a number in such a group may be the position of a dial
    return "sensor" if known or (grouped and option.type is OptionType.BOOL) else None


def _is_one(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def read_sensors(target: OptionTarget, quirks: Quirks) -> dict[str, SensorReading]:
    """All buttons and sensors as they are now.

    Raises:
        ScannerError: The device failed; that it refuses one option only leaves that one out.
    """
    told = [(option, kind) for option in target.descriptors() if (kind := sensor_kind(option, quirks))]
    readings: dict[str, SensorReading] = {}
    if quirks.ask_buttons_with and told:
        target.set(quirks.ask_buttons_with, None)
    for option, kind in told:
        try:
            value = target.get(option.name)
        except BadOption:
            log.debug("sensor refused", sensor=option.name)
            continue
        if isinstance(value, str):
            readings |= _which(option, value)
        else:
            readings[option.name] = SensorReading(kind, bool(value))
    return readings


def _which(option: OptionDescriptor, pressed: str) -> dict[str, SensorReading]:
    """The buttons of an option that tells which of them was pressed: one reading each."""
    listed = option.constraint.values if isinstance(option.constraint, OneOf) else _BUTTONS
    names = {str(name) for name in listed} | {pressed}
    return {
        name: SensorReading("button", name == pressed)
        for name in sorted(names)
        if name.lower() not in _NO_BUTTON
    }


# Watching


class Watched(Protocol):
    """What can be watched: a session."""

    def sensor_readings(self) -> Mapping[str, SensorReading]:
        """All buttons and sensors as they are now."""
        ...


class Edges:
    """Turns readings into changes: edges only, with what trembles left out."""

    def __init__(self) -> None:
        self._sensors: dict[str, _Level] = {}
        self._buttons: dict[str, _Press] = {}

    def forget_presses(self) -> None:
        """Take presses in the next readings for old ones, that nobody waits for any more."""
        self._buttons.clear()

    def changes(self, readings: Mapping[str, SensorReading]) -> list[SensorChanged]:
        """What is new in a look at all buttons and sensors; of the first look, how the sensors stand."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        changes: list[SensorChanged] = []
        for name, reading in readings.items():
            if reading.kind == "button":
                if name not in self._buttons:
                    self._buttons[name] = _Press(up=not reading.value)
                elif self._buttons[name].pressed(down=reading.value):
                    changes.append(SensorChanged(name, "button", value=True, at=at))
            elif name not in self._sensors:
                self._sensors[name] = _Level(reading.value)
                changes.append(SensorChanged(name, "sensor", reading.value, at, initial=True))
            elif self._sensors[name].changed(value=reading.value):
                changes.append(SensorChanged(name, "sensor", reading.value, at))
        return changes


class _Level:
    """A sensor: believed when it has told the same `SETTLED` times."""

    def __init__(self, value: bool) -> None:  # noqa: FBT001  # a reading, not a switch
        self._told = value
        self._others = 0

    def changed(self, *, value: bool) -> bool:
        """Whether the sensor is now believed to tell something else."""
        self._others = self._others + 1 if value != self._told else 0
        if self._others < SETTLED:
            return False
        self._told, self._others = value, 0
        return True


class _Press:
    """A button: a press counts at once, because it may be told only once; the next when it was up in between."""

    def __init__(self, *, up: bool) -> None:
        self._ups = SETTLED if up else 0

    def pressed(self, *, down: bool) -> bool:
        """Whether this is a press that was not told yet."""
        new = down and self._ups >= SETTLED
        self._ups = 0 if down else self._ups + 1
        return new


def watch(session: Watched, interval: float, stop: threading.Event) -> Iterator[SensorChanged]:
    """Each change of a button or sensor as it comes; first how the sensors stand.

    While a scan runs, nothing is asked; presses from that time do not count. A driver that dies is
    started again by its session, and the watch goes on.

    Args:
        session: The open device.
        interval: Seconds between two looks.
        stop: Set by another thread to end the watch.

    Raises:
        BadOption: The device has neither buttons nor sensors.
        ScannerError: The device failed, and went on failing.
    """
    edges, failures, looked_at = Edges(), 0, time.monotonic()
    while not stop.is_set():
        if time.monotonic() - looked_at > max(STALE, SETTLED * interval):
            edges.forget_presses()
        try:
            readings = session.sensor_readings()
        except DeviceBusy:
            edges.forget_presses()
        except ScannerError as error:
            failures += 1
            if error.retry is not Retry.REOPEN or failures > FAILURES:
                raise
            log.warning("sensors could not be read", reason=error.code, failures=failures)
            edges.forget_presses()
        else:
            failures, looked_at = 0, time.monotonic()
            if not readings:
                raise BadOption(
                    "The device has neither buttons nor sensors.",
                    consequence="There is nothing to wait for.",
                    remedy="Start the scan by hand.",
                )
            yield from edges.changes(readings)
        stop.wait(interval)
