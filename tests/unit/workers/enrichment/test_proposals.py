# SPDX-License-Identifier: Apache-2.0
"""Of a provider's answer only short plain values of known kinds are taken, or nothing at all."""

from __future__ import annotations

from typing import Any

import pytest

from workers.enrichment.proposals import (
    KINDS,
    LONGEST,
    MOST,
    answer_schema,
    checked_answer,
    checked_suggestions,
)
from workers.enrichment.provider import Answer
from workers.errors import ProviderFailed

GOOD: dict[str, Any] = {"kind": "title", "value": "Ideen", "confidence": 0.9, "page": 1}


def checked(document: Any, pages: int = 3) -> list[tuple[str, str, float, int | None]]:
    found = checked_suggestions(Answer(document, "models.example.org", "m prompt 1"), pages=pages)
    assert {(each.source, each.version) for each in found} <= {("models.example.org", "m prompt 1")}
    return [(each.kind, each.value, each.confidence, each.page) for each in found]


def test_each_value_is_taken_once_with_its_best_confidence() -> None:
    entries = [GOOD, GOOD | {"confidence": 0.5}, GOOD | {"kind": "date", "value": "1787", "page": None}]
    assert checked({"suggestions": entries}) == [("title", "Ideen", 0.9, 1), ("date", "1787", 0.9, None)]
    assert checked({"suggestions": []}) == []


def test_space_around_and_within_a_value_is_made_plain() -> None:
    assert checked({"suggestions": [GOOD | {"value": "  Ideen  zur "}]})[0][1] == "Ideen zur"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "rights"},
        {"kind": "language", "value": "German"},
        {"kind": "date", "value": "März 1787"},
        {"kind": "date", "value": "1787-02-30"},
        {"value": ""},
        {"value": " "},
        {"value": "x" * (LONGEST + 1)},
        {"value": "line\nbreak"},
        {"value": "\x1b[2J"},
        {"value": "gnp.\u202etxt"},
        {"value": "zero\u200bwidth"},
        {"value": ["Ideen"]},
        {"value": 1787},
        {"confidence": 1.5},
        {"confidence": float("nan")},
        {"confidence": "0.9"},
        {"confidence": None},
        {"page": 0},
        {"page": 4},
        {"page": True},
        {"command": "rm -rf /"},
    ],
)
def test_one_wrong_value_refuses_the_whole_answer_and_is_not_repeated(change: dict[str, Any]) -> None:
    with pytest.raises(ProviderFailed) as refused:
        checked({"suggestions": [GOOD, GOOD | change]})
    assert "rm -rf" not in refused.value.message
    assert "\x1b" not in refused.value.message


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "text",
        1,
        {},
        {"suggestions": None},
        {"suggestions": [GOOD], "run": "x"},
        {"suggestions": [GOOD] * (MOST + 1)},
    ],
)
def test_what_is_no_answer_is_refused(document: Any) -> None:
    with pytest.raises(ProviderFailed):
        checked(document)


def test_the_schema_that_is_sent_asks_for_what_is_checked() -> None:
    entry = answer_schema()["properties"]["suggestions"]["items"]
    assert set(entry["required"]) == set(GOOD)
    assert entry["additionalProperties"] is False
    assert entry["properties"]["kind"]["enum"] == list(KINDS)


def test_a_provider_speaks_in_its_own_name_only() -> None:
    assert checked_answer("tea", Answer({}, "archive.text.dates", "1")).source == "tea archive.text.dates"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {"suggestions": []},
        Answer({}, "", "1"),
        Answer({}, "a\nb", "1"),
        Answer({}, 3, "1"),
        Answer({}, "a", None),
    ],  # type: ignore[arg-type]
)
def test_who_does_not_say_who_it_is_is_not_heard(answer: Any) -> None:
    with pytest.raises(ProviderFailed):
        checked_answer("tea", answer)
