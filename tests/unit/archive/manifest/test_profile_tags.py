# SPDX-License-Identifier: Apache-2.0
"""The tags of a manifest held against its bag profile, before anything is captured."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.manifest.draft import Draft, Field, Record
from archive.manifest.problems import Code, Place, Problem
from archive.manifest.reader import Reading
from archive.manifest.station_rules import StationFacts, station_problems

Read = Callable[..., Reading]
Only = Callable[[Reading], Problem]


def test_a_value_that_the_archive_does_not_take_is_named_with_its_choices(
    read: Read, block: str, only: Only
) -> None:
    problem = only(read(block + "\nid,title,pages,tag.Access\nA,T,1,Public\n"))
    assert (problem.code, problem.row, problem.column) == (Code.TAG_VALUE, 9, "D")
    assert problem.remedy == "Write one of: Consortia, Institution, Restricted."


def test_labels_are_compared_without_case_and_with_their_file(read: Read, block: str) -> None:
    reading = read(block + "tag.aptrust-info.txt/access,Public\n\nid,title,pages\nA,T,1\n")
    assert [problem.code for problem in reading.problems] == [Code.TAG_VALUE]
    assert read(block + "tag.ACCESS,Institution\n\nid,title,pages\nA,T,1\n").valid


def test_a_profile_that_does_not_exist_is_told_at_its_cell(read: Read, block: str, only: Only) -> None:
    problem = only(read(block + "bag_profile,aptrust-9\n\nid,title,pages\nA,T,1\n"))
    assert (problem.code, problem.row, problem.column) == (Code.BAG_PROFILE_UNKNOWN, 7, "B")
    assert "aptrust-2.3" in problem.remedy


def test_a_tag_that_the_archive_wants_must_be_given_once_or_for_each_item(
    read: Read, block: str, only: Only, tmp_path: Path
) -> None:
    profile = tmp_path / "own.json"
    rule = {"file": "bag-info.txt", "name": "Shelf", "required": True}
    profile.write_text(json.dumps({"name": "own", "title": "Own archive", "tags": [rule]}))
    head = block + f"bag_profile,{profile}\n"
    assert only(read(head + "\nid,title,pages\nA,T,1\n")).code == Code.TAG_MISSING
    problem = only(read(head + "\nid,title,pages,tag.Shelf\nA,T,1,x\nB,U,1,\n"))
    assert (problem.code, problem.row) == (Code.TAG_MISSING, 11)
    assert read(head + "tag.Shelf,x\n\nid,title,pages\nA,T,1\n").valid


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("pipeline", "fast", Code.PIPELINE_UNKNOWN), ("storage", "atic", Code.STORAGE_UNKNOWN)],
)
def test_what_the_station_does_not_know_is_told_at_its_place(field: str, value: str, code: Code) -> None:
    place = Place(row=7, column="B")
    draft = Draft(Record(Place(), {field: Field(value, place)}))
    refused = ("There is no pipeline.", "Leave it out.") if field == "pipeline" else None
    (problem,) = station_problems(draft, StationFacts(("attic",), pipeline_problem=refused))
    assert (problem.code, problem.row, problem.column) == (code, 7, "B")


def test_addresses_and_known_names_of_storage_are_fine() -> None:
    entries = tuple(Field(value, Place(row=7)) for value in ("attic", "s3://bucket/prefix"))
    draft = Draft(Record(Place(), {"storage": Field(entries, Place(row=7))}))
    assert not list(station_problems(draft, StationFacts(("attic",))))
