# SPDX-License-Identifier: Apache-2.0
"""What a device makes of a value that it cannot have: the nearest that its constraint allows."""

from __future__ import annotations

import math

from hardware.options import OneOf, OptionDescriptor, OptionType, Range, Value

_FIXED = 65536
"""A FIXED word counts in 65536ths (SANE 1.06, section 4.2.3)."""


def same(actual: Value, wanted: Value) -> bool:
    """Whether nothing was rounded but what a FIXED word cannot hold."""
    if isinstance(actual, list) and isinstance(wanted, list):
        pairs = zip(actual, wanted, strict=False)
        return len(actual) == len(wanted) and all(same(*pair) for pair in pairs)
    if isinstance(actual, (int, float)) and isinstance(wanted, (int, float)):
        return abs(actual - wanted) <= 1 / _FIXED
    return actual == wanted


def nearest(option: OptionDescriptor, value: Value) -> Value:
    """The nearest value that the option's constraint allows, word by word; text stays as it is."""
    if isinstance(value, list):
        return [_nearest_word(option, word) for word in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _nearest_word(option, value)
    return value


def _nearest_word(option: OptionDescriptor, value: float) -> int | float:
    actual = value
    if isinstance(option.constraint, OneOf):
        words = [word for word in option.constraint.values if isinstance(word, (int, float))]
        actual = min(words, key=lambda word: abs(word - value), default=value)
    elif isinstance(option.constraint, Range):
        limits = option.constraint
        actual = min(max(value, limits.minimum), limits.maximum)
        if limits.quant:
            # halves go up, as in sanei_constrain_value of the SANE backends
            steps = math.floor((actual - limits.minimum) / limits.quant + 0.5)
            actual = min(limits.minimum + steps * limits.quant, limits.maximum)
    return int(actual) if option.type is OptionType.INT else round(actual * _FIXED) / _FIXED
