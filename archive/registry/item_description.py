# SPDX-License-Identifier: Apache-2.0
"""An item as the metadata writers want it, drawn from the registry up to the end of all that its bag waits for.

What comes later (bagging, upload) is left out of what goes into the bag: so a bag made again from the
same pages is the same bag, byte for byte. The complete history stands beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.agents import kind_of_agent, program_and_version
from archive.errors import RegistryError
from archive.metadata.description import (
    AgentDescription,
    EventDescription,
    FileDescription,
    FileUse,
    ItemDescription,
    PageDescription,
)
from archive.registry.batches import pages_of
from archive.registry.events import read_events
from archive.registry.pages import files_of
from archive.registry.pipelines import pipeline_of
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import BatchRow, EventRow, FileRow, ItemRow, PageRow


def history_of(session: Session, batch: str, item: str) -> Iterator[dict[str, Any]]:
    """The item's events up to the one that tells of the last stage before its bag, read while they are taken.

    Raises:
        RegistryError: The item is not ready to be bagged yet; told at the end.
    """
    last = _last_before_bag(session, batch, item)
    for event in read_events(session, batch, item):
        yield event
        if event["sequence"] == last:
            return
    raise RegistryError(f"Item {item} of batch {batch} is not ready yet; there is nothing to bag.")


def _last_before_bag(session: Session, batch: str, item: str) -> int | None:
    """The event that ended the last stage before the bag: an item whose page was captured again has several.

    None where a stage that the bag stands on was never done.
    """
    directly, before = _stages_before_bag(session, batch)
    missing = set(directly)
    last: int | None = None
    changes = select(EventRow.body).where(
        EventRow.batch == batch, EventRow.item == item, EventRow.type == "state change"
    )
    for body in session.scalars(changes.order_by(EventRow.sequence.desc())):
        event = json.loads(body)
        stage = event["detail"].get("stage")
        if event["detail"].get("to") == State.DONE and stage in before:
            last = int(event["sequence"]) if last is None else last
            missing.discard(stage)
            if not missing:
                return last
    return None


def _stages_before_bag(session: Session, batch: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """The stages that the bag stands on directly, and all that are done before it."""
    pipeline = pipeline_of(session, batch)
    bag = pipeline.rules.get(Stage.BAG)
    if bag is None:
        return (), frozenset(pipeline.names)
    before: set[str] = set(bag.after)
    for rule in reversed(pipeline.stages):
        if rule.name in before:
            before.update(rule.after)
    return bag.after, frozenset(before)


def describe_item(session: Session, item: int, *, complete: bool = False) -> ItemDescription:
    """Everything the metadata of an item's bag is made from.

    Args:
        session: A transaction.
        item: The item's key.
        complete: Whether events after those are told too, up to now: bagging, transfer, fixity.

    Raises:
        RegistryError: The item is not ready to be bagged yet, and what came until then was asked for.
    """
    row = session.get_one(ItemRow, item)
    batch = session.get_one(BatchRow, row.batch)
    files: dict[int | None, list[FileDescription]] = {}
    for file in files_of(session, item):
        files.setdefault(file.page, []).append(_file(file))
    events, last_at = _told((read_events if complete else history_of)(session, row.batch, row.name))
    targets = _targets(events)
    pages = tuple(_page(page, files.get(page.id, ()), targets) for page in pages_of(session, item))
    return ItemDescription(
        batch=row.batch,
        id=row.name,
        institution=batch.institution,
        collection=batch.manifest.get("collection") or "",
        title=row.description["title"],
        creator=row.description["creator"] or "",
        date=row.description["date"] or "",
        language=row.description["language"] or "",
        rights=row.description["rights"] or "",
        pages=pages,
        files=tuple(files.get(None, ())),
        agents=tuple(_agents(events, pages, batch.institution)),
        events=events,
        simulated=any(page.simulated for page in pages),
        created_at=last_at,
        missing_pages=tuple(
            (page["number"], page["label"]) for page in row.description.get("missing_pages") or ()
        ),
    )


def _told(history: Iterable[Mapping[str, Any]]) -> tuple[tuple[EventDescription, ...], str]:
    """The events that PREMIS tells, and the time of the last of all."""
    told: list[EventDescription] = []
    last_at = ""
    for event in history:
        last_at = str(event["at"])
        if event["type"] != "state change":
            told.append(_event(event))
    return tuple(told), last_at


def _file(row: FileRow) -> FileDescription:
    return FileDescription(
        path=f"data/{row.path}",
        use=cast("FileUse", row.use),
        mime=row.mime,
        size=row.size,
        sha256=row.sha256,
        md5=row.md5,
        created_at=row.created_at,
    )


def _targets(events: Iterable[EventDescription]) -> dict[str, dict[str, Any]]:
    """By scanner what the bag tells of its colour target; the last one counts where a stage was done again."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        detail = json.loads(event.detail) if event.type == "validation" else {}
        if "scan_sha256" in detail:
            found[detail["device"]] = {**detail, "file": event.objects[0]}
    return found


def _page(
    row: PageRow, files: Sequence[FileDescription], targets: Mapping[str, Mapping[str, Any]]
) -> PageDescription:
    capture = row.capture or {}
    return PageDescription(
        number=row.number,
        label=row.label,
        files=tuple(files),
        technical=row.technical or {},
        captured_at=capture.get("finished_at"),
        device=capture.get("device"),
        options=capture.get("options") or {},
        pixel_sha256=capture.get("pixel_sha256") or "",
        rotation=row.rotation,
        target=targets.get((capture.get("device") or {}).get("id", "")),
    )


def _event(event: Mapping[str, Any]) -> EventDescription:
    detail = dict(event["detail"])
    file = detail.pop("file", None)
    if event["page"] is not None:
        detail["page"] = event["page"]
    return EventDescription(
        id=f"{event['batch']}.{event['sequence']}",
        type=event["type"],
        at=event["at"],
        detail=json.dumps(detail, sort_keys=True, ensure_ascii=False),
        outcome=event["outcome"],
        agents=tuple(event["agents"]),
        objects=(f"data/{file}" if file else event["item"],),
        hash=event["sha256"],
    )


def _agents(
    events: Sequence[EventDescription], pages: Sequence[PageDescription], institution: str
) -> list[AgentDescription]:
    devices = {page.device["id"]: page.device for page in pages if page.device}
    agents = [AgentDescription(id="institution", name=institution, kind="organization")]
    for name in sorted({agent for event in events for agent in event.agents}):
        kind = kind_of_agent(name)
        program, version = program_and_version(name)
        if name in devices:
            agents.append(_device(devices[name]))
        elif kind == "software":
            agents.append(AgentDescription(id=name, name=program, kind=kind, version=version))
        else:
            agents.append(AgentDescription(id=name, name=name, kind=kind))
    return agents


def _device(device: Mapping[str, Any]) -> AgentDescription:
    facts = {
        "serial": device.get("serial"),
        "driver": ", ".join(part for part in (device.get("backend"), device.get("driver")) if part),
        "type": device.get("type"),
        "simulated:": "no paper was scanned" if device["simulated"] else "",
    }
    return AgentDescription(
        id=device["id"],
        name=" ".join(str(device.get(part) or "") for part in ("vendor", "model")).strip() or device["id"],
        kind="hardware",
        note="; ".join(f"{label} {value}" for label, value in facts.items() if value),
    )
