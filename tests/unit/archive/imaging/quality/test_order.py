# SPDX-License-Identifier: Apache-2.0
"""Order checks: pages that came twice, and pages that are less sharp than the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from archive.imaging.quality.order import (
    PageFacts,
    Usual,
    check_page_count,
    find_duplicates,
    find_noisy,
    find_unsharp,
    likeness,
)
from archive.imaging.quality.profile import Limits

TWICE = Limits(review_below=55)
UNSHARP = Limits(review_below=0.6)
NOISY = Limits(review_above=2)


def drawn(
    number: int, seed: int, *, sharpness: float = 20.0, blank: bool = False, flip: int = 0
) -> PageFacts:
    drawn_bits = np.random.default_rng(seed).integers(0, 256, 32, dtype=np.uint8).tobytes()
    bits = int.from_bytes(drawn_bits, "big") ^ ((1 << flip) - 1)
    return PageFacts(number, f"{bits:064x}", sharpness, blank, f"digest {seed}")


def test_a_page_that_came_twice_is_told_beside_the_earlier_one() -> None:
    pages = [drawn(1, 1), drawn(2, 2), drawn(3, 1, flip=30), drawn(4, 4)]
    (found,) = find_duplicates(pages, TWICE)
    assert (found.number, found.earlier, found.difference) == (3, 1, 30)
    # the pixels of both have one digest here
    assert found.exact


def test_pages_that_differ_in_as_many_bits_as_the_limit_are_different() -> None:
    assert find_duplicates([drawn(1, 1), drawn(2, 1, flip=55)], TWICE) == ()
    assert len(find_duplicates([drawn(1, 1), drawn(2, 1, flip=54)], TWICE)) == 1


def test_blank_pages_are_neither_doubles_nor_unsharp() -> None:
    pages = [
        drawn(number, 1, sharpness=20.0 if number % 2 else 0.1, blank=number % 2 == 0)
        for number in range(1, 3)
    ]
    assert find_duplicates(pages, TWICE) == ()
    many = [drawn(number, number) for number in range(1, 9)] + [drawn(9, 9, sharpness=0.1, blank=True)]
    assert find_unsharp(many, UNSHARP) == ()


def test_a_page_with_less_than_its_share_of_the_usual_sharpness_is_told() -> None:
    pages = [drawn(number, number, sharpness=20.0) for number in range(1, 6)] + [drawn(6, 6, sharpness=10.0)]
    (found,) = find_unsharp(pages, UNSHARP)
    assert (found.number, found.share) == (6, 0.5)


def noisy(*levels: float) -> list[PageFacts]:
    return [
        replace(drawn(number, number), noise=level or None) for number, level in enumerate(levels, start=1)
    ]


def test_a_page_with_more_than_twice_the_usual_noise_is_told() -> None:
    (found,) = find_noisy(noisy(0.6, 0.7, 0, 0.8, 0.7, 2.1), NOISY)
    assert (found.number, found.times) == (6, 3.0)


def test_noise_that_nobody_sees_is_not_told_and_four_pages_have_no_usual_noise() -> None:
    assert find_noisy(noisy(0.1, 0.1, 0.1, 0.1, 0.4), NOISY) == ()
    assert find_noisy(noisy(0.6, 0.6, 0.6, 2.1), NOISY) == ()


def test_four_pages_have_no_usual_sharpness() -> None:
    pages = [drawn(1, 1, sharpness=1.0)] + [drawn(number, number) for number in range(2, 5)]
    assert find_unsharp(pages, UNSHARP) == ()


def test_a_profile_without_limits_tells_nothing() -> None:
    pages = [drawn(number, 1, sharpness=float(number)) for number in range(1, 9)]
    assert find_duplicates(pages, Limits()) == ()
    assert find_unsharp(pages, Limits()) == ()
    assert find_noisy([*noisy(0.5, 0.5, 0.5, 0.5, 9.0)], Limits()) == ()


def test_the_facts_of_a_page_come_from_its_checks_also_where_older_ones_lack_some() -> None:
    checks = [
        {"check": "blank", "verdict": "review", "measured": 0.001},
        {"check": "sharpness", "verdict": "pass", "measured": 3.5},
        {"check": "fingerprint", "verdict": "pass", "measured": "ab"},
    ]
    assert PageFacts.of_checks(3, checks) == PageFacts(3, "ab", 3.5, blank=True)
    assert PageFacts.of_checks(3, []) == PageFacts(3, "", None, blank=False)


def test_a_likeness_is_sure_where_nothing_differs_and_none_where_half_does() -> None:
    assert (likeness(0), likeness(128), likeness(256)) == (1.0, 0.0, 0.0)


def of_scanner(pages: list[PageFacts], device: str) -> list[PageFacts]:
    return [replace(page, device=device) for page in pages]


def test_pages_are_compared_with_those_of_their_scanner_in_the_batch_where_these_are_known() -> None:
    # the whole item is out of focus: beside each other its pages do not tell
    pages = [drawn(number, number, sharpness=8.0) for number in range(1, 4)]
    usual = {"sane:a": Usual(sharpness=20.0, noise=None)}
    assert find_unsharp(of_scanner(pages, "sane:a"), UNSHARP) == ()
    found = find_unsharp(of_scanner(pages, "sane:a"), UNSHARP, usual)
    assert [(page.number, page.share) for page in found] == [(1, 0.4), (2, 0.4), (3, 0.4)]
    # another scanner is another matter
    assert find_unsharp(of_scanner(pages, "sane:b"), UNSHARP, usual) == ()


def test_noise_is_compared_with_that_of_the_scanner_in_the_batch() -> None:
    pages = of_scanner(noisy(0.6, 2.1), "sane:a")
    assert find_noisy(pages, NOISY) == ()
    (found,) = find_noisy(pages, NOISY, {"sane:a": Usual(noise=0.7)})
    assert (found.number, found.times) == (2, 3.0)


def test_where_a_scanner_is_new_the_item_itself_tells_what_is_usual() -> None:
    pages = [drawn(number, number, sharpness=20.0) for number in range(1, 6)] + [drawn(6, 6, sharpness=10.0)]
    (found,) = find_unsharp(of_scanner(pages, "sane:a"), UNSHARP, {"sane:a": Usual()})
    assert found.number == 6


def test_another_number_of_pages_than_announced_is_told() -> None:
    assert check_page_count(6, 6, 0) is None
    assert check_page_count(6, None, 0) is None
    fewer, marked = check_page_count(5, 6, 0), check_page_count(5, 6, 1)
    assert fewer is not None
    assert marked is not None
    assert (fewer.verdict, fewer.measured, fewer.threshold) == ("review", 5, 6)
    assert fewer.sentence == "The item has 5 pages; the manifest announces 6."
    assert marked.sentence == "The item has 5 pages; the manifest announces 6, and 1 are marked as missing."
