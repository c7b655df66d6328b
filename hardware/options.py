# SPDX-License-Identifier: Apache-2.0
"""Option descriptors as SANE knows them, and their values.

The types, units, constraints and capabilities are those of the SANE standard 1.06, section 4.2.9
("Option Descriptor Type").
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from hardware.errors import BadOption

Scalar = bool | int | float | str
Value = Scalar | list[int] | list[float] | None
"""A value of an option: vectors are lists; None presses a button or asks for the automatic setting."""

WORD = 4
"""Bytes of a SANE_Word."""

_LIMIT = 2**31
"""A SANE_Word is less than this, and not less than its negative."""


class OptionType(StrEnum):
    """What an option holds."""

    BOOL = "bool"
    INT = "int"
    FIXED = "fixed"
    STRING = "string"
    BUTTON = "button"
    GROUP = "group"


class Unit(StrEnum):
    """What an option's number counts."""

    NONE = "none"
    PIXEL = "pixel"
    BIT = "bit"
    MM = "mm"
    DPI = "dpi"
    PERCENT = "percent"
    MICROSECOND = "microsecond"


class Capability(StrEnum):
    """What may be done with an option, and what state it is in."""

    SOFT_SELECT = "soft_select"
    HARD_SELECT = "hard_select"
    SOFT_DETECT = "soft_detect"
    EMULATED = "emulated"
    AUTOMATIC = "automatic"
    INACTIVE = "inactive"
    ADVANCED = "advanced"


SETTABLE = frozenset({Capability.SOFT_SELECT, Capability.SOFT_DETECT})
"""The capabilities of an everyday option."""


