# SPDX-License-Identifier: Apache-2.0
"""Whether an option that stands in a file could be one: its texts, its numbers, its constraint and its value."""

from __future__ import annotations

from hardware.options import OneOf, OptionDescriptor, OptionType, Range, Value

_LARGEST_SIZE = 1 << 20
"""Bytes of a value; the largest known gamma tables have a quarter."""

_NUMBERS = (OptionType.INT, OptionType.FIXED)


def check_option(option: OptionDescriptor, value: Value) -> None:
    """See that a descriptor and its value go together.

    Raises:
        ValueError: They do not; the message names the option.
    """
    name = option.name or option.title
    texts = (option.name, option.title, option.description, option.group)
    if not all(isinstance(text, str) for text in texts):
        raise ValueError(f"option {option.index} has a text that is none")
    if not (_is_whole(option.index) and option.index >= 0):
        raise ValueError(f"option {name!r} has the index {option.index!r}")
    if not (_is_whole(option.size) and 0 <= option.size <= _LARGEST_SIZE):
        raise ValueError(f"option {name!r} has the size {option.size!r}")
    if not _constraint_fits(option):
        raise ValueError(f"option {name!r} has a constraint that is none of its type")
    if value is not None and not _value_fits(option, value):
        raise ValueError(f"option {name!r} has the value {str(value)[:40]!r}, which is none of its type")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    # neither not-a-number nor infinity: a word has 32 bits
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= 1 << 32


def _constraint_fits(option: OptionDescriptor) -> bool:
    if isinstance(option.constraint, Range):
        limits = option.constraint
        return (
            option.type in _NUMBERS
            and all(map(_is_number, (limits.minimum, limits.maximum, limits.quant)))
            and limits.minimum <= limits.maximum
            and limits.quant >= 0
        )
    if isinstance(option.constraint, OneOf):
        kind = _is_number if option.type in _NUMBERS else _is_text
        return option.type in {*_NUMBERS, OptionType.STRING} and all(map(kind, option.constraint.values))
    return True


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _value_fits(option: OptionDescriptor, value: Value) -> bool:
    match option.type:
        case OptionType.BOOL:
            return isinstance(value, bool)
        case OptionType.STRING:
            return isinstance(value, str)
        case OptionType.INT | OptionType.FIXED:
            words = value if isinstance(value, list) else [value]
            vector = isinstance(value, list) == (option.length > 1)
            return vector and len(words) == option.length and all(map(_is_number, words))
    return False
