# SPDX-License-Identifier: Apache-2.0
"""A page that was read twice is found by its words, though not all were read the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from archive.text.similar_pages import find_same_texts, suggest_same_texts


def misread(text: str, share: float) -> str:
    """The text with so many of its letters read wrong."""
    chance = random.Random(7)  # noqa: S311
    return "".join("x" if letter.isalpha() and chance.random() < share else letter for letter in text)


def page(number: int, words: int = 200) -> str:
    chance = random.Random(number)  # noqa: S311
    return " ".join(f"w{chance.randrange(5000)}" for _ in range(words))


def test_the_same_page_read_twice_is_found_with_the_earlier_one() -> None:
    pages = [(1, page(1)), (2, page(2)), (3, page(3)), (4, misread(page(2), 0.05))]
    (same,) = find_same_texts(pages)
    assert (same.earlier, same.later) == (2, 4)
    (suggestion,) = suggest_same_texts(pages)
    assert (suggestion.kind, suggestion.page, suggestion.value) == ("duplicate", 4, "the same text as page 2")


def test_a_running_head_on_all_pages_makes_none_alike() -> None:
    head = page(99, words=60)
    assert find_same_texts((number, f"{head} {page(number, words=40)}") for number in range(20)) == []


def test_pages_with_a_few_words_are_not_compared() -> None:
    assert find_same_texts([(1, "Seite eins von allen"), (2, "Seite eins von allen")]) == []


def test_the_answer_does_not_depend_on_the_process() -> None:
    pages = [(1, page(1)), (2, page(1))]
    assert [same.likeness for same in find_same_texts(pages)] == [1.0]


@pytest.mark.reference_data
def test_real_pages_are_found_again_and_never_taken_for_another(reference_data: Path) -> None:
    texts = [
        path.read_text(encoding="utf-8") for path in sorted((reference_data / "pages").glob("*/*.gt.txt"))
    ]
    assert find_same_texts(enumerate(texts)) == []
    for share in (0.02, 0.04):
        found = find_same_texts(enumerate([*texts, *(misread(text, share) for text in texts)]))
        assert [(same.earlier, same.later) for same in found] == [
            (number, number + len(texts)) for number in range(len(texts))
        ]
