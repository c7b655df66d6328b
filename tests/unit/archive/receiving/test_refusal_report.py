# SPDX-License-Identifier: Apache-2.0
"""What stands against keeping a bag, and how its depositor reads of it."""

from __future__ import annotations

from typing import Any

import pytest

from archive.bag.findings import Rule
from archive.receiving.judgement import judge
from archive.receiving.refusal_report import MOST_LISTED, REMEDIES, Refusal, remedy, shown
from archive.receiving.storage_options import asked_option

READ: dict[str, Any] = {
    "bag_sha256": "ab" * 32,
    "profile": "aptrust-2.3",
    "foreign_top": "",
    "tags": {},
    "errors": [],
    "error_count": 0,
    "warnings": [],
    "warning_count": 0,
}


def _error(file: str = "data/a", rule: str = "file-changed") -> dict[str, str]:
    return {"rule": rule, "file": file, "message": f"Something is wrong with {file}."}


def _refusal(*errors: dict[str, str], quarantine: str = "quarantine/7/letter_1.tar", **read: Any) -> Refusal:
    return Refusal(
        institution="library.example.org",
        depositor="The Library",
        key="letter_1.tar",
        size=20480,
        arrived_at="2026-03-31T10:00:00Z",
        decided_at="2026-03-31T10:05:00.000Z",
        work_item=7,
        quarantine=quarantine,
        reading={**READ, "errors": list(errors), "error_count": len(errors), **read},
    )


def _rules(read: dict[str, Any], **changes: Any) -> list[str]:
    told = {
        "name": "letter_1",
        "depositor": "The Library",
        "active": True,
        "options": ("Standard",),
        **changes,
    }
    return [str(finding.rule) for finding in judge({**READ, **read}, **told)]


def test_a_bag_against_which_nothing_stands_is_kept() -> None:
    assert _rules({}) == []
    assert _rules({"tags": {"aptrust-info.txt": [["Storage-Option", "Standard"]]}}) == []


@pytest.mark.parametrize(
    ("read", "changes", "rules"),
    [
        ({}, {"active": False}, ["depositor"]),
        ({}, {"name": ""}, ["bag-name"]),
        ({}, {"name": "a\nb"}, ["bag-name"]),
        ({}, {"name": "con"}, ["bag-name"]),
        ({"foreign_top": "other"}, {}, ["bag-name"]),
        # where the profile minds that itself, it is told once
        ({"foreign_top": "other", "errors": [_error("", "top-folder")]}, {}, []),
        ({"tags": {"aptrust-info.txt": [["storage-option", "Tape"]]}}, {}, ["storage-option"]),
        ({"tags": {"bag-info.txt": [["APTrust-Storage-Option", "Tape"]]}}, {}, ["storage-option"]),
        ({"foreign_top": "other"}, {"active": False}, ["depositor", "bag-name"]),
    ],
)
def test_everything_that_stands_against_a_bag_is_told(
    read: dict[str, Any], changes: dict[str, Any], rules: list[str]
) -> None:
    assert _rules(read, **changes) == rules


def test_the_first_option_that_has_a_value_counts() -> None:
    tags = {
        "aptrust-info.txt": [["Storage-Option", " "], ["STORAGE-OPTION", " Glacier-OH "]],
        "bag-info.txt": [["APTrust-Storage-Option", "Standard"]],
    }
    assert asked_option(tags) == "Glacier-OH"
    assert asked_option({"bag-info.txt": tags["bag-info.txt"]}) == "Standard"
    # a tag of another file asks for nothing
    assert asked_option({"bag-info.txt": [["Storage-Option", "Glacier-OH"]]}) == ""


def test_the_text_is_for_people_and_has_everything_they_need() -> None:
    text = _refusal(
        _error("data/masters/0001.tif"), warnings=[_error("note.txt", "tag-file-unlisted")], warning_count=1
    ).to_text()
    assert text.startswith("The bag letter_1.tar was refused\n")
    for told in (
        "The Library (library.example.org)",
        "ab" * 32,
        "aptrust-2.3",
        "What is wrong (1)",
        "   1. data/masters/0001.tif",
        "never mend the manifest",
        "Worth knowing, and no reason to refuse it (1)",
        "quarantine/7/letter_1.tar",
        "send it under the same name",
    ):
        assert told in text or told in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 100


def test_a_bag_that_was_gone_is_not_said_to_lie_anywhere() -> None:
    refusal = _refusal(_error(), quarantine="")
    assert "not there any more" in refusal.to_text()
    assert refusal.to_json()["quarantine"] == ""


def test_many_findings_are_counted_and_equal_advice_is_given_once() -> None:
    errors = [_error(f"data/{number}") for number in range(MOST_LISTED + 20)]
    text = _refusal(*errors, error_count=5000).to_text()
    assert " ".join(text.split()).count("never mend the manifest") == 1
    assert f"and {5000 - MOST_LISTED} more" in text
    assert len(_refusal(*errors).to_json()["errors"]) == MOST_LISTED + 20


def test_names_of_files_cannot_write_lines_into_the_report() -> None:
    assert shown("a\nb\x1b[2Jc\u2028d") == "a\\x0ab\\x1b[2Jc\\x2028d"
    text = _refusal(_error("data/x\n\nThe bag was kept\n")).to_text()
    assert "\nThe bag was kept" not in text


@pytest.mark.parametrize("rule", Rule)
def test_there_is_something_to_be_done_about_every_finding(rule: Rule) -> None:
    told = remedy(_error(rule=str(rule)))
    assert told.endswith(".")
    assert told == REMEDIES.get(rule, told)
