# SPDX-License-Identifier: Apache-2.0
"""Suggestions are marked as such and survive JSON."""

from __future__ import annotations

import json

import pytest

from archive.text.enrichment import Suggestion, suggest_page_facts


def test_a_suggestion_survives_json_and_says_that_it_is_one() -> None:
    suggestion = Suggestion("language", "deu", "py3langid", "0.4.0", 0.9, 3)
    document = json.loads(json.dumps(suggestion.to_json()))
    assert document["status"] == "suggested"
    assert Suggestion.from_json(document) == suggestion


@pytest.mark.parametrize(
    ("size", "expected"), [((300, 200), "landscape"), ((200, 300), "portrait"), ((200, 200), "portrait")]
)
def test_the_format_of_a_page_is_suggested(size: tuple[int, int], expected: str) -> None:
    facts = {fact.kind: fact.value for fact in suggest_page_facts(*size, ink=0.1, sheet=1.0, page=1)}
    assert facts == {"format": expected, "ink_share": "0.1000", "sheet_share": "1.000"}


@pytest.mark.parametrize(("ink", "value"), [(0.001, "blank"), (0.005, "perhaps blank"), (0.02, None)])
def test_a_blank_page_is_suggested_and_a_written_one_is_not(ink: float, value: str | None) -> None:
    facts = {fact.kind: fact.value for fact in suggest_page_facts(200, 300, ink, 0.9, page=7)}
    assert facts.get("blank") == value