@dataclass(frozen=True, slots=True)
class Range:
    """Values from `minimum` to `maximum` in steps of `quant` (0: continuous), in the option's unit."""

    minimum: float
    maximum: float
    quant: float = 0

    def to_json(self) -> dict[str, Any]:
        """The range as a JSON object."""
        return {"range": {"minimum": self.minimum, "maximum": self.maximum, "quant": self.quant}}


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of the values listed: words or strings."""

    values: tuple[int | float | str, ...]

    def to_json(self) -> dict[str, Any]:
        """The list as a JSON object."""
        return {"one_of": list(self.values)}


Constraint = Range | OneOf | None


@dataclass(frozen=True, slots=True)
class OptionDescriptor:
    """One option of a device, as it stands now; a reload of the options makes it stale.

    Attributes:
        index: The option's number on the device.
        name: The name to set it by; empty for groups and for options without one.
        size: Bytes of the value; numbers of more than one word are vectors.
        group: Title of the group the option stands in.
    """

    index: int
    name: str
    title: str
    description: str
    type: OptionType
    unit: Unit = Unit.NONE
    size: int = WORD
    capabilities: frozenset[Capability] = SETTABLE
    constraint: Constraint = None
    group: str = ""

    @property
    def active(self) -> bool:
        """Whether the option counts with the other options as they are now."""
        return Capability.INACTIVE not in self.capabilities

    @property
    def settable(self) -> bool:
        """Whether software may set it (now, when it is active)."""
        return Capability.SOFT_SELECT in self.capabilities

    @property
    def readable(self) -> bool:
        """Whether its value can be asked for now."""
        valued = self.type not in {OptionType.BUTTON, OptionType.GROUP}
        return valued and self.active and Capability.SOFT_DETECT in self.capabilities

    @property
    def length(self) -> int:
        """How many words a number option holds; 1 for all others."""
        return max(1, self.size // WORD) if self.type in {OptionType.INT, OptionType.FIXED} else 1

    def to_json(self) -> dict[str, Any]:
        """The descriptor as a JSON object."""
        return {
            "index": self.index,
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "type": str(self.type),
            "unit": str(self.unit),
            "size": self.size,
            "capabilities": sorted(self.capabilities),
            "active": self.active,
            "settable": self.settable,
            "constraint": self.constraint.to_json() if self.constraint else None,
            "group": self.group,
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> OptionDescriptor:
        """The descriptor that `to_json` described."""
        return cls(
            index=document["index"],
            name=document["name"],
            title=document["title"],
            description=document["description"],
            type=OptionType(document["type"]),
            unit=Unit(document["unit"]),
            size=document["size"],
            capabilities=frozenset(Capability(name) for name in document["capabilities"]),
            constraint=_constraint_from_json(document["constraint"]),
            group=document["group"],
        )


def _constraint_from_json(document: dict[str, Any] | None) -> Constraint:
    if document is None:
        return None
    if "range" in document:
        return Range(**document["range"])
    return OneOf(tuple(document["one_of"]))


@dataclass(frozen=True, slots=True)
class SetResult:
    """What setting one option did.

    Attributes:
        actual: The value the device took; None after a button.
        inexact: The device took another value than the one asked for.
        reload_options: Descriptors and values of other options changed.
        reload_parameters: Size or format of the page changed.
    """

    actual: Value
    inexact: bool = False
    reload_options: bool = False
    reload_parameters: bool = False

    def to_json(self) -> dict[str, Any]:
        """The result as a JSON object."""
        return {
            "actual": self.actual,
            "inexact": self.inexact,
            "reload_options": self.reload_options,
            "reload_parameters": self.reload_parameters,
        }


@dataclass(frozen=True, slots=True)
class AppliedOption:
    """What was asked of one option, and what the device made of it after all had been set."""

    requested: Value
    actual: Value

    def to_json(self) -> dict[str, Any]:
        """Both values as a JSON object."""
        return {"requested": self.requested, "actual": self.actual}


class OptionTarget(Protocol):
    """Whatever has options: a driver in the device process."""

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        """All options, as they stand now."""
        ...

    def get(self, name: str) -> Value:
        """The value of one option."""
        ...

    def set(self, name: str, value: Value) -> SetResult:
        """Set one option."""
        ...


# Finding and checking


def find_option(descriptors: Sequence[OptionDescriptor], name: str) -> OptionDescriptor:
    """The option of that name; where a device uses a name twice, the active one.

    Raises:
        BadOption: The device has no such option; the nearest names are in the remedy.
    """
    found = [option for option in descriptors if option.name == name and name]
    if found:
        return next((option for option in found if option.active), found[0])
    names = [option.name for option in descriptors if option.name]
    nearest = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    raise BadOption(
        f"The device has no option named {name!r}.",
        remedy=_meant(nearest) or BadOption.default_remedy,
        option=name,
        nearest=nearest,
    )


def _meant(nearest: Sequence[object]) -> str:
    return f"Did you mean {' or '.join(str(word) for word in nearest)}?" if nearest else ""


def coerce(option: OptionDescriptor, value: Value) -> Value:
    """The value in the type of the option; text from a command line is read as its type says.

    Numbers out of range are left to the device, which rounds and clamps and says so.

    Raises:
        BadOption: The value cannot be one of this option's.
    """
    if option.type is OptionType.BUTTON:
        return None
    if value is None:
        if Capability.AUTOMATIC not in option.capabilities:
            raise _refused(option, value, "it has no automatic setting")
        return None
    if option.type is OptionType.BOOL:
        return _as_bool(option, value)
    if option.type is OptionType.STRING:
        return _as_string(option, value)
    if option.type is OptionType.GROUP:
        raise _refused(option, value, "it is only the heading of a group")
    if option.length > 1:
        return _as_vector(option, value)
    return _as_number(option, value)


def _refused(option: OptionDescriptor, value: Value, why: str, remedy: str = "") -> BadOption:
    return BadOption(
        f"Option {option.name!r} cannot take {value!r}: {why}.",
        remedy=remedy,
        option=option.name,
        value=value,
    )


_TRUTHS = {
    "yes": True,
    "true": True,
    "on": True,
    "1": True,
    "no": False,
    "false": False,
    "off": False,
    "0": False,
}


def _as_bool(option: OptionDescriptor, value: Value) -> bool:
    truth = value if isinstance(value, bool) else _TRUTHS.get(str(value).strip().lower())
    if truth is None:
        raise _refused(option, value, "it is either yes or no")
    return truth


def _as_string(option: OptionDescriptor, value: Value) -> str:
    if not isinstance(value, str):
        raise _refused(option, value, "it takes text")
    if isinstance(option.constraint, OneOf) and value not in option.constraint.values:
        allowed = [str(word) for word in option.constraint.values]
        remedy = _meant(difflib.get_close_matches(value, allowed, n=1, cutoff=0.4)) or (
            f"Choose one of: {', '.join(allowed)}"
        )
        raise _refused(option, value, f"it is one of {', '.join(allowed)}", remedy)
    if "\0" in value or not is_utf8(value):
        raise _refused(option, value, "it takes text in UTF-8 without NUL")
    if len(value.encode()) >= option.size:
        raise _refused(option, value, f"it holds at most {option.size - 1} bytes of text")
    return value


def is_utf8(text: str) -> bool:
    """Whether a text has bytes in UTF-8; one from a command line need not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _as_number(option: OptionDescriptor, value: Value) -> int | float:
    try:
        number = (
            float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else None
        )
    except ValueError:
        number = None
    if number is None:
        raise _refused(option, value, "it takes a number")
    # SANE words are 32 bits wide; FIXED keeps 16 of them behind the point
    fixed = option.type is OptionType.FIXED
    if not -_LIMIT <= number < _LIMIT or not -_LIMIT <= round(number * (1 << 16 if fixed else 1)) < _LIMIT:
        raise _refused(option, value, "the number is out of bounds")
    if fixed:
        return number
    if not number.is_integer():
        raise _refused(option, value, "it takes a whole number")
    return int(number)


def _as_vector(option: OptionDescriptor, value: Value) -> list[int] | list[float]:
    words: Sequence[Any]
    if isinstance(value, str):
        words = [word for word in value.replace(",", " ").split() if word]
    elif isinstance(value, list):
        words = value
    else:
        words = [value]
    if len(words) != option.length:
        raise _refused(option, value, f"it takes {option.length} numbers, not {len(words)}")
    return [_as_number(option, word) for word in words]


def read_values(target: OptionTarget) -> dict[str, Value]:
    """The value of each option that can be read now.

    Options that the driver lists as readable and then refuses to read, as some do, are left out.
    """
    values: dict[str, Value] = {}
    for option in target.descriptors():
        if option.readable and option.name:
            try:
                values[option.name] = target.get(option.name)
            except BadOption:
                continue
    return values


def equal(option: OptionDescriptor, actual: Value, wanted: Value) -> bool:
    """Whether two values of an option are the same, within half of its step."""
    if isinstance(actual, list) and isinstance(wanted, list):
        pairs = zip(actual, wanted, strict=False)
        return len(actual) == len(wanted) and all(equal(option, *pair) for pair in pairs)
    if isinstance(actual, (int, float)) and isinstance(wanted, (int, float)):
        quant = option.constraint.quant if isinstance(option.constraint, Range) else 0
        # FIXED is a number of 1/65536: nothing finer can come back
        return abs(actual - wanted) <= max(quant / 2 * 0.999, 1 / 65536)
    return actual == wanted
