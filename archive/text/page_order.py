# SPDX-License-Identifier: Apache-2.0
"""Whether the pages of an item lie in order, by the numbers printed on them: missing, doubled and swapped pages.

Recognition misreads numbers, headlines hold years, plates have none. So the numbers are not compared one by
one: of all ways to read them the one is taken that needs the fewest breaks and leaves the fewest unexplained.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from archive.imaging.quality.finding import CheckResult
from archive.text.printed_numbers import PrintedNumber

Kind = Literal["missing", "twice", "back", "displaced"]

FEWEST = 4
"""Numbered pages below which nothing is said."""

STRIDES = (2, 1, 4)
"""How much the numbers grow from image to image, in halves: pages, leaves numbered on one side, two pages in one image."""

REACH = 30
"""Pages without a readable number over which a sequence is still followed."""

SKIPPED, BROKEN, UNCOUNTED = 1.0, 2.5, 2.0
"""What it costs to leave a number unexplained, to take a break, and to take pages between as not counted. A break
must explain three pages: a single odd number is a misreading more often than not."""


@dataclass(frozen=True, slots=True)
class NumberedPage:
    """A page with all that may be its number.

    Attributes:
        page: Its place in the item, from 1.
        numbers: What may be the number printed on it.
    """

    page: int
    numbers: tuple[PrintedNumber, ...]


@dataclass(frozen=True, slots=True)
class OrderBreak:
    """A place where the order of pages breaks.

    Attributes:
        kind: "missing" before it, "twice", "back" to a smaller number, or "displaced": on the place of another.
        page: The page.
        other: The page before it; for a displaced one that on whose place it lies.
        number: What is printed on it.
        other_number: What is printed on the page before it; for a displaced one what should be.
        missing: Pages that are missing before it.
    """

    kind: Kind
    page: int
    other: int
    number: PrintedNumber
    other_number: PrintedNumber
    missing: int = 0

    @property
    def sentence(self) -> str:
        """What an operator reads."""
        here, there = f"Page {self.page} bears the number {self.number}", f"page {self.other}"
        if self.kind == "missing":
            pages = "a page" if self.missing == 1 else f"{self.missing} pages"
            return f"{here}, {there} before it {self.other_number}: look whether {pages} between them were not scanned."
        if self.kind == "twice":
            return f"{here}, and so does {there}: look whether it was scanned twice."
        if self.kind == "back":
            return f"{here}, {there} before it {self.other_number}: look whether they lie in the wrong order."
        return f"{here}, which belongs on the place of {there}: look whether pages were swapped."

    def to_check(self) -> CheckResult:
        """The break as a finding about its page."""
        return CheckResult("page_order", "review", str(self.number), str(self.other_number), self.sentence)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the numbers: the pages that are explained, and what it costs."""

    cost: float
    steps: tuple[tuple[int, PrintedNumber], ...] = ()


def find_order_breaks(pages: Sequence[NumberedPage]) -> tuple[OrderBreak, ...]:
    """Where the order of an item's pages breaks, by page.

    Args:
        pages: All its pages in their order, those without a number too.
    """
    readings = [(stride, _best_reading(pages, stride)) for stride in STRIDES]
    stride, reading = min(readings, key=lambda found: found[1].cost)
    followed = sum(
        _cost(one, other, stride) == 0
        for one, other in pairwise(reading.steps)
        if one[1].system == other[1].system
    )
    if followed < FEWEST - 1:
        return ()
    found = [
        made
        for one, other in pairwise(reading.steps)
        if (made := _break_between(pages, one, other, stride)) is not None
    ]
    # where most pages break the order, they have none
    if len(found) > followed / 2:
        return ()
    return tuple(sorted([*found, *_displaced(pages, reading, stride)], key=lambda each: each.page))


def _best_reading(pages: Sequence[NumberedPage], stride: int) -> _Reading:
    """The cheapest way to read the numbers, found from the front: the best way to each number of each page."""
    ways: list[dict[PrintedNumber, _Reading]] = []
    unexplained = [0.0]
    for page in pages:
        unexplained.append(unexplained[-1] + (SKIPPED if page.numbers else 0.0))
    for index, page in enumerate(pages):
        to_here: dict[PrintedNumber, _Reading] = {}
        for number in page.numbers:
            step = (index, number)
            best = _Reading(unexplained[index], (step,))
            for before in range(max(0, index - REACH), index):
                for last, reading in ways[before].items():
                    cost = reading.cost + unexplained[index] - unexplained[before + 1]
                    cost += _cost((before, last), step, stride)
                    if cost < best.cost:
                        best = _Reading(cost, (*reading.steps, step))
            to_here[number] = best
        ways.append(to_here)
    complete = [
        _Reading(reading.cost + unexplained[-1] - unexplained[index + 1], reading.steps)
        for index, to_here in enumerate(ways)
        for reading in to_here.values()
    ]
    return min(complete, key=lambda reading: reading.cost, default=_Reading(unexplained[-1]))


def _cost(one: tuple[int, PrintedNumber], other: tuple[int, PrintedNumber], stride: int) -> float:
    (index, number), (next_index, next_number) = one, other
    if number.system != next_number.system:
        return BROKEN
    grown, usual = 2 * (next_number.value - number.value), stride * (next_index - index)
    if grown == usual:
        return 0.0
    return UNCOUNTED if 0 < grown < usual else BROKEN


def _break_between(
    pages: Sequence[NumberedPage],
    one: tuple[int, PrintedNumber],
    other: tuple[int, PrintedNumber],
    stride: int,
) -> OrderBreak | None:
    (index, number), (next_index, next_number) = one, other
    if number.system != next_number.system or _cost(one, other, stride) in {0.0, UNCOUNTED}:
        return None
    here, before = pages[next_index].page, pages[index].page
    grown, usual = 2 * (next_number.value - number.value), stride * (next_index - index)
    if grown > usual:
        missing = max(1, (grown - usual) // stride)
        return OrderBreak("missing", here, before, next_number, number, missing)
    if grown == 0 and next_index == index + 1:
        return OrderBreak("twice", here, before, next_number, number)
    # a new part counts from its beginning
    begins = next_number.value <= max(2, stride)
    return None if begins else OrderBreak("back", here, before, next_number, number)


def _displaced(pages: Sequence[NumberedPage], reading: _Reading, stride: int) -> Iterator[OrderBreak]:
    """Pages left unexplained whose numbers belong on each other's places: swapped ones, and ones moved in a ring."""
    wanted = dict(_wanted_numbers(pages, reading, stride))
    places = {number: index for index, number in wanted.items()}
    for index, number in wanted.items():
        borne = [found for found in pages[index].numbers if places.get(found, index) != index]
        claimed = any(number in pages[other].numbers for other in wanted if other != index)
        if borne and claimed:
            there = places[borne[0]]
            yield OrderBreak("displaced", pages[index].page, pages[there].page, borne[0], number)


def _wanted_numbers(
    pages: Sequence[NumberedPage], reading: _Reading, stride: int
) -> Iterator[tuple[int, PrintedNumber]]:
    """What should be printed on the unexplained pages between two pages that follow each other properly."""
    for one, other in pairwise(reading.steps):
        if one[1].system == other[1].system and _cost(one, other, stride) == 0:
            for index in range(one[0] + 1, other[0]):
                value, rest = divmod(2 * one[1].value + stride * (index - one[0]), 2)
                if pages[index].numbers and not rest:
                    yield index, PrintedNumber(one[1].system, value)
