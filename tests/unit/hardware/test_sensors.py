# SPDX-License-Identifier: Apache-2.0
"""Buttons and sensors are told from other options, and readings of them become changes, each told once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.errors import BadOption, DeviceBusy, DeviceNotFound, DriverCrashed, ScannerError
from hardware.options import Capability, OptionDescriptor, OptionType, SetResult, Value
from hardware.quirks import Quirks
from hardware.sensors import (
    FAILURES,
    Edges,
    SensorChanged,
    SensorKind,
    SensorReading,
    read_sensors,
    sensor_kind,
    watch,
)

TOLD = frozenset({Capability.SOFT_DETECT})


def told(
    name: str, group: str = "", of_type: OptionType = OptionType.BOOL, *more: Capability
) -> OptionDescriptor:
    return OptionDescriptor(1, name, "", "", of_type, capabilities=TOLD | set(more), group=group)


@pytest.mark.parametrize(
    ("option", "kind"),
    [
        (told("scan"), "button"),
        (told("button-3", "Buttons", OptionType.INT), "button"),
        (told("page-loaded"), "sensor"),
        (told("page_loaded"), "sensor"),
        (told("double-feed", "Sensors"), "sensor"),
        (told("power-save", "Sensors"), "sensor"),
        (told("function", "Sensors", OptionType.INT), None),
        (told("bool-soft-detect"), None),
        (told("lamp-key"), "button"),
        (told("tray-2"), "sensor"),
        (told("scan", "", OptionType.BOOL, Capability.SOFT_SELECT), None),
        (told("scan", "", OptionType.BOOL, Capability.INACTIVE), None),
        (told("scan", "", OptionType.BUTTON), None),
        (told("page-loaded", "Sensors", OptionType.STRING), None),
        (told("button-pressed", "", OptionType.STRING), "button"),
    ],
    ids=lambda value: value.name if isinstance(value, OptionDescriptor) else None,
)
def test_what_software_reads_and_cannot_set_is_told_by_name_group_and_quirk(
    option: OptionDescriptor, kind: SensorKind | None
) -> None:
    assert sensor_kind(option, Quirks(buttons=("*-key",), sensors=("tray-?",))) == kind


class Copier:
    """A device whose button tells its state as it was when it was asked to look."""

    def __init__(self) -> None:
        self.pressed = self.seen = False

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        return (told("button-1", "Buttons"), told("page-loaded"), told("cover-open"))

    def get(self, name: str) -> Value:
        if name == "cover-open":
            raise BadOption("It cannot tell now.")
        return self.seen if name == "button-1" else True

    def set(self, name: str, value: Value) -> SetResult:
        assert (name, value) == ("button-update", None)
        self.seen = self.pressed
        return SetResult(None)


def test_a_device_that_must_be_told_to_look_is_told_each_time() -> None:
    copier = Copier()
    quirks = Quirks(ask_buttons_with="button-update")
    assert not read_sensors(copier, quirks)["button-1"].value
    copier.pressed = True
    assert read_sensors(copier, quirks)["button-1"] == SensorReading("button", value=True)


def test_a_sensor_that_refuses_leaves_out_only_itself() -> None:
    assert read_sensors(Copier(), Quirks()).keys() == {"button-1", "page-loaded"}


def test_a_text_that_tells_which_button_was_pressed_is_read_as_that_button() -> None:
    class Scanjet(Copier):
        last = "none"

        def descriptors(self) -> tuple[OptionDescriptor, ...]:
            return (told("button-pressed", "", OptionType.STRING),)

        def get(self, name: str) -> Value:
            # told once
            pressed, self.last = self.last, "none"
            return pressed

    scanjet, edges = Scanjet(), Edges()
    assert edges.changes(read_sensors(scanjet, Quirks())) == []
    scanjet.last = "scan"
    told_of = [edges.changes(read_sensors(scanjet, Quirks())) for _ in range(4)]
    assert [[change.name for change in changes] for changes in told_of] == [["scan"], [], [], []]


def seen(kind: SensorKind, *values: int) -> list[bool]:
    """What is told of one button or sensor, reading by reading."""
    edges = Edges()
    changes = [edges.changes({"it": SensorReading(kind, bool(value))}) for value in values]
    return [change.value for each in changes for change in each if not change.initial]


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([0, 0, 1, 1, 1], [True]),
        ([1, 1, 0, 0, 1, 1], [False, True]),
        ([0, 1, 0, 1, 0, 0], []),
        ([0, 1, 1, 0, 1, 1], [True]),
    ],
)
def test_a_sensor_is_believed_when_it_tells_the_same_twice(readings: list[int], expected: list[bool]) -> None:
    assert seen("sensor", *readings) == expected


@pytest.mark.parametrize(
    ("readings", "presses"),
    [
        ([0, 1, 0, 0, 0], 1),
        ([0, 1, 1, 1, 1, 0], 1),
        ([0, 1, 0, 1, 0, 0], 1),
        ([0, 1, 0, 0, 1, 0], 2),
        ([1, 0, 0, 0], 0),
        ([1, 1, 1, 0, 0, 1], 1),
    ],
    ids=["forgotten when told", "held", "bouncing", "twice", "before the watch", "held since before"],
)
def test_a_press_counts_at_once_and_once(readings: list[int], presses: int) -> None:
    assert seen("button", *readings) == [True] * presses


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_whatever_trembles_changes_alternate_and_every_clear_press_is_told_once(readings: list[bool]) -> None:
    changes = seen("sensor", *readings)
    # alternating, beginning with what the first reading was not
    assert changes == [readings[0] ^ (place % 2 == 0) for place in range(len(changes))]
    told = seen("button", *readings)
    clear = [
        place
        for place in range(2, len(readings))
        if readings[place] and not readings[place - 1] and not readings[place - 2]
    ]
    rises = [place for place in range(1, len(readings)) if readings[place] and not readings[place - 1]]
    assert len(clear) <= len(told) <= len(rises)


class Session:
    """A session that answers what its script says, and then asks the watch to stop."""

    def __init__(self, *script: dict[str, SensorReading] | ScannerError | Callable[[], None]) -> None:
        self.script = list(script)
        self.stop = threading.Event()

    def sensor_readings(self) -> Mapping[str, SensorReading]:
        answer = self.script.pop(0)
        if not self.script:
            self.stop.set()
        if isinstance(answer, ScannerError):
            raise answer
        assert isinstance(answer, dict)
        return answer

    def watched(self) -> list[SensorChanged]:
        return list(watch(self, 0.0, self.stop))


UP, DOWN = {"scan": SensorReading("button", value=False)}, {"scan": SensorReading("button", value=True)}
EMPTY, LOADED = (
    {"page-loaded": SensorReading("sensor", value=False)},
    {"page-loaded": SensorReading("sensor", value=True)},
)


def test_a_watch_first_tells_how_the_sensors_stand() -> None:
    changes = Session(LOADED | UP, EMPTY | UP, EMPTY | DOWN).watched()
    assert [(change.name, change.value, change.initial) for change in changes] == [
        ("page-loaded", True, True),
        ("page-loaded", False, False),
        ("scan", True, False),
    ]
    assert changes[0].to_json().keys() == {"name", "kind", "value", "at", "initial"}


def test_a_press_during_a_scan_does_not_count_and_the_next_one_does() -> None:
    assert len(Session(UP, DeviceBusy("A scan is running."), DOWN, UP, UP, DOWN).watched()) == 1
    assert Session(UP, DeviceBusy("A scan is running."), DOWN, UP).watched() == []


def test_a_watch_outlives_drivers_that_are_started_again() -> None:
    crash = DriverCrashed("It died.")
    changes = Session(EMPTY, *[crash] * FAILURES, LOADED, LOADED).watched()
    assert [change.value for change in changes] == [False, True]


def test_a_watch_gives_up_on_a_driver_that_goes_on_failing() -> None:
    with pytest.raises(DriverCrashed):
        Session(EMPTY, *[DriverCrashed("It died.")] * (FAILURES + 1), LOADED).watched()


def test_a_device_that_is_gone_ends_the_watch() -> None:
    with pytest.raises(DeviceNotFound):
        Session(EMPTY, DeviceNotFound("Gone."), LOADED).watched()


def test_a_device_without_buttons_and_sensors_cannot_be_watched() -> None:
    with pytest.raises(BadOption, match="neither buttons nor sensors"):
        Session({}, {}).watched()


def test_a_watch_that_was_stopped_asks_nothing() -> None:
    session = Session(LOADED)
    session.stop.set()
    assert session.watched() == []
    assert len(session.script) == 1
