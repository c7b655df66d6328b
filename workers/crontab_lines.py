# SPDX-License-Identifier: Apache-2.0
"""Lines of crontab: read with the place of what is wrong, and asked when they are due in their time zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from celery.schedules import ParseException, crontab, crontab_parser

_FIELDS = (
    ("minute", 60, 0),
    ("hour", 24, 0),
    ("day of month", 31, 1),
    ("month", 12, 1),
    ("day of week", 7, 0),
)
"""Name, how many values there are, and the first, as `celery.schedules.crontab` has them."""

Clock = Callable[[], dt.datetime]


class _ZonedCrontab(crontab):  # type: ignore[misc, unused-ignore]
    """A crontab whose hours are those of a time zone of its own, whatever that of Celery is."""

    def __init__(self, *fields: str, zone: str = "UTC", nowfun: Clock | None = None) -> None:
        super().__init__(*fields, nowfun=nowfun or _now)
        self._made_of = (fields, zone)
        # Celery finds it once, in the application, and keeps it here
        self.__dict__["tz"] = _zone(zone)

    def __reduce__(self) -> Any:
        return _again, self._made_of


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _zone(name: str) -> dt.tzinfo:
    # a slim container has no files of time zones, and needs none for this one
    return dt.UTC if name == "UTC" else ZoneInfo(name)


def _again(fields: tuple[str, ...], zone: str) -> _ZonedCrontab:
    return _ZonedCrontab(*fields, zone=zone)


def read_line(line: str, zone: str = "UTC", now: Clock | None = None) -> crontab:
    """A line as Celery's schedule.

    Args:
        line: Minute, hour, day of month, month, day of week, as crontab(5) has them; 0 is Sunday.
        zone: Name of the time zone that it means.
        now: Tells the time, with its zone; this machine's clock when left out.

    Raises:
        ValueError: It cannot be understood, or no day is like that; the message says which field is wrong.
    """
    fields = line.split()
    if len(fields) != len(_FIELDS):
        names = ", ".join(name for name, _, _ in _FIELDS)
        raise ValueError(f"{line!r} has {len(fields)} fields, and a line of crontab has 5: {names}")
    for position, (field, (name, number, first)) in enumerate(zip(fields, _FIELDS, strict=True), start=1):
        _check(field, position, name, number, first)
    minute, hour, day, month, weekday = fields
    try:
        return _ZonedCrontab(minute, hour, weekday, day, month, zone=zone, nowfun=now)
    except ValueError as error:
        raise ValueError(f"{line!r}: fields 3 and 4 name no day of any year") from error


def next_due(line: str, zone: str, after: dt.datetime) -> dt.datetime:
    """When a line is due next after a moment.

    Args:
        line: See `read_line`.
        zone: Its time zone.
        after: The moment, with its zone.

    Returns:
        In UTC.
    """
    schedule = read_line(line, zone, lambda: after)
    return (after + schedule.remaining_estimate(after)).astimezone(dt.UTC)


def _check(field: str, position: int, name: str, number: int, first: int) -> None:
    place = f"field {position} of 5 ({name}), {field!r}"
    last = first + number - 1
    try:
        values = crontab_parser(number, first).parse(field)
    except (ParseException, ValueError, IndexError, KeyError, ZeroDivisionError) as error:
        raise ValueError(f"{place}, cannot be understood; it takes {first} to {last}") from error
    if not values or min(values) < first or max(values) > last:
        raise ValueError(f"{place}, is not within {first} to {last}")
