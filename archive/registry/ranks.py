# SPDX-License-Identifier: Apache-2.0
"""Texts that keep things in order: between any two of them there is room for another, so nothing is renumbered.

A rank is six digits that count the things put at the end, and after them as many digits as it takes to
stand between two others. The digits are those of base 36, which every database sorts alike.
"""

from __future__ import annotations

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_WHOLE = 6
_FIRST = "i00000"


def rank_between(before: str | None, after: str | None) -> str:
    """A rank that sorts behind one rank and in front of another.

    Args:
        before: What it comes behind; None for the very front.
        after: What it comes in front of; None for the very end.

    Raises:
        ValueError: They do not stand in this order.
    """
    if before is None and after is None:
        return _FIRST
    if before is None:
        return _whole(int((after or _FIRST)[:_WHOLE], 36) - 1)
    following = int(before[:_WHOLE], 36) + 1
    if after is None:
        return _whole(following)
    if before >= after:
        raise ValueError(f"{before} does not come before {after}.")
    if following < int(after[:_WHOLE], 36):
        return _whole(following)
    end = after[_WHOLE:] if after[:_WHOLE] == before[:_WHOLE] else ""
    return before[:_WHOLE] + _fraction(before[_WHOLE:], end)


def _whole(number: int) -> str:
    digits = ""
    for _ in range(_WHOLE):
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def _fraction(low: str, high: str) -> str:
    """Digits between two fractions; an empty one is zero as the lower and one as the upper bound."""
    made = ""
    while True:
        first = _DIGITS.index(low[0]) if low else 0
        last = _DIGITS.index(high[0]) if high else len(_DIGITS)
        if last - first > 1:
            # nearer to the lower bound: pages are mostly inserted one behind the other
            return made + _DIGITS[first + max(1, (last - first) // 4)]
        if last > first and len(high) > 1:
            return made + high[0]
        made += _DIGITS[first]
        low, high = low[1:], high[1:] if last == first else ""
