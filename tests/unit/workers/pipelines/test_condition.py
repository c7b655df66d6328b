# SPDX-License-Identifier: Apache-2.0
"""Conditions are read strictly, and hold exactly where they say."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.pipelines.condition import DEEPEST, parse_condition
from workers.pipelines.condition_tokens import LONGEST, ConditionInvalid
from workers.pipelines.facts import FACTS, facts_of_manifest

LETTER = {
    "language": "deu",
    "pages": 3,
    "files": False,
    "storage": ["vault", "tape"],
    "setting.source": "ADF Duplex",
    "setting.page-width": 210,
    "tag.Storage Option": "Glacier",
    "title": "A letter and an answer",
}


@pytest.mark.parametrize(
    "text",
    [
        'language = "deu"',
        "language = 'deu'",
        'language in ["deu", "deu_frak"]',
        'language not in ["fra"]',
        'language != "fra"',
        "language is set",
        "creator is not set",
        'not creator = "Goethe"',
        'creator != "Goethe"',
        "pages > 2 and pages <= 3",
        "pages = 3",
        "pages<4",
        "not files",
        "files = false",
        "true",
        "not false",
        'storage contains "tape"',
        'storage not contains "disk"',
        'title contains "answer"',
        'setting.source = "ADF Duplex"',
        "setting.page-width >= 210",
        'tag."Storage Option" = "Glacier"',
        "pages > 100 or (pages < 5 and not files)",
        'pages > 100 or pages > 1 and language = "deu"',
        "pages > -1\n  and files = false",
    ],
)
def test_it_holds_for_the_letter(text: str) -> None:
    assert parse_condition(text).holds(LETTER)


@pytest.mark.parametrize(
    "text",
    [
        "files",
        "creator is set",
        'creator = "Goethe"',
        'creator in ["Goethe"]',
        'creator contains "o"',
        "pages > 3",
        "resolution_dpi < 300",
        'setting.page-width < "300"',
        "setting.source > 3",
        "setting.source",
        "setting.page-width",
        'tag.Access = "Consortia"',
        "false or files",
        "not (pages = 3 or files)",
    ],
)
def test_it_does_not_hold_for_the_letter(text: str) -> None:
    assert not parse_condition(text).holds(LETTER)


@pytest.mark.parametrize(
    ("text", "position", "told"),
    [
        ("", 0, "the condition ends"),
        ("language", 0, "is a text"),
        ("pages", 0, "is a number"),
        ("pages = ", 8, "the condition ends"),
        ('pages > "3"', 8, "is a number and is compared with a text"),
        ("language = deu", 11, 'language = "deu"'),
        ('languge = "deu"', 0, "Did you mean language"),
        ("setting = 3", 0, "There is no fact"),
        ("setting. = 3", 7, "does not belong"),
        ('storage = "tape"', 10, "is a list"),
        ("files < true", 8, "no order"),
        ('pages contains "3"', 15, "contains nothing"),
        ("pages in []", 10, "is expected"),
        ("pages in [1, 2", 14, "is expected"),
        ("pages = 1 pages = 2", 10, "is expected"),
        ("(pages = 1", 10, "is expected"),
        ("pages = 1)", 9, "is expected"),
        ("and pages = 1", 0, "The name of a fact"),
        ("not", 3, "The name of a fact"),
        ("pages == 1", 7, "A number or a text"),
        ("pages = 1 && files", 10, "Write: and"),
        ('language = "deu', 11, "not closed"),
        ("__import__('os')", 0, "There is no fact"),
        ("pages.__class__ = 1", 0, "There is no fact"),
        ("pages = 1e9", 8, "does not belong"),
        ("pages = １", 8, "does not belong"),  # noqa: RUF001 (a digit of another script is meant)
        ("language is set is set", 16, "is expected"),
    ],
)
def test_what_is_no_condition_is_refused_at_its_place(text: str, position: int, told: str) -> None:
    with pytest.raises(ConditionInvalid) as raised:
        parse_condition(text)
    assert raised.value.position == position
    assert told in str(raised.value)
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)  # noqa: S301 (our own bytes)


def test_deep_and_long_conditions_are_refused() -> None:
    assert parse_condition("not " * (DEEPEST - 1) + "files").holds({}) is True
    for text in ("(" * 5000 + "files", "not " * DEEPEST + "files", " " * (LONGEST + 1)):
        with pytest.raises(ConditionInvalid):
            parse_condition(text[:LONGEST] if text.startswith("(") else text)


def test_a_condition_knows_its_facts() -> None:
    condition = parse_condition('pages > 1 and (language = "deu" or tag.Access is set)')
    assert condition.facts == {"pages", "language", "tag.Access"}


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_within_it(text: str) -> None:
    refused = None
    try:
        parse_condition(text).holds({})
    except ConditionInvalid as error:
        refused = error
    assert refused is None or 0 <= refused.position <= len(text)


@given(
    st.dictionaries(st.sampled_from(sorted(FACTS)), st.integers() | st.text() | st.booleans()),
    st.sampled_from(['language = "deu"', "pages > 1", "files", 'storage contains "a"', "pages is set"]),
)
def test_a_condition_or_its_opposite_holds(facts: dict[str, Any], text: str) -> None:
    assert parse_condition(text).holds(facts) is not parse_condition(f"not ({text})").holds(facts)


def test_the_facts_are_those_of_the_manifest() -> None:
    batch = {
        "id": "b",
        "institution": "City",
        "collection": None,
        "settings": {"source": "Flatbed"},
        "tags": {"Access": "Consortia"},
        "storage": ["vault"],
        "resolution_dpi": 400,
    }
    item = {"id": "i", "title": "Letter", "language": None, "settings": {"source": "ADF"}, "tags": {}}
    facts = facts_of_manifest(batch, item, pages=0, files=False)
    assert facts == {
        "batch": "b",
        "institution": "City",
        "item": "i",
        "title": "Letter",
        "pages": 0,
        "files": False,
        "storage": ["vault"],
        "resolution_dpi": 400,
        "setting.source": "ADF",
        "tag.Access": "Consortia",
    }
    assert parse_condition("not files and pages < 1").holds(facts)
