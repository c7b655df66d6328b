# SPDX-License-Identifier: Apache-2.0
"""Templates: each kind has one, a site changes what it likes, and what is wrong with its own is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archive.notification_kinds import SEVERITIES, Kind
from workers.errors import SettingsInvalid
from workers.notifications.templates import LONGEST_BODY, LONGEST_TITLE, render, template_of


def example(subject: str, **facts: Any) -> dict[str, Any]:
    return {"subject": subject, "facts": facts, "at": "2026-11-21T10:00:00.000Z"}


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_can_be_told_of_one_and_of_many_without_a_trace_of_facts_that_are_not_there(
    kind: Kind,
) -> None:
    assert kind in SEVERITIES
    one = render(kind, [example("diaries")], 1)
    many = render(kind, [example("diaries"), example("letters")], 30)
    assert "diaries" in one.title
    assert one.body
    assert "30" in many.title
    assert many.body.endswith("and 28 more")
    assert "$" not in one.title + one.body + many.title + many.body


def test_a_site_changes_what_it_likes_and_keeps_the_rest(tmp_path: Path) -> None:
    (tmp_path / "batch-done.toml").write_text('title = "Fertig: $subject ($items, $$ 0)"\n', encoding="utf-8")
    told = render("batch done", [example("diaries", items=3)], 1, tmp_path)
    assert told.title == "Fertig: diaries (3, $ 0)"
    assert told.body == render("batch done", [example("diaries", items=3)], 1).body
    assert template_of("disk low", tmp_path) == template_of("disk low")


@pytest.mark.parametrize("text", ["title = 7", 'tittle = "x"', 'title = "100 $ for $"', "title ="])
def test_a_template_that_cannot_be_used_is_told_with_its_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "batch-done.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsInvalid, match=r"batch-done\.toml"):
        render("batch done", [example("diaries")], 1, tmp_path)


def test_a_kind_of_a_newer_recto_is_told_plainly() -> None:
    told = render("moon full", [example("tonight", phase=1)], 1)
    assert (told.title, told.body) == ("moon full: tonight", "phase: 1")


def test_what_stands_in_facts_is_neither_a_template_nor_a_secret_nor_without_end() -> None:
    told = render(
        "item held",
        [
            example(
                "b/i", reason="$facts {{ x }} https://me:hush@host/a", remedy="x" * 9_000, stage="ocr\x1b[31m"
            )
        ],
        1,
    )
    assert "$facts {{ x }} https://me:***@host/a" in told.body
    assert "\x1b" not in told.body
    assert len(told.body) <= LONGEST_BODY
    assert len(render("item held", [example("i" * 500)], 1).title) <= LONGEST_TITLE
    many = render("item held", [example("i" * 400)] * 20, 20)
    assert len(many.body) <= LONGEST_BODY
    assert "more" in many.body
