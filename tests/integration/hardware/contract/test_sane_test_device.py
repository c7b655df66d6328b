# SPDX-License-Identifier: Apache-2.0
"""All options of SANE's test device (sane-test(5)), and all statuses that it can be told to give."""

from __future__ import annotations

import re

import pytest

from hardware.errors import (
    AccessDenied,
    CoverOpen,
    DeviceBusy,
    FeederEmpty,
    IncompletePage,
    InputOutputFailure,
    Jam,
    OutOfMemory,
    ScannerError,
)
from hardware.options import Capability, Constraint, OneOf, Range, Value
from hardware.scanner import BatchEnded
from tests.integration.hardware.contract.conftest import SANE, Device

pytestmark = pytest.mark.parametrize("device", SANE, indirect=True)

WORDS = OneOf((-42, -8, 0, 17, 42, 256, 65536, 16777216, 1073741824))
LENGTH, SMALL, BYTE = Range(0, 200, 1), Range(4, 192, 2), Range(0, 255, 1)
ENTRIES = ("First entry", "Second entry")
ORDERS = OneOf(("RGB", "RBG", "GBR", "GRB", "BRG", "BGR"))
TEST_PICTURES = OneOf(("Solid black", "Solid white", "Color pattern", "Grid"))
STATUSES = (
    *("UNSUPPORTED", "CANCELLED", "DEVICE_BUSY", "INVAL", "EOF", "JAMMED", "NO_DOCS", "COVER_OPEN"),
    *("IO_ERROR", "NO_MEM", "ACCESS_DENIED"),
)

EVERY_OPTION: dict[str, tuple[str, str, Constraint, int]] = {
    "mode": ("string", "none", OneOf(("Gray", "Color")), 1),
    "depth": ("int", "none", OneOf((1, 8, 16)), 1),
    "hand-scanner": ("bool", "none", None, 1),
    "three-pass": ("bool", "none", None, 1),
    "three-pass-order": ("string", "none", ORDERS, 1),
    "resolution": ("fixed", "dpi", Range(1, 1200, 1), 1),
    "source": ("string", "none", OneOf(("Flatbed", "Automatic Document Feeder")), 1),
    "test-picture": ("string", "none", TEST_PICTURES, 1),
    "invert-endianess": ("bool", "none", None, 1),
    "read-limit": ("bool", "none", None, 1),
    "read-limit-size": ("int", "none", Range(1, 65536, 1), 1),
    "read-delay": ("bool", "none", None, 1),
    "read-delay-duration": ("int", "microsecond", Range(1000, 200000, 1000), 1),
    "read-return-value": ("string", "none", OneOf(("Default", *(f"SANE_STATUS_{n}" for n in STATUSES))), 1),
    "ppl-loss": ("int", "pixel", Range(0, 128, 1), 1),
    "fuzzy-parameters": ("bool", "none", None, 1),
    "non-blocking": ("bool", "none", None, 1),
    "select-fd": ("bool", "none", None, 1),
    "enable-test-options": ("bool", "none", None, 1),
    "print-options": ("button", "none", None, 1),
    "tl-x": ("fixed", "mm", LENGTH, 1),
    "tl-y": ("fixed", "mm", LENGTH, 1),
    "br-x": ("fixed", "mm", LENGTH, 1),
    "br-y": ("fixed", "mm", LENGTH, 1),
    "bool-soft-select-soft-detect": ("bool", "none", None, 1),
    "bool-hard-select-soft-detect": ("bool", "none", None, 1),
    "bool-hard-select": ("bool", "none", None, 1),
    "bool-soft-detect": ("bool", "none", None, 1),
    "bool-soft-select-soft-detect-emulated": ("bool", "none", None, 1),
    "bool-soft-select-soft-detect-auto": ("bool", "none", None, 1),
    "int": ("int", "none", None, 1),
    "int-constraint-range": ("int", "pixel", SMALL, 1),
    "int-constraint-word-list": ("int", "bit", WORDS, 1),
    "int-constraint-array": ("int", "mm", None, 6),
    "int-constraint-array-constraint-range": ("int", "dpi", SMALL, 6),
    "int-constraint-array-constraint-word-list": ("int", "percent", WORDS, 6),
    "int-inexact": ("int", "none", None, 1),
    "red-gamma-table": ("int", "none", BYTE, 256),
    "green-gamma-table": ("int", "none", BYTE, 256),
    "blue-gamma-table": ("int", "none", BYTE, 256),
    "gamma-table": ("int", "none", BYTE, 4096),
    "fixed": ("fixed", "none", None, 1),
    "fixed-constraint-range": ("fixed", "microsecond", Range(-42.17, 32767.9999, 2), 1),
    "fixed-constraint-word-list": ("fixed", "none", OneOf((-32.7, 12.1, 42, 129.5)), 1),
    "string": ("string", "none", None, 1),
    "string-constraint-string-list": ("string", "none", OneOf(ENTRIES), 1),
    "string-constraint-long-string-list": (
        *("string", "none"),
        OneOf((*ENTRIES, *map(str, range(3, 47)))),
        1,
    ),
    "button": ("button", "none", None, 1),
}
"""Type, unit, constraint and length of each; the third of three strings is a sentence, and left out here."""

