# SPDX-License-Identifier: Apache-2.0
"""Problems as values: their JSON, their words, and that each kind is documented and made somewhere."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from archive.manifest.nearest import did_you_mean, nearest
from archive.manifest.problems import Code, Place, Problem, Refused, shown

REPOSITORY = Path(__file__).resolve().parents[4]
DOCUMENTATION = (REPOSITORY / "docs" / "manifest.md").read_text(encoding="utf-8")
SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted((REPOSITORY / "archive" / "manifest").glob("*.py"))
    if path.name != "problems.py"
)


def test_a_problem_as_json_has_every_key() -> None:
    problem = Problem.at(Place(row=3, column="B"), Code.REQUIRED, "What.", "Do.", "warning")
    assert problem.to_json() == {
        "row": 3,
        "column": "B",
        "pointer": None,
        "line": None,
        "code": "required",
        "message": "What.",
        "remedy": "Do.",
        "severity": "warning",
    }


@pytest.mark.parametrize("code", list(Code))
def test_every_code_is_documented(code: Code) -> None:
    assert re.search(rf"^\| `{re.escape(code.value)}` \|", DOCUMENTATION, re.MULTILINE)


def test_only_codes_that_exist_are_documented() -> None:
    table = DOCUMENTATION.split("## Problem codes", 1)[1]
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE))
    assert documented == {code.value for code in Code}


@pytest.mark.parametrize("code", list(Code))
def test_every_code_is_made_somewhere(code: Code) -> None:
    assert f"Code.{code.name}" in SOURCE


def test_a_refusal_survives_pickle() -> None:
    refusal = pickle.loads(pickle.dumps(Refused(Code.REQUIRED, "What.", "Do.")))  # noqa: S301 - our own bytes
    assert (refusal.code, refusal.message, refusal.remedy) == (Code.REQUIRED, "What.", "Do.")


def test_values_in_messages_are_short_and_visible() -> None:
    assert shown("a\x00b\n\u200bc") == "“a\\u0000b\\u000a\\u200bc”"
    assert len(shown("x" * 1000)) < 70


@pytest.mark.parametrize(
    ("word", "known", "match"),
    [("titel", ["id", "title"], "title"), ("SRGB", ["sRGB", "gray"], "sRGB"), ("x", ["id", "title"], None)],
)
def test_the_nearest_word_is_found_whatever_its_case(word: str, known: list[str], match: str | None) -> None:
    assert nearest(word, known) == match


def test_where_no_word_is_near_all_are_listed() -> None:
    assert did_you_mean("xyz", ["id", "title"]) == "Known are: id, title."
