# SPDX-License-Identifier: Apache-2.0
"""Tags whose form BagIt itself gives: refused when written wrongly, told when read."""

from __future__ import annotations

import pytest

from archive.bag.profile import BagProfile, load_profile
from archive.bag.reserved_tags import reserved_problems
from archive.bag.validator import verify_bag
from archive.errors import BagTagsInvalid
from tests.unit.archive.bag.conftest import BagMaker

GROUP = ("Bag-Group-Identifier", "letters")


@pytest.mark.parametrize("count", ["1 of 1", "2 of 5", "5 of 5", "7 of ?", ""])
def test_the_place_among_several_bags_has_its_form(count: str) -> None:
    assert reserved_problems([GROUP, ("Bag-Count", count)]) == []


@pytest.mark.parametrize(
    "count", ["2", "2 / 5", "0 of 5", "6 of 5", "two of five", "1 of 0", "\u0662 of \u0665"]
)
def test_any_other_place_is_told(count: str) -> None:
    (problem,) = reserved_problems([GROUP, ("bag-count", count)])
    assert repr(count) in problem


def test_one_of_several_names_what_they_belong_to() -> None:
    (problem,) = reserved_problems([("Bag-Count", "2 of 5")])
    assert "without Bag-Group-Identifier" in problem
    assert reserved_problems([("Bag-Count", "1 of 1")]) == []


@pytest.mark.parametrize("day", ["31.3.2026", "2026-02-30", "2026-03-31T12:00:00Z", "today"])
def test_a_bagging_date_is_a_day(day: str) -> None:
    (problem,) = reserved_problems([("Bagging-Date", day)])
    assert "must be a day" in problem


def test_what_may_stand_once_is_told_when_it_stands_twice() -> None:
    assert reserved_problems([GROUP, GROUP]) == ["bag-group-identifier stands there more than once"]


def test_a_wrong_place_stops_a_bag_and_is_a_warning_in_one_of_others(
    folder_bag: BagMaker, aptrust: BagProfile
) -> None:
    title = {"aptrust-info.txt": {"Title": "T"}}
    with pytest.raises(BagTagsInvalid, match="Bag-Count is 'first'"):
        folder_bag(tags={**title, "bag-info.txt": {"Bag-Count": "first"}})
    info = {"Bag-Count": "2 of 5", "Bag-Group-Identifier": "letters"}
    bag = folder_bag(tags={**title, "bag-info.txt": info}).path
    assert verify_bag(bag, profile=aptrust).errors == ()
    text = (bag / "bag-info.txt").read_text().replace("2 of 5", "second")
    (bag / "bag-info.txt").write_text(text)
    report = verify_bag(bag, profile=load_profile("bagit"), second_opinion=False)
    assert any("'second'" in finding.message for finding in report.warnings)
    assert {finding.rule for finding in report.errors} == {"file-changed"}
