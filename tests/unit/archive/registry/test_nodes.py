# SPDX-License-Identifier: Apache-2.0
"""Nodes tell that they are there, count as gone after three beats, and one schedule of many is the one that sends."""

from __future__ import annotations

import time

import pytest

from archive.registry import Registry
from archive.registry.nodes import (
    FORGET_SECONDS,
    GONE_SECONDS,
    NodeRecord,
    give_schedule_back,
    read_nodes,
    remove_node,
    schedule_holder,
    take_schedule,
    tell_node,
)
from archive.registry.tables import NodeRow


def record(name: str, owner: str = "one", **facts: object) -> NodeRecord:
    return NodeRecord(
        name, "host", "station", "1.0", ("default",), "2026-01-01T00:00:00.000Z", {"owner": owner, **facts}
    )


def never(_owner: str) -> bool:
    return False


def age(registry: Registry, name: str, seconds: float) -> None:
    with registry.transaction() as session:
        session.get_one(NodeRow, name).seen_at -= seconds


@pytest.mark.every_registry
def test_a_node_is_told_again_and_again_in_one_row_and_goes_with_its_owner_only(registry: Registry) -> None:
    with registry.transaction() as session:
        tell_node(session, record("io@a", units=1))
    with registry.transaction() as session:
        tell_node(session, record("io@a", units=2))
    with registry.reading() as session:
        (told,) = read_nodes(session)
    assert (told.name, told.queues, told.facts["units"]) == ("io@a", ("default",), 2)
    assert not told.is_gone(time.time())
    with registry.transaction() as session:
        remove_node(session, "io@a", "another")
    with registry.transaction() as session:
        assert len(read_nodes(session)) == 1
        remove_node(session, "io@a", "one")
    with registry.reading() as session:
        assert read_nodes(session) == []


def test_three_missed_beats_make_a_node_gone_and_a_day_forgotten(registry: Registry) -> None:
    with registry.transaction() as session:
        tell_node(session, record("old"))
    age(registry, "old", GONE_SECONDS + 1)
    with registry.reading() as session:
        (told,) = read_nodes(session)
        assert told.is_gone(time.time())
    age(registry, "old", FORGET_SECONDS)
    with registry.transaction() as session:
        assert read_nodes(session) == []
        tell_node(session, record("new"))
    with registry.reading() as session:
        assert [row.name for row in session.query(NodeRow)] == ["new"]


@pytest.mark.every_registry
def test_one_schedule_sends_and_another_goes_on_where_it_let_go(registry: Registry) -> None:
    with registry.transaction() as session:
        assert take_schedule(session, record("beat@a", "a"), is_dead=never, facts={}) == {}
    with registry.transaction() as session:
        assert take_schedule(session, record("beat@b", "b"), is_dead=never, facts={}) is None
        assert take_schedule(session, record("beat@a", "a"), is_dead=never, facts={"reconcile": 5.0})
        holder = schedule_holder(session)
        assert holder is not None
        assert holder.facts["holder"] == "beat@a"
        give_schedule_back(session, "b")
        assert schedule_holder(session) is not None
        give_schedule_back(session, "a")
        assert schedule_holder(session) is None
    with registry.transaction() as session:
        assert take_schedule(session, record("beat@b", "b"), is_dead=never, facts={}) == {"reconcile": 5.0}
        assert read_nodes(session) == []


@pytest.mark.parametrize("how", ["silent", "dead"])
def test_a_schedule_that_is_silent_or_dead_is_taken_over(registry: Registry, how: str) -> None:
    with registry.transaction() as session:
        take_schedule(session, record("beat@a", "a"), is_dead=never, facts={})
    if how == "silent":
        age(registry, "schedule", GONE_SECONDS + 1)
    with registry.transaction() as session:
        taken = take_schedule(
            session, record("beat@b", "b"), is_dead=lambda owner: how == "dead" and owner == "a", facts={}
        )
        assert taken == {}
        assert take_schedule(session, record("beat@a", "a"), is_dead=never, facts={}) is None
