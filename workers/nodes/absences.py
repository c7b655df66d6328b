# SPDX-License-Identifier: Apache-2.0
"""Having people told of workers that are gone: once for each absence, until they tell of themselves again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import structlog

from archive.registry import Session
from archive.registry.clock import now_seconds
from archive.registry.nodes import BEAT_SECONDS, NodeRecord, mark_node, read_nodes
from archive.registry.notifications import Kind, is_wanted, notify
from workers.node import Node
from workers.owners import is_dead, machine

log = structlog.get_logger(__name__)

ABSENT_SECONDS = 8 * BEAT_SECONDS
"""Two minutes: a computer that starts again, or a network that is away for a moment, is nothing to tell of."""

TOLD = "absence_told"
"""Fact of a node that is gone and was told of; a beat of the node writes its facts anew."""


def tell_of_absences(node: Node) -> int:
    """Have people told of workers and schedules that were not heard of for two minutes.

    Returns:
        How many were told of now.

    Raises:
        RegistryUnreachable: The registry does not answer.
    """
    with node.registry.reading() as session:
        if not is_wanted(session, Kind.WORKER_GONE) or not _absent(session):
            return 0
    with node.registry.transaction() as session:
        # asked again: another worker may just have told of them
        absent = _absent(session)
        for record in absent:
            if mark_node(session, record, TOLD):
                notify(session, Kind.WORKER_GONE, record.name, _facts(record))
                log.warning("node.gone", node=record.name, host=record.host)
    return len(absent)


def _absent(session: Session) -> list[NodeRecord]:
    oldest = now_seconds() - ABSENT_SECONDS
    return [
        record
        for record in read_nodes(session)
        if record.seen_at < oldest and TOLD not in record.facts and not _lives_here(record)
    ]


def _lives_here(record: NodeRecord) -> bool:
    """Whether it is a process of this machine that is there: the machine slept, and it will tell of itself soon."""
    owner = str(record.facts.get("owner", ""))
    return owner.partition(":")[0] == machine() and not is_dead(owner)


def _facts(record: NodeRecord) -> dict[str, Any]:
    seen = dt.datetime.fromtimestamp(record.seen_at, dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return {
        "node": record.name,
        "host": record.host,
        "station": record.station,
        "seen": seen,
        "serves": ", ".join(record.queues) or record.kind,
    }
