# SPDX-License-Identifier: Apache-2.0
"""Suggestions are marked as such and survive JSON."""

from __future__ import annotations

import json

import pytest
from PIL import Image, ImageDraw

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
    facts = {fact.kind: fact.value for fact in suggest_page_facts(Image.new("L", size, 220), page=1)}
    assert facts["format"] == expected


def test_a_blank_page_is_suggested_and_a_written_one_is_not() -> None:
    page = Image.new("L", (600, 800), 220)
    assert (
        suggest_page_facts(page, page=7)[0].to_json().items()
        >= {"kind": "blank", "value": "blank", "page": 7}.items()
    )
    draw = ImageDraw.Draw(page)
    for line in range(80, 700, 30):
        draw.rectangle((80, line, 520, line + 8), fill=30)
    assert "blank" not in {fact.kind for fact in suggest_page_facts(page)}


@pytest.mark.parametrize(
    "page", [Image.new("L", (1, 1)), Image.new("L", (1600, 3)), Image.new("L", (50, 50), 0)]
)
def test_odd_images_are_measured_without_an_error(page: Image.Image) -> None:
    assert {fact.kind for fact in suggest_page_facts(page)} >= {"format", "ink_share"}
