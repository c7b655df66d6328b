# SPDX-License-Identifier: Apache-2.0
"""The binding of libsane: constants, structures and functions of the SANE standard 1.06, section 4.

Names are those of `sane/sane.h`, without the prefix where the module says SANE already.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_int, c_int32, c_void_p
from enum import IntEnum, IntFlag
from typing import Any

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

Word = c_int32
FIXED_ONE = 1 << 16
"""A SANE_Fixed counts in 65536ths (section 4.2.3)."""


class Status(IntEnum):
    """SANE_Status, section 4.2.7. 12 and 13 are vendor extensions, met in the field."""

    GOOD = 0
    UNSUPPORTED = 1
    CANCELLED = 2
    DEVICE_BUSY = 3
    INVAL = 4
    EOF = 5
    JAMMED = 6
    NO_DOCS = 7
    COVER_OPEN = 8
    IO_ERROR = 9
    NO_MEM = 10
    ACCESS_DENIED = 11
    WARMING_UP = 12
    HW_LOCKED = 13


class Type(IntEnum):
    """SANE_Value_Type, section 4.2.9.4."""

    BOOL = 0
    INT = 1
    FIXED = 2
    STRING = 3
    BUTTON = 4
    GROUP = 5


class ConstraintType(IntEnum):
    """SANE_Constraint_Type, section 4.2.9.8."""

    NONE = 0
    RANGE = 1
    WORD_LIST = 2
    STRING_LIST = 3


class Action(IntEnum):
    """SANE_Action, section 4.3.7."""

    GET_VALUE = 0
    SET_VALUE = 1
    SET_AUTO = 2


class Info(IntFlag):
    """What setting an option did, section 4.3.7."""

    INEXACT = 1
    RELOAD_OPTIONS = 2
    RELOAD_PARAMS = 4


class Device(ctypes.Structure):
    """SANE_Device."""

    _fields_ = (("name", c_char_p), ("vendor", c_char_p), ("model", c_char_p), ("type", c_char_p))


class Range(ctypes.Structure):
    """SANE_Range."""

    _fields_ = (("min", Word), ("max", Word), ("quant", Word))


class _Constraint(ctypes.Union):
    _fields_ = (("string_list", POINTER(c_char_p)), ("word_list", POINTER(Word)), ("range", POINTER(Range)))


class OptionDescriptor(ctypes.Structure):
    """SANE_Option_Descriptor."""

    _fields_ = (
        ("name", c_char_p),
        ("title", c_char_p),
        ("desc", c_char_p),
        ("type", c_int),
        ("unit", c_int),
        ("size", Word),
        ("cap", Word),
        ("constraint_type", c_int),
        ("constraint", _Constraint),
    )


class Parameters(ctypes.Structure):
    """SANE_Parameters."""

    _fields_ = (
        ("format", c_int),
        ("last_frame", Word),
        ("bytes_per_line", Word),
        ("pixels_per_line", Word),
        ("lines", Word),
        ("depth", Word),
    )


_SIGNATURES: dict[str, tuple[object, ...]] = {
    "sane_init": (POINTER(Word), c_void_p),
    "sane_get_devices": (POINTER(POINTER(POINTER(Device))), Word),
    "sane_open": (c_char_p, POINTER(c_void_p)),
    "sane_control_option": (c_void_p, Word, c_int, c_void_p, POINTER(Word)),
    "sane_get_parameters": (c_void_p, POINTER(Parameters)),
    "sane_start": (c_void_p,),
    "sane_read": (c_void_p, c_void_p, Word, POINTER(Word)),
}


def load(library: str) -> ctypes.CDLL:
    """Load libsane and declare its functions.

    Raises:
        DriverMissing: It is not installed, or is not libsane.
    """
    try:
        sane = ctypes.CDLL(library)
        for name, arguments in _SIGNATURES.items():
            function = getattr(sane, name)
            function.argtypes = arguments
            function.restype = c_int
        sane.sane_get_option_descriptor.argtypes = (c_void_p, Word)
        sane.sane_get_option_descriptor.restype = POINTER(OptionDescriptor)
        for name in ("sane_close", "sane_cancel"):
            getattr(sane, name).argtypes = (c_void_p,)
            getattr(sane, name).restype = None
    except (OSError, AttributeError) as error:
        raise DriverMissing(
            f"The SANE library {library} could not be loaded: {error}.", library=library
        ) from error
    return sane


# Statuses as errors

_ERRORS: dict[int, tuple[type[ScannerError], str]] = {
    Status.UNSUPPORTED: (BadOption, "does not support this"),
    Status.DEVICE_BUSY: (DeviceBusy, "is busy"),
    Status.INVAL: (BadOption, "refuses these settings"),
    Status.JAMMED: (Jam, "has a jammed sheet"),
    Status.NO_DOCS: (FeederEmpty, "has no sheet to scan"),
    Status.COVER_OPEN: (CoverOpen, "has its cover open"),
    Status.IO_ERROR: (InputOutputFailure, "reports an input or output error"),
    Status.NO_MEM: (OutOfMemory, "has not enough memory"),
    Status.ACCESS_DENIED: (AccessDenied, "denies access"),
    Status.WARMING_UP: (DeviceWarmingUp, "is warming up"),
    Status.HW_LOCKED: (TransportLocked, "has its transport lock on"),
}


def status_error(status: int, device: str, call: str) -> ScannerError:
    """The error that a status other than GOOD stands for; statuses nobody knows are input or output errors."""
    name = Status(status).name if status in Status.__members__.values() else str(status)
    facts: dict[str, Any] = {"device": device, "call": call, "sane_status": status, "sane_status_name": name}
    if status == Status.CANCELLED:
        return ScanCancelled(f"The scan was cancelled at the device {device}.", by="device", **facts)
    error_class, words = _ERRORS.get(status, (InputOutputFailure, f"answers with status {status}"))
    if error_class is BadOption and call == "sane_read":
        # not among the statuses of sane_read (section 4.3.10): no setting is to blame any more
        error_class, words = InputOutputFailure, f"fails with status {name}"
    return error_class(f"The device {device} {words} ({call}).", **facts)


def decode(text: bytes | None) -> str:
    """A string of a driver: UTF-8 where it is that, else Latin-1 as the standard says (section 4.2.4)."""
    if not text:
        return ""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")