_CAPABILITY = re.compile("hard-select|soft-select|soft-detect|emulated|auto")


def assert_constraint(told: Constraint, expected: Constraint) -> None:
    match told, expected:
        case Range(), Range():
            told_limits = (told.minimum, told.maximum, told.quant)
            assert told_limits == pytest.approx(
                (expected.minimum, expected.maximum, expected.quant), abs=1e-4
            )
        case OneOf((float(), *_) as values), OneOf():
            assert list(values) == pytest.approx(list(expected.values), abs=1e-4)
        case OneOf(values), OneOf():
            assert values[: len(expected.values)] == expected.values
        case _:
            assert told is expected is None


def test_every_option_is_described_as_the_manual_says(device: Device) -> None:
    device.session.apply(device.opening)
    options = {option.name: option for option in device.session.options() if option.name}
    assert len(options) == 48
    assert list(options) == list(EVERY_OPTION)
    for name, (kind, unit, constraint, length) in EVERY_OPTION.items():
        option = options[name]
        assert (str(option.type), str(option.unit), option.length) == (kind, unit, length), name
        assert option.active, name
        assert_constraint(option.constraint, constraint)
        if name.startswith("bool-"):
            # their names say what they can
            words = {
                {"auto": "automatic"}.get(word, word).replace("-", "_") for word in _CAPABILITY.findall(name)
            }
            assert {str(each) for each in option.capabilities} == {*words, "advanced"}, name
        elif re.match("int|fixed|.*gamma", name):
            assert Capability.ADVANCED in option.capabilities, name
    assert {str(option.unit) for option in options.values()} == {
        *("none", "pixel", "bit", "mm", "dpi", "percent", "microsecond"),
    }
    groups = [option.title for option in device.session.options() if not option.name]
    assert groups[:3] == ["Scan Mode", "Special Options", "Geometry"]


ROUNDED: dict[str, tuple[Value, Value]] = {
    "int-constraint-range": (7, 8),
    "int-constraint-word-list": (40, 42),
    "fixed-constraint-word-list": (12, 12.1),
    "fixed-constraint-range": (0, -0.17),
    "int-constraint-array-constraint-range": ([4, 5, 6, 7, 300, -9], [4, 6, 6, 8, 192, 4]),
    "br-x": (500, 200),
    "resolution": (100.5, 101),
}


def test_a_value_between_the_steps_is_rounded_and_said_to_be(device: Device) -> None:
    device.session.set("enable-test-options", value=True)
    for name, (value, actual) in ROUNDED.items():
        result = device.session.set(name, value)
        assert result.inexact
        assert result.actual == pytest.approx(actual, abs=1e-4)
        assert device.session.get(name) == result.actual


EXPECTED: dict[str, tuple[type[ScannerError] | None, str]] = {
    "UNSUPPORTED": (InputOutputFailure, "reopen"),
    "CANCELLED": (None, ""),
    "DEVICE_BUSY": (DeviceBusy, "auto"),
    "INVAL": (InputOutputFailure, "reopen"),
    "EOF": (IncompletePage, "auto"),
    "JAMMED": (Jam, "after_operator"),
    "NO_DOCS": (FeederEmpty, "after_operator"),
    "COVER_OPEN": (CoverOpen, "after_operator"),
    "IO_ERROR": (InputOutputFailure, "reopen"),
    "NO_MEM": (OutOfMemory, "after_operator"),
    "ACCESS_DENIED": (AccessDenied, "after_operator"),
}


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_an_error_with_a_remedy_and_the_next_scan_works(device: Device, status: str) -> None:
    expected, retry = EXPECTED[status]
    device.session.apply({"read-return-value": f"SANE_STATUS_{status}"})
    told = device.scan()
    if expected is None:
        # somebody pressed stop at the device: that is no error
        assert (told.events, told.error) == ([BatchEnded("cancelled")], None)
    else:
        assert type(told.error) is expected
        assert told.error.retry == retry
        assert told.error.remedy
        assert told.error.consequence
        assert told.events == []
    assert device.left_in_spool() == []
    device.session.apply({"read-return-value": "Default"})
    # through saned it costs a second, and is the same for all
    if device.kind == "test" or status == "JAMMED":
        assert device.page().complete
    # a fresh driver has the settings of the old one
    assert device.session.get("resolution") == device.quick["resolution"]
