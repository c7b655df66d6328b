# SPDX-License-Identifier: Apache-2.0
"""The nodes of a site as they tell of themselves: workers and schedules, when each was seen last, who keeps the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from archive.registry.clock import now_seconds
from archive.registry.tables import NodeRow

BEAT_SECONDS = 15.0
"""How often a node tells that it is there."""
GONE_SECONDS = 3 * BEAT_SECONDS
"""After three beats that did not come a node counts as gone."""
FORGET_SECONDS = 86_400.0
"""After a day without a beat nobody asks for a node any more."""

SCHEDULE = "schedule"
"""Name of the row that stands for the site's schedule: whoever holds it sends what is due."""


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """One node.

    Attributes:
        name: Celery's name of it, such as `io@reading-room`; unique among the living.
        host: Name of the machine.
        station: The station whose settings it runs with.
        version: Recto's version.
        queues: What it serves; none for a schedule.
        started_at: When it started, as ISO 8601 in UTC.
        facts: What else it tells: kind, owner, pid, pool, concurrency, units, free_bytes, protocol, steps.
        seen_at: When it told that it is there, in seconds since the epoch.
    """

    name: str
    host: str
    station: str
    version: str
    queues: tuple[str, ...]
    started_at: str
    facts: dict[str, Any] = field(default_factory=dict)
    seen_at: float = 0.0

    def is_gone(self, moment: float) -> bool:
        """Whether it missed three beats by this moment."""
        return self.seen_at < moment - GONE_SECONDS

    @property
    def kind(self) -> str:
        """What it is: "worker" or "beat"."""
        return str(self.facts.get("kind", "worker"))


def tell_node(session: Session, record: NodeRecord) -> None:
    """Write that a node is there now, and forget those that nobody has heard of for a day."""
    moment = now_seconds()
    row = session.get(NodeRow, record.name)
    if row is None:
        row = NodeRow(name=record.name)
        session.add(row)
    row.host, row.station, row.version = record.host, record.station, record.version
    row.queues, row.facts = list(record.queues), record.facts
    row.started_at, row.seen_at = record.started_at, moment
    session.execute(
        delete(NodeRow)
        .where(NodeRow.seen_at < moment - FORGET_SECONDS, NodeRow.name != SCHEDULE)
        .execution_options(synchronize_session=False)
    )


def remove_node(session: Session, name: str, owner: str) -> None:
    """Take out a node that ended as it was told to, unless another process goes by its name now."""
    row = session.get(NodeRow, name)
    if row is not None and row.facts.get("owner") == owner:
        session.delete(row)


def read_nodes(session: Session) -> list[NodeRecord]:
    """All nodes that were heard of within a day, by name; the living and those that are gone."""
    oldest = now_seconds() - FORGET_SECONDS
    query = select(NodeRow).where(NodeRow.name != SCHEDULE, NodeRow.seen_at >= oldest).order_by(NodeRow.name)
    return [_record(row) for row in session.scalars(query)]


def node_named(session: Session, name: str) -> NodeRecord | None:
    """The node of this name, living or gone."""
    row = session.get(NodeRow, name)
    return None if row is None else _record(row)


def mark_node(session: Session, record: NodeRecord, mark: str) -> bool:
    """Set a mark among the facts of a node, which its next beat takes away.

    Returns:
        Whether it was set here: the node was not heard of meanwhile, and nobody else has set it.
    """
    row = session.scalar(select(NodeRow).where(NodeRow.name == record.name).with_for_update())
    if row is None or row.seen_at != record.seen_at or mark in row.facts:
        return False
    row.facts = {**row.facts, mark: True}
    return True


def revision_in_use(session: Session) -> str:
    """The revision that the registry has now, which another process may have upgraded since it was opened."""
    return str(session.scalar(text("SELECT version_num FROM alembic_version")))


def schedule_holder(session: Session) -> NodeRecord | None:
    """Who sends what is due; None when nobody does."""
    row = session.get(NodeRow, SCHEDULE)
    return None if row is None or row.seen_at == 0.0 else _record(row)


def take_schedule(
    session: Session, record: NodeRecord, *, is_dead: Callable[[str], bool], facts: dict[str, Any]
) -> dict[str, Any] | None:
    """Take the schedule, or keep it.

    Args:
        session: The transaction.
        record: Who wants it; its facts name its owner.
        is_dead: Whether the process of an owner is known to have ended.
        facts: What is kept with it while it is held already.

    Returns:
        What was kept with it last; None while another node holds it.
    """
    moment, owner = now_seconds(), record.facts["owner"]
    row = session.scalar(select(NodeRow).where(NodeRow.name == SCHEDULE).with_for_update())
    if row is None:
        return _first_schedule(session, record, moment)
    held_by = row.facts.get("owner")
    if held_by != owner and row.seen_at >= moment - GONE_SECONDS and not is_dead(str(held_by)):
        return None
    kept = facts if held_by == owner else dict(row.facts.get("kept", {}))
    _fill(row, record, moment, kept)
    return kept


def give_schedule_back(session: Session, owner: str) -> None:
    """Let the schedule go, so that another node may take it at once; what was kept with it stays."""
    row = session.scalar(select(NodeRow).where(NodeRow.name == SCHEDULE).with_for_update())
    if row is not None and row.facts.get("owner") == owner:
        row.seen_at = 0.0


def _first_schedule(session: Session, record: NodeRecord, moment: float) -> dict[str, Any] | None:
    row = NodeRow(name=SCHEDULE)
    _fill(row, record, moment, {})
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # another node was quicker
        return None
    return {}


def _fill(row: NodeRow, record: NodeRecord, moment: float, kept: dict[str, Any]) -> None:
    row.host, row.station, row.version = record.host, record.station, record.version
    row.queues, row.started_at, row.seen_at = [], record.started_at, moment
    row.facts = {"owner": record.facts["owner"], "holder": record.name, "kept": kept}


def _record(row: NodeRow) -> NodeRecord:
    return NodeRecord(
        name=row.name,
        host=row.host,
        station=row.station,
        version=row.version,
        queues=tuple(row.queues),
        started_at=row.started_at,
        facts=dict(row.facts),
        seen_at=row.seen_at,
    )
