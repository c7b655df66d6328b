# SPDX-License-Identifier: Apache-2.0
"""SANE's option descriptors and values, read from and written to the library's memory."""

from __future__ import annotations

import ctypes
from typing import Any

from hardware.options import Capability, OneOf, OptionDescriptor, OptionType, Range, Unit, Value
from hardware.sane import binding
from hardware.sane.binding import FIXED_ONE, ConstraintType, Type, Word, decode

_TYPES = {
    Type.BOOL: OptionType.BOOL,
    Type.INT: OptionType.INT,
    Type.FIXED: OptionType.FIXED,
    Type.STRING: OptionType.STRING,
    Type.BUTTON: OptionType.BUTTON,
    Type.GROUP: OptionType.GROUP,
}
_UNITS = (Unit.NONE, Unit.PIXEL, Unit.BIT, Unit.MM, Unit.DPI, Unit.PERCENT, Unit.MICROSECOND)
_CAPABILITIES = {
    1: Capability.SOFT_SELECT,
    2: Capability.HARD_SELECT,
    4: Capability.SOFT_DETECT,
    8: Capability.EMULATED,
    16: Capability.AUTOMATIC,
    32: Capability.INACTIVE,
    64: Capability.ADVANCED,
}


def read_descriptor(index: int, raw: binding.OptionDescriptor, group: str) -> OptionDescriptor:
    """A copy of a descriptor, which stays as it is when the driver changes its own."""
    option_type = _TYPES.get(raw.type, OptionType.GROUP)
    return OptionDescriptor(
        index=index,
        name=decode(raw.name),
        title=decode(raw.title),
        description=decode(raw.desc),
        type=option_type,
        unit=_UNITS[raw.unit] if 0 <= raw.unit < len(_UNITS) else Unit.NONE,
        size=raw.size,
        capabilities=frozenset(name for bit, name in _CAPABILITIES.items() if raw.cap & bit),
        constraint=_constraint(raw, option_type),
        group="" if option_type is OptionType.GROUP else group,
    )


def _constraint(raw: binding.OptionDescriptor, option_type: OptionType) -> Range | OneOf | None:
    fixed = option_type is OptionType.FIXED
    if raw.constraint_type == ConstraintType.RANGE and raw.constraint.range:
        limits = raw.constraint.range.contents
        return Range(*(_number(word, fixed=fixed) for word in (limits.min, limits.max, limits.quant)))
    if raw.constraint_type == ConstraintType.WORD_LIST and raw.constraint.word_list:
        words = raw.constraint.word_list
        return OneOf(tuple(_number(words[1 + place], fixed=fixed) for place in range(words[0])))
    if raw.constraint_type == ConstraintType.STRING_LIST and raw.constraint.string_list:
        return OneOf(tuple(decode(text) for text in raw_strings(raw)))
    return None


def raw_strings(raw: binding.OptionDescriptor) -> list[bytes]:
    """The strings of a string list, as the driver has them: a list that ends with a null pointer."""
    strings: list[bytes] = []
    while (text := raw.constraint.string_list[len(strings)]) is not None:
        strings.append(text)
    return strings


def _number(word: int, *, fixed: bool) -> int | float:
    return word / FIXED_ONE if fixed else word


# Values


def new_buffer(option: OptionDescriptor) -> ctypes.Array[Any]:
    """Memory for a value of the option, filled with zeros."""
    if option.type is OptionType.STRING:
        return ctypes.create_string_buffer(max(option.size, 1))
    return (Word * option.length)()


def read_value(option: OptionDescriptor, buffer: ctypes.Array[Any]) -> Value:
    """The value that the buffer holds."""
    if option.type is OptionType.STRING:
        return decode(bytes(buffer).partition(b"\0")[0])
    if option.type is OptionType.BOOL:
        return bool(buffer[0])
    fixed = option.type is OptionType.FIXED
    words: list[Any] = [_number(word, fixed=fixed) for word in buffer]
    return words if option.length > 1 else words[0]


def write_value(
    option: OptionDescriptor, raw: binding.OptionDescriptor, value: Value, buffer: ctypes.Array[Any]
) -> None:
    """Put a value, already in the option's type, into the buffer."""
    if option.type is OptionType.STRING:
        text = _encode(raw, str(value))
        ctypes.memmove(buffer, text + b"\0", min(len(text) + 1, len(buffer)))
        return
    scale = FIXED_ONE if option.type is OptionType.FIXED else 1
    words = value if isinstance(value, list) else [value]
    for place, word in enumerate(words):
        # coerce() in hardware.options has seen to it that these are numbers
        buffer[place] = round(float(word) * scale)  # type: ignore[arg-type]


def _encode(raw: binding.OptionDescriptor, text: str) -> bytes:
    """The driver's own bytes for a string of its list: its encoding need not be ours."""
    if raw.constraint_type == ConstraintType.STRING_LIST:
        for own in raw_strings(raw):
            if decode(own) == text:
                return own
    return text.encode()
