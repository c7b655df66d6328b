# SPDX-License-Identifier: Apache-2.0
"""The order of pages by their printed numbers: what is told, and what is no reason to tell anything."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from archive.text.page_order import NumberedPage, OrderBreak, find_order_breaks
from archive.text.printed_numbers import PrintedNumber, printed_numbers

ALTO = (
    '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout><Page WIDTH="1000" HEIGHT="1500">'
    "<PrintSpace>{lines}</PrintSpace></Page></Layout></alto>"
)


def alto(*lines: str) -> bytes:
    """ALTO of lines from top to bottom, written from the last to the first."""
    written = [
        f'<TextLine HPOS="100" VPOS="{at * 100}" WIDTH="800" HEIGHT="40">'
        + "".join(
            f'<String CONTENT="{word}" HPOS="1" VPOS="1" WIDTH="1" HEIGHT="1"/>' for word in line.split()
        )
        + "</TextLine>"
        for at, line in enumerate(lines)
    ]
    return ALTO.format(lines="".join(reversed(written))).encode()


def item(*numbers: int | str | Sequence[int] | None) -> list[NumberedPage]:
    """Pages that bear these numbers; a string is a Roman number, a list has more than one."""
    pages = []
    for page, number in enumerate(numbers, start=1):
        values = () if number is None else [number] if isinstance(number, int | str) else number
        borne = tuple(
            PrintedNumber("roman", len(value)) if isinstance(value, str) else PrintedNumber("arabic", value)
            for value in values
        )
        pages.append(NumberedPage(page, borne))
    return pages


def found(*numbers: int | str | Sequence[int] | None) -> list[tuple[str, int, int]]:
    return [(each.kind, each.page, each.other) for each in find_order_breaks(item(*numbers))]


@pytest.mark.parametrize(
    "numbers",
    [
        (1, 2, 3, 4, 5, 6),
        (17, 18, None, None, 21, 22),  # recognition saw nothing
        (17, 18, 11, 20, 21, 22),  # 19 was read as 11
        (17, 18, 19, 20, 1815, 22, 23),  # a year in the headline
        (1, 2, 3, None, None, 4, 5, 6),  # a plate that is not counted
        (1, None, 2, None, 3, None, 4, None, 5),  # leaves, numbered on one side
        ([2, 3], [4, 5], [6, 7], [8, 9], [10, 11]),  # two pages in one image
        ("i", "ii", "iii", "iiii", 1, 2, 3, 4),  # a preface
        (5, 6, 7, 8, 1, 2, 3, 4, 5),  # a second part
        (3, 9, 1, 40, 12, 77, 5),  # not page numbers at all
        (4, 7, 8),
        (None, None, None, None, None),
        (),
        (1, 2, 3, 4, 5, 77),  # one odd number at the end
    ],
)
def test_pages_in_order_and_pages_nobody_can_tell_of_are_no_finding(
    numbers: Sequence[int | str | None],
) -> None:
    assert found(*numbers) == []


@pytest.mark.parametrize(
    ("numbers", "breaks"),
    [
        ((1, 2, 3, 5, 6, 7, 8), [("missing", 4, 3)]),
        ((1, 2, 3, None, 7, 8, 9), [("missing", 5, 3)]),
        ((1, 2, 3, 3, 4, 5, 6), [("twice", 4, 3)]),
        ((1, 2, 4, 3, 5, 6, 7), [("displaced", 3, 4), ("displaced", 4, 3)]),
        ((1, 2, 4, 5, 3, 6, 7, 8), [("displaced", 3, 4), ("displaced", 4, 5), ("displaced", 5, 3)]),
        ((1, 2, 7, 4, 5, 6, 3, 8, 9), [("displaced", 3, 7), ("displaced", 7, 3)]),
        ((20, 21, 22, 23, 10, 11, 12, 13), [("back", 5, 4)]),
        (("i", "ii", "iii", "iiiii", "iiiiii", "iiiiiii"), [("missing", 4, 3)]),
        ((1, None, 2, None, 3, None, 5, None, 6, None, 7), [("missing", 7, 5)]),
        (([2, 3], [4, 5], [6, 7], [10, 11], [12, 13], [14, 15]), [("missing", 4, 3)]),
    ],
)  # fmt: skip
def test_missing_doubled_and_swapped_pages_are_told_with_both_pages(
    numbers: Sequence[int | str | None], breaks: list[tuple[str, int, int]]
) -> None:
    assert found(*numbers) == breaks


def test_what_is_told_can_be_understood() -> None:
    (gap,) = find_order_breaks(item(1, 2, 3, 6, 7, 8, 9))
    assert gap.missing == 2
    assert gap.to_check().verdict == "review"
    assert gap.sentence == (
        "Page 4 bears the number 6, page 3 before it 3: look whether 2 pages between them were not scanned."
    )
    four = PrintedNumber("roman", 4)
    assert "page 3" in OrderBreak("twice", 4, 3, four, four).sentence
    assert "4 (Roman)" in OrderBreak("twice", 4, 3, four, four).sentence


@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        (("— 17 —", "It was a dark night", "and so on"), {("arabic", 17)}),
        (("THE HISTORY 18", "It was", "a night", "of 3 men", "who went", "home."), {("arabic", 18)}),
        (("xvii", "It was", "a night", "of men", "who went", "home."), {("roman", 17)}),
        (("It was", "a night", "of 12", "men", "who went", "home", "[42]"), {("arabic", 42)}),
        (("It was a night", "of the year", "of", "Our", "Lord", "which was MDCCC"), set()),
        (("Text", "of", "12 men in the middle", "of", "it", "all"), set()),
        ((), set()),
    ],
)
def test_lone_numbers_in_the_first_and_last_lines_may_be_page_numbers(
    lines: Sequence[str], numbers: set[tuple[str, int]]
) -> None:
    assert {(each.system, each.value) for each in printed_numbers(alto(*lines))} == numbers
