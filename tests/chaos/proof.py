# SPDX-License-Identifier: Apache-2.0
"""What must hold after a batch ended: ledger, chain, files, bags and copies are whole, and nothing is doubled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.bag.validator import verify_bag
from archive.digests import digest_file
from archive.registry import Session, open_registry
from archive.registry.events import read_events, verify_chain
from archive.registry.states import LEGAL, State
from archive.registry.tables import CopyRow, FileRow, ItemRow, PageRow, UnitRow
from tests.chaos.batch import BATCH, Plan
from tests.e2e.conftest import Home

OF_A_PAGE = frozenset(
    {
        "capture",
        "ingestion",
        "message digest calculation",
        "metadata extraction",
        "validation",
        "migration",
        "transcription",
    }
)
"""Types of events that a page has once for each of its files."""
NOT_RECORDED = frozenset({"renditions", "metadata", "spool"})
"""Folders of an item whose files belong to no record: what OCR and bagging make for themselves."""
BESIDE = frozenset({"premis.xml", "receipt.json"})
"""Files of an item that tell of its bag, and are written when that is in its storage."""

Event = dict[str, Any]


def problems_of(home: Home, plan: Plan) -> list[str]:
    """All that is not as it must be after the batch is done, as sentences; empty when it is whole."""
    registry = open_registry(f"sqlite:///{home.folder / 'state/registry.sqlite3'}")
    try:
        with registry.reading() as session:
            items = {row.id: row for row in session.query(ItemRow).filter(ItemRow.batch == BATCH)}
            events = list(read_events(session, BATCH))
            return [
                *_ledger(session, items, plan),
                *_history(session, items, events),
                *verify_chain(session, BATCH).problems,
                *_pages(session, items, events, plan),
                *_files(session, home, items),
                *_bags(session, home, items),
            ]
    finally:
        registry.close()


def _ledger(session: Session, items: dict[int, ItemRow], plan: Plan) -> Iterator[str]:
    if [row.name for row in items.values()] != plan.names():
        yield f"There are other items than planned: {[row.name for row in items.values()]}."
    for item in items.values():
        if item.state != State.DONE or item.in_flight:
            yield f"{item.name} is {item.state}, in flight: {item.in_flight}."
    for unit in session.query(UnitRow).filter(UnitRow.item.in_(items)):
        if unit.state != State.DONE or unit.owner or unit.lease_until:
            yield f"Unit {_named(unit, items)} is {unit.state} of {unit.owner!r} until {unit.lease_until}."


def _named(unit: UnitRow, items: dict[int, ItemRow]) -> tuple[str, str, int]:
    return items[unit.item].name, unit.stage, unit.chunk


def _history(session: Session, items: dict[int, ItemRow], events: list[Event]) -> Iterator[str]:
    """Each unit's changes of state follow from one another, end once, and count its tokens."""
    changes: dict[tuple[str, str, int], list[Event]] = defaultdict(list)
    for event in events:
        detail = event["detail"]
        if event["type"] == "state change" and "from" in detail:
            changes[event["item"], detail["stage"], detail["chunk"]].append(detail)
    for unit in session.query(UnitRow).filter(UnitRow.item.in_(items)):
        name = _named(unit, items)
        yield from _one_history(name, changes.pop(name, []), unit.token)
    for name in changes:
        yield f"The chain tells of a unit {name} that is not in the ledger."


def _one_history(name: tuple[str, str, int], changes: list[Event], token: int) -> Iterator[str]:
    at = State.WAITING
    for change in changes:
        before, after = State(change["from"]), State(change["to"])
        # to be sent is told by no event
        if before is not at and not (at is State.WAITING and before is State.QUEUED):
            yield f"{name} was {at}, and the next change begins at {before}."
        if after not in LEGAL[before]:
            yield f"{name} went from {before} to {after}."
        at = after
    ends = [change["to"] for change in changes]
    if ends.count(State.DONE) != 1 or ends[-1] != State.DONE:
        yield f"{name} did not end once, but thus: {ends}."
    if ends.count(State.RUNNING) != token:
        yield f"{name} has token {token} after {ends.count(State.RUNNING)} claims."


def _pages(session: Session, items: dict[int, ItemRow], events: list[Event], plan: Plan) -> Iterator[str]:
    came = {(event["item"], event["page"]) for event in events if event["type"] in {"capture", "ingestion"}}
    wanted = {(name, number) for name in plan.names() for number in range(1, plan.pages + 1)}
    if came != wanted:
        yield f"Pages that never came: {sorted(wanted - came)}; that nobody asked for: {sorted(came - wanted)}."
    told = Counter(
        (event["type"], event["item"], event["page"], event["detail"].get("file"))
        for event in events
        if event["page"] is not None and event["type"] in OF_A_PAGE
    )
    told.update(
        (event["type"], event["item"], None, event["detail"].get("name") or event["detail"].get("url"))
        for event in events
        if event["type"] in {"information package creation", "transfer"}
    )
    yield from (f"This is told {times} times: {what}." for what, times in told.items() if times != 1)
    pixels: dict[str, tuple[str, int]] = {}
    for page in session.query(PageRow).filter(PageRow.item.in_(items)).order_by(PageRow.id):
        name = (items[page.item].name, page.number)
        other = pixels.setdefault((page.capture or {}).get("pixel_sha256", ""), name)
        if other != name:
            yield f"Page {name} is the image of {other}."


def _files(session: Session, home: Home, items: dict[int, ItemRow]) -> Iterator[str]:
    recorded: dict[Path, FileRow] = {}
    for file in session.query(FileRow).filter(FileRow.item.in_(items)):
        recorded[home.items(BATCH) / items[file.item].name / file.path] = file
    there = {path for path in home.items(BATCH).rglob("*") if path.is_file()}
    for path in recorded.keys() - there:
        yield f"{path} is recorded and not there."
    for path in there - recorded.keys():
        inside = path.relative_to(home.items(BATCH)).parts
        if len(inside) == 2 and inside[1] in BESIDE:
            continue
        if inside[1] not in NOT_RECORDED or path.suffix == ".part":
            yield f"{path} is there and not recorded."
        elif inside[1] == "spool":
            yield f"{path} was left in the spool."
    for path in recorded.keys() & there:
        if digest_file(path, ["sha256"]).hexdigests()["sha256"] != recorded[path].sha256:
            yield f"{path} has other bytes than recorded."


def _bags(session: Session, home: Home, items: dict[int, ItemRow]) -> Iterator[str]:
    copies = {copy.item: copy for copy in session.query(CopyRow).filter(CopyRow.item.in_(items))}
    storage = home.folder / "data/storage"
    stored = {path.name for path in storage.iterdir()} if storage.is_dir() else set()
    if stored != {f"{(item.bag or {}).get('name')}.tar" for item in items.values()}:
        yield f"The storage holds other files than the items' bags: {sorted(stored)}."
    for item in items.values():
        bag, copy = item.bag, copies.get(item.id)
        if bag is None or copy is None or copy.confirmed_at is None or copy.sha256 != bag["sha256"]:
            yield f"The bag of {item.name} is not proved to be stored."
            continue
        path = storage / f"{bag['name']}.tar"
        report = verify_bag(path)
        if not report.valid or report.second_opinion != "valid":
            yield f"{path} is not valid: {report.to_json()}."
        for kept in (path, Path(bag["path"])):
            if digest_file(kept, ["sha256"]).hexdigests()["sha256"] != bag["sha256"]:
                yield f"{kept} has other bytes than recorded."
