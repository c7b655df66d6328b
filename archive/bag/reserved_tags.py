# SPDX-License-Identifier: Apache-2.0
"""The values that BagIt itself gives a form to: dates, and the place of a bag among several (RFC 8493, 2.2.2)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

BAG_COUNT = "Bag-Count"
BAG_GROUP = "Bag-Group-Identifier"

_COUNT = re.compile(r"([1-9]\d*) of ([1-9]\d*|\?)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

_ONCE = ("bag-count", "bag-group-identifier", "bag-size", "bagging-date")


def _count_problem(value: str) -> str | None:
    match = _COUNT.fullmatch(value)
    if match is None:
        return f'{BAG_COUNT} is {value!r} and must be such as "2 of 5", or "2 of ?"'
    if match[2] != "?" and int(match[1]) > int(match[2]):
        return f"{BAG_COUNT} is {value!r}, which is beyond the last"
    return None


def _day_problem(value: str) -> str | None:
    try:
        if _DAY.fullmatch(value) and dt.date.fromisoformat(value):
            return None
    except ValueError:
        pass
    return f"Bagging-Date is {value!r} and must be a day such as 2026-03-31"


_FORMS: dict[str, Callable[[str], str | None]] = {"bag-count": _count_problem, "bagging-date": _day_problem}


def reserved_problems(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """What is wrong with the reserved tags of a bag-info.txt, one clause for each.

    Args:
        pairs: All labels and values of the file.
    """
    labels = [label.lower() for label, _ in pairs]
    problems = [
        problem
        for label, value in pairs
        if value.strip() and (form := _FORMS.get(label.lower())) and (problem := form(value.strip()))
    ]
    problems += [f"{label} stands there more than once" for label in _ONCE if labels.count(label) > 1]
    one_of_several = any(label.lower() == "bag-count" and value.strip() != "1 of 1" for label, value in pairs)
    if one_of_several and BAG_GROUP.lower() not in labels:
        problems.append(f"{BAG_COUNT} is there without {BAG_GROUP}, which says what the bags belong to")
    return problems


def place_in_group(pairs: Sequence[tuple[str, str]]) -> tuple[str, str, str] | None:
    """Group, number and total ("?" where unknown) of a bag that is one of several, by its bag-info.txt."""
    tags = {label.lower(): value.strip() for label, value in pairs}
    group, count = tags.get(BAG_GROUP.lower(), ""), _COUNT.fullmatch(tags.get(BAG_COUNT.lower(), ""))
    return (group, count[1], count[2]) if group and count else None
