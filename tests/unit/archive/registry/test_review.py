# SPDX-License-Identifier: Apache-2.0
"""Where items stand for whoever looks at quality."""

from __future__ import annotations

import pytest

from archive.errors import BatchUnknown
from archive.registry import Registry
from archive.registry.batches import items_of, pages_of, register_batch
from archive.registry.review import ReviewStanding, held_items, review_list
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import DeskPlaceRow, UnitRow

from .conftest import planned_batch

FACTS = {"pixel_sha256": "0" * 64}


def test_an_item_stands_where_its_pages_and_its_units_put_it(registry: Registry) -> None:
    with registry.transaction() as session:
        register_batch(session, planned_batch("b", items=6, pages=2))
        items = items_of(session, "b")
        for item in items[:4]:
            for page in pages_of(session, item.id):
                page.capture = FACTS
        held, rejected, _, accepted, at_desk, _ = items
        for verdict, item in (("rejected", rejected), ("accepted", accepted)):
            for page in pages_of(session, item.id):
                page.verdict = verdict
        at_desk.desk = "open"
        for kind, aside in (("captured", None), ("missing", None), ("captured", "discarded")):
            place = DeskPlaceRow(item=at_desk.id, rank="i", kind=kind, aside=aside, captured_at="")
            session.add(place)
        for item, code in ((held, "quality.held"), (accepted, "master.changed")):
            unit = session.query(UnitRow).filter_by(item=item.id, stage=Stage.CHARACTERISE, chunk=0).one()
            unit.state, unit.error = State.HELD, {"code": code, "message": "page 1 lies askew"}
    with registry.reading() as session:
        listed = review_list(session, "b")
        reasons = held_items(session, "b")
    standing = ReviewStanding
    assert [(item.standing, item.pages) for item in listed] == [
        (standing.HELD, 2),
        (standing.REJECTED, 2),
        (standing.OPEN, 2),
        # only quality is a matter of opinion: a damaged master is held, and nobody may accept it here
        (standing.ACCEPTED, 2),
        (standing.OPEN, 1),
        (standing.EMPTY, 0),
    ]
    assert [item.at_desk for item in listed] == [False, False, False, False, True, False]
    assert reasons == {held.id: "page 1 lies askew"}


def test_a_batch_that_is_not_there_is_named(registry: Registry) -> None:
    with registry.reading() as session, pytest.raises(BatchUnknown, match="nowhere"):
        review_list(session, "nowhere")
