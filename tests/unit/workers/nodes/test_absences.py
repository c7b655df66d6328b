# SPDX-License-Identifier: Apache-2.0
"""A worker that is gone is told of once for each absence, a disk that is nearly full once for each time it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from archive.registry.nodes import NodeRecord, remove_node, tell_node
from archive.registry.receiving_tables import NotificationRow
from archive.registry.tables import NodeRow
from workers.back_pressure import apply_limits
from workers.node import Node
from workers.nodes.absences import ABSENT_SECONDS, tell_of_absences
from workers.owners import machine, owner_name
from workers.settings import LimitSettings, load_settings

TARGET = {"office": {"url": "json://127.0.0.1:1/"}}
OTHER = NodeRecord(
    "io@cellar", "cellar-pc", "cellar", "1", ("io_bound",), "2026", {"kind": "worker", "owner": "x:1:y"}
)


@pytest.fixture
def node(recto_home: Path) -> Iterator[Node]:
    made = Node(load_settings({"notifications": {"targets": TARGET}}))
    yield made
    made.close()


def beat(node: Node, *, seconds_ago: float = 0.0) -> None:
    with node.registry.transaction() as session:
        tell_node(session, OTHER)
        session.flush()
        session.execute(
            update(NodeRow).where(NodeRow.name == OTHER.name).values(seen_at=time.time() - seconds_ago)
        )


def told(node: Node) -> list[tuple[str, str]]:
    with node.registry.reading() as session:
        return [(row.kind, row.subject) for row in session.scalars(select(NotificationRow))]


def test_each_absence_is_told_once(node: Node) -> None:
    beat(node)
    assert tell_of_absences(node) == 0
    beat(node, seconds_ago=ABSENT_SECONDS + 1)
    assert [tell_of_absences(node) for _ in range(3)] == [1, 0, 0]
    beat(node)
    assert tell_of_absences(node) == 0
    beat(node, seconds_ago=ABSENT_SECONDS + 1)
    assert tell_of_absences(node) == 1
    assert told(node) == 2 * [("worker gone", "io@cellar")]


def test_a_worker_that_was_told_to_stop_is_not_gone(node: Node) -> None:
    beat(node, seconds_ago=ABSENT_SECONDS + 1)
    with node.registry.transaction() as session:
        remove_node(session, OTHER.name, "x:1:y")
    assert tell_of_absences(node) == 0


def test_a_worker_of_a_machine_that_slept_is_not_gone(node: Node) -> None:
    for name, owner in (("io@here", owner_name("io")), ("dead@here", f"{machine()}:{2**22 + 1}:io")):
        record = replace(OTHER, name=name, facts={"kind": "worker", "owner": owner})
        with node.registry.transaction() as session:
            tell_node(session, record)
            session.flush()
            session.execute(update(NodeRow).values(seen_at=time.time() - ABSENT_SECONDS - 1))
    assert tell_of_absences(node) == 1
    assert told(node) == [("worker gone", "dead@here")]


def test_where_nobody_wants_to_know_nothing_is_written(node: Node) -> None:
    beat(node, seconds_ago=ABSENT_SECONDS + 1)
    node.settings = load_settings({})
    assert tell_of_absences(node) == 0
    # a target that is added while a worker runs is told of what is the case then
    node.settings = load_settings({"notifications": {"targets": TARGET}})
    assert tell_of_absences(node) == 1


def test_a_disk_that_is_nearly_full_is_told_once(node: Node) -> None:
    node.settings = node.settings.model_copy(update={"limits": LimitSettings(free_share=0.999999)})
    for _ in range(3):
        apply_limits(node)
    assert told(node) == [("disk low", node.settings.station)]
    node.settings = node.settings.model_copy(update={"limits": LimitSettings(free_bytes=0)})
    apply_limits(node)
    assert len(told(node)) == 1
