# SPDX-License-Identifier: Apache-2.0
"""What checks found of captured pages is kept with them, and beside the other pages of the item."""

from __future__ import annotations

from typing import Any

from workers.desk import Desk
from workers.desk.quick_checks import keep_checks, profile_at_desk
from workers.node import Node

from .conftest import spooled

PAGES = 6


def measured(sharpness: float) -> list[dict[str, Any]]:
    found = {"threshold": None, "sentence": "."}
    return [
        {"check": "sharpness", "verdict": "pass", "measured": sharpness, **found},
        {"check": "blank", "verdict": "pass", "measured": 0.1, **found},
    ]


def test_a_page_less_sharp_than_the_others_of_its_item_is_told(desk: Desk) -> None:
    run = desk.begin_run(pages=PAGES)
    places = [desk.add(run, spooled(run, number)).places[0] for number in range(1, PAGES + 1)]
    keep_checks(desk, {place: measured(10.0) for place in places[:-2]}, "house")
    desk.discard([places[-1]])
    keep_checks(desk, {places[-2]: measured(2.0), places[-1]: measured(2.0)}, "house")
    told = [
        [check["check"] for check in place.checks if check["verdict"] != "pass"]
        for place in desk.state().places
    ]
    assert told == [[], [], [], [], ["unsharp"]]


def test_pages_are_checked_at_the_desk_as_the_workers_will(node: Node, desk: Desk) -> None:
    assert desk.state().places == ()
    assert profile_at_desk(node, "letters") == "house"
