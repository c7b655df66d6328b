# SPDX-License-Identifier: Apache-2.0
"""What is to be looked at in a batch, and how surely its texts were read, as its status tells it."""

from __future__ import annotations

from typing import Any

import pytest

from archive.registry import Registry
from archive.registry.batches import items_of, pages_of, register_batch
from archive.registry.status import batch_status
from archive.registry.tables import DeskPlaceRow

from .conftest import planned_batch


def check(name: str, verdict: str, measured: float, threshold: float) -> dict[str, Any]:
    return {
        "check": name,
        "verdict": verdict,
        "measured": measured,
        "threshold": threshold,
        "sentence": f"{name}.",
    }


@pytest.mark.every_registry
def test_of_an_item_at_the_desk_what_was_found_after_the_capture_is_told(registry: Registry) -> None:
    flagged = [check("skew", "review", 1.4, 1.0)]
    with registry.transaction() as session:
        register_batch(session, planned_batch("b", items=2, pages=3))
        open_item, gone_on = items_of(session, "b")
        open_item.desk, gone_on.desk = "open", "handed over"
        for item in (open_item, gone_on):
            for rank, aside, verdict, checks in (
                ("a", None, "", None),
                ("b", "replaced", "", flagged),
                ("c", None, "", flagged),
                ("d", None, "accepted", flagged),
            ):
                place = DeskPlaceRow(item=item.id, rank=rank, kind="captured", aside=aside, captured_at="")
                place.verdict, place.checks = verdict, checks
                session.add(place)
    with registry.reading() as session:
        told, other = batch_status(session, "b")["items"]
    assert told["findings"] == [{"page": 2, **flagged[0]}]
    assert other["findings"] == []


@pytest.mark.every_registry
def test_findings_are_told_until_a_person_has_judged_the_page(registry: Registry) -> None:
    with registry.transaction() as session:
        register_batch(session, planned_batch("b", items=2, pages=4))
        flagged, _clean = items_of(session, "b")
        first, second, third, fourth = pages_of(session, flagged.id)
        first.checks = [check("skew", "review", 1.4, 1.0), check("noise", "pass", 0.5, 2.0)]
        second.checks = [check("resolution", "hold", 300.0, 400.0), check("blank", "review", 0.001, 0.003)]
        third.checks, third.verdict = [check("skew", "review", 2.0, 1.0)], "accepted"
        fourth.checks = [check("skew", "pass", 0.1, 1.0)]
        for page, confidence, words in ((first, 90.0, 300), (second, 60.0, 100), (fourth, 0.0, 0)):
            page.recognition = {"mean_confidence": confidence, "words": words}
    with registry.reading() as session:
        told, other = batch_status(session, "b")["items"]
    assert told["to_look_at"] == [1, 2]
    assert told["findings"] == [
        {"page": 1, **check("skew", "review", 1.4, 1.0)},
        {"page": 2, **check("resolution", "hold", 300.0, 400.0)},
        {"page": 2, **check("blank", "review", 0.001, 0.003)},
    ]
    # by words, so that a page with a few does not count as much as a full one
    assert told["mean_confidence"] == 82.5
    assert (other["to_look_at"], other["findings"], other["mean_confidence"]) == ([], [], None)
