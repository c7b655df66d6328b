# SPDX-License-Identifier: Apache-2.0
"""What libsane says becomes what Recto says, also when it says something nobody knows."""

from __future__ import annotations

import ctypes
import json
from pathlib import Path

import pytest

from hardware.errors import (
    AccessDenied,
    BadOption,
    CoverOpen,
    DeviceBusy,
    DeviceWarmingUp,
    DriverMissing,
    FeederEmpty,
    InputOutputFailure,
    Jam,
    OutOfMemory,
    ScanCancelled,
    ScannerError,
    TransportLocked,
)
from hardware.options import Capability, OneOf, OptionType, Range, Unit
from hardware.sane import binding
from hardware.sane.binding import Status, decode, load, status_error
from hardware.sane.descriptors import new_buffer, read_descriptor, read_value, write_value
from hardware.sane.private import write_configuration


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (1, BadOption),
        (2, ScanCancelled),
        (3, DeviceBusy),
        (4, BadOption),
        (5, InputOutputFailure),
        (6, Jam),
        (7, FeederEmpty),
        (8, CoverOpen),
        (9, InputOutputFailure),
        (10, OutOfMemory),
        (11, AccessDenied),
        (12, DeviceWarmingUp),
        (13, TransportLocked),
        (99, InputOutputFailure),
    ],
)
def test_a_status_is_named_by_its_physical_state(status: int, expected: type[ScannerError]) -> None:
    error = status_error(status, "sane:test:0", "sane_start")
    assert type(error) is expected
    assert error.facts["sane_status"] == status
    assert "sane:test:0" in error.message
    json.dumps(error.to_json())


@pytest.mark.parametrize("status", [1, 4])
def test_no_setting_is_to_blame_for_a_read_that_fails(status: int) -> None:
    error = status_error(status, "sane:test:0", "sane_read")
    assert type(error) is InputOutputFailure
    assert error.retry == "reopen"
    assert Status(status).name in error.message


def test_a_missing_library_is_said_with_what_to_install() -> None:
    with pytest.raises(DriverMissing, match=r"libsane-absent\.so\.9") as caught:
        load("libsane-absent.so.9")
    assert "apt install libsane1" in caught.value.remedy


def test_another_library_is_not_taken_for_libsane() -> None:
    with pytest.raises(DriverMissing, match="sane_init"):
        load("libc.so.6")


@pytest.mark.parametrize(
    ("raw", "text"),
    [(None, ""), (b"", ""), ("Größe".encode(), "Größe"), ("Größe".encode("latin-1"), "Größe")],
)
def test_names_are_read_in_utf8_or_latin1(raw: bytes | None, text: str) -> None:
    assert decode(raw) == text


# Descriptors


def raw_option(**facts: object) -> binding.OptionDescriptor:
    raw = binding.OptionDescriptor(name=b"n", title=b"t", desc=b"d", type=1, unit=0, size=4, cap=5)
    for name, value in facts.items():
        setattr(raw, name, value)
    return raw


def test_a_fixed_range_is_read_in_its_unit() -> None:
    limits = binding.Range(-42 * 65536 - 11141, 32768 * 65536 - 1, 2 * 65536)
    raw = raw_option(type=2, unit=6, constraint_type=1)
    raw.constraint.range = ctypes.pointer(limits)
    option = read_descriptor(3, raw, "Group")
    assert option.type is OptionType.FIXED
    assert option.unit is Unit.MICROSECOND
    assert isinstance(option.constraint, Range)
    assert option.constraint.minimum == pytest.approx(-42.17, abs=1e-4)
    assert option.constraint.quant == 2


def test_a_word_list_tells_its_length_first() -> None:
    words = (ctypes.c_int32 * 4)(3, 75, 150, 300)
    raw = raw_option(constraint_type=2)
    raw.constraint.word_list = ctypes.cast(words, ctypes.POINTER(ctypes.c_int32))
    assert read_descriptor(1, raw, "").constraint == OneOf((75, 150, 300))


def test_a_string_goes_back_in_the_bytes_the_driver_gave() -> None:
    strings = (ctypes.c_char_p * 3)(b"Gray", "Farbe \xfc".encode("latin-1"), None)
    raw = raw_option(type=3, size=16, constraint_type=3)
    raw.constraint.string_list = ctypes.cast(strings, ctypes.POINTER(ctypes.c_char_p))
    option = read_descriptor(1, raw, "")
    assert option.constraint == OneOf(("Gray", "Farbe ü"))
    buffer = new_buffer(option)
    write_value(option, raw, "Farbe ü", buffer)
    assert bytes(buffer).startswith(b"Farbe \xfc\0")
    assert read_value(option, buffer) == "Farbe ü"


def test_capabilities_are_read_bit_by_bit() -> None:
    option = read_descriptor(1, raw_option(cap=1 | 4 | 32 | 64), "")
    assert option.capabilities == {
        Capability.SOFT_SELECT,
        Capability.SOFT_DETECT,
        Capability.INACTIVE,
        Capability.ADVANCED,
    }
    assert not option.active


def test_a_type_and_a_unit_that_nobody_knows_do_no_harm() -> None:
    option = read_descriptor(1, raw_option(type=77, unit=-3), "")
    assert (option.type, option.unit) == (OptionType.GROUP, Unit.NONE)
    assert not option.readable


@pytest.mark.parametrize("value", [[1, 2, -3], [0, 0, 0]])
def test_a_vector_is_written_and_read_whole(value: list[int]) -> None:
    raw = raw_option(size=12)
    option = read_descriptor(1, raw, "")
    buffer = new_buffer(option)
    write_value(option, raw, value, buffer)
    assert read_value(option, buffer) == value


def test_a_fixed_value_is_kept_to_its_last_bit() -> None:
    raw = raw_option(type=2)
    option = read_descriptor(1, raw, "")
    buffer = new_buffer(option)
    write_value(option, raw, -0.5, buffer)
    assert (buffer[0], read_value(option, buffer)) == (-32768, -0.5)


# The private configuration


def test_a_private_configuration_stands_before_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANE_CONFIG_DIR", "/their/own")
    environment = write_configuration(tmp_path, ["test", "net"])
    assert environment == {"SANE_CONFIG_DIR": f"{tmp_path}:/their/own"}
    assert (tmp_path / "dll.conf").read_text() == "test\nnet\n"
    assert list((tmp_path / "dll.d").iterdir()) == []
