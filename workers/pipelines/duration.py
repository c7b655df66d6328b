# SPDX-License-Identifier: Apache-2.0
"""Durations as people write them: 90 s, 10 min, 1 h 30 min."""

from __future__ import annotations

import re

_UNITS = {"h": 3600, "min": 60, "s": 1}
_PART = re.compile(r"([0-9]{1,6}) ?(h|min|s)\b ?", re.ASCII)


def read_duration(text: str) -> int:
    """Seconds of a duration; a bare whole number is seconds.

    Raises:
        ValueError: It is none.
    """
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,6}", text, re.ASCII):
        return int(text)
    seconds, position, units = 0, 0, list(_UNITS)
    while position < len(text):
        part = _PART.match(text, position)
        if part is None or part[2] not in units:
            raise ValueError(f"{text!r} is no duration")
        # hours before minutes before seconds, each once
        units = units[units.index(part[2]) + 1 :]
        seconds += int(part[1]) * _UNITS[part[2]]
        position = part.end()
    if not text:
        raise ValueError("nothing is no duration")
    return seconds


def write_duration(seconds: int) -> str:
    """A duration as `read_duration` reads it, such as "1 h 30 min"."""
    parts = []
    for unit, length in _UNITS.items():
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 s"
