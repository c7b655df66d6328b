# SPDX-License-Identifier: Apache-2.0
"""An item as its metadata tells it: agents with all that is known of them, events up to the bag or beyond."""

from __future__ import annotations

from sqlalchemy.orm import Session

from archive.metadata.description import AgentDescription
from archive.registry import Registry
from archive.registry.batches import PlannedBatch, items_of, pages_of
from archive.registry.events import append_event
from archive.registry.item_description import describe_item
from archive.registry.pages import RecordedFile, record_file, update_page

DEVICE = {
    "id": "sane:epjitsu:1",
    "backend": "epjitsu",
    "vendor": "Fujitsu",
    "model": "S300",
    "type": "sheetfed scanner",
    "serial": "17",
    "driver": "SANE 1.2.1",
    "simulated": False,
}
AGENTS = ("sane:old:1", DEVICE["id"], "Room 3", "Recto 0.1.0")


def _history(session: Session) -> int:
    item = items_of(session, "b1")[0].id
    page = pages_of(session, item)[0]
    update_page(session, page.id, capture={"device": DEVICE, "finished_at": "2026-03-31T10:00:00Z"})
    record_file(
        session,
        item,
        RecordedFile("master", "masters/0001.tif", "image/tiff", 3, "a" * 64, "b" * 32, page.id),
    )
    for kind, detail in (
        ("capture", {"file": "masters/0001.tif"}),
        ("state change", {"stage": "assemble", "to": "done"}),
        ("information package creation", {"name": "bag"}),
        ("transfer", {"url": "s3://bucket/bag.tar"}),
        ("fixity check", {"url": "s3://bucket/bag.tar"}),
    ):
        append_event(session, "b1", kind, item="item0", detail=detail, agents=AGENTS)
    return item


def test_scanner_operator_programs_and_institution_are_agents(
    registry: Registry, batch: PlannedBatch
) -> None:
    with registry.transaction() as session:
        description = describe_item(session, _history(session))
    agents = {agent.id: agent for agent in description.agents}
    note = "serial 17; driver epjitsu, SANE 1.2.1; type sheetfed scanner"
    assert agents["sane:epjitsu:1"] == AgentDescription(
        "sane:epjitsu:1", "Fujitsu S300", "hardware", note=note
    )
    # a scanner whose page was scanned again on another stays a scanner
    assert agents["sane:old:1"].kind == "hardware"
    assert agents["Room 3"].kind == "person"
    assert (agents["Recto 0.1.0"].name, agents["Recto 0.1.0"].version) == ("Recto", "0.1.0")
    assert (agents["institution"].kind, agents["institution"].name) == ("organization", "Library")


def test_a_simulated_scanner_keeps_its_serial_number_and_says_what_it_is(
    registry: Registry, batch: PlannedBatch
) -> None:
    with registry.transaction() as session:
        item = _history(session)
        page = pages_of(session, item)[0]
        simulated = {**DEVICE, "simulated": True}
        update_page(session, page.id, capture={"device": simulated, "finished_at": "2026-03-31T10:00:00Z"})
        description = describe_item(session, item)
    (note,) = {agent.note for agent in description.agents if agent.id == DEVICE["id"]}
    assert note.endswith("simulated: no paper was scanned")
    assert "serial 17" in note


def test_the_bag_s_metadata_end_with_its_assembly_and_the_complete_ones_with_the_last_event(
    registry: Registry, batch: PlannedBatch
) -> None:
    with registry.transaction() as session:
        item = _history(session)
        in_bag = describe_item(session, item)
        complete = describe_item(session, item, complete=True)
    assert [event.type for event in in_bag.events] == ["capture"]
    assert [event.type for event in complete.events] == [
        "capture",
        "information package creation",
        "transfer",
        "fixity check",
    ]
    assert complete.pages == in_bag.pages


def test_an_item_that_was_assembled_again_is_told_up_to_the_last_time(
    registry: Registry, batch: PlannedBatch
) -> None:
    with registry.transaction() as session:
        item = _history(session)
        for kind, detail in (
            ("appraisal", {"why": "replaced", "superseded": ["masters/0001.tif"]}),
            ("capture", {"file": "masters/0001.tif"}),
            ("state change", {"stage": "assemble", "to": "done"}),
            ("information package creation", {"name": "bag"}),
        ):
            append_event(session, "b1", kind, item="item0", detail=detail, agents=AGENTS)
        description = describe_item(session, item)
    assert [event.type for event in description.events][-2:] == ["appraisal", "capture"]
