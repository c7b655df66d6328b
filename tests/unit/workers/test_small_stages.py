# SPDX-License-Identifier: Apache-2.0
"""Small units beside each other stay with one process; what it does not come to is sent all the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.registry import ledger
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.dispatching import open_units
from archive.registry.ledger import Claim
from archive.registry.sending import Sending, hand_over
from archive.registry.stages import Pipeline, StageRule
from archive.registry.states import State
from archive.registry.window import fill_window
from workers import onward, small_stages
from workers.node import Node
from workers.onward import Onward
from workers.settings import Settings
from workers.small_stages import ENOUGH, SMALL_SECONDS, KeptBack, StageSeconds

PATIENCE = 30.0
STAGES = ("one", "left", "middle", "right", "joined")


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> StageSeconds:
    known = StageSeconds()
    monkeypatch.setattr(onward, "stage_seconds", known)
    return known


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    made = Node(Settings(data_directory=tmp_path, state_directory=tmp_path))
    rules = (
        StageRule("one", "one"),
        *(StageRule(name, name, after=("one",)) for name in STAGES[1:4]),
        StageRule("joined", "joined", after=STAGES[1:4]),
    )
    pipeline = Pipeline("test", "Test", "1", rules)
    planned = [PlannedItem("item", {}, [])]
    batch = PlannedBatch("b", made.settings.station, "L", {}, "0" * 64, "/m.csv", planned, 1, pipeline)
    with made.registry.transaction() as session:
        register_batch(session, batch)
        fill_window(session, 1)
    yield made
    made.close()


def first(node: Node) -> Claim:
    with node.registry.transaction() as session:
        claim = ledger.claim(
            session, open_units(session, 1)[0].id, "host:1:task", lease_seconds=60, max_attempts=3
        )
    assert claim is not None
    return claim


def end(node: Node, going: Onward, claim: Claim) -> list[str]:
    """Let a unit be done, and go on; the stages that are sent at once."""
    going.begin()
    with node.registry.transaction() as session:
        item = ledger.complete(session, claim, {})
        sendings, taken = going.take(session, claim, item, hand_over(session, claim))
    going.committed(claim, taken)
    return named(sendings)


def named(sendings: list[Sending]) -> list[str]:
    return [unit.stage for sending in sendings for unit in sending.units]


def going_on(node: Node) -> Onward:
    return Onward(node, queue="default", hard_seconds=3600, owner="host:1:task")


def note(seconds: StageSeconds, each: float, *stages: str) -> None:
    for stage in stages:
        for _ in range(ENOUGH):
            seconds.note("b", stage, each)


def test_small_stages_beside_each_other_are_done_without_a_message(node: Node, seconds: StageSeconds) -> None:
    note(seconds, SMALL_SECONDS / 2, *STAGES)
    going, claim, done = going_on(node), first(node), []
    while True:
        assert end(node, going, claim) == []
        done.append(claim.stage)
        if going.next is None:
            break
        claim = going.next.claim
    assert tuple(done) == STAGES
    assert going.kept.take() == []


@pytest.mark.parametrize("long", ["left", "middle"])
def test_where_one_of_them_is_long_the_others_are_sent(node: Node, seconds: StageSeconds, long: str) -> None:
    note(seconds, SMALL_SECONDS / 2, *STAGES)
    note(seconds, 100 * SMALL_SECONDS, long)
    going = going_on(node)
    assert end(node, going, first(node)) == ["middle", "right"]
    assert going.next is not None
    assert going.next.claim.stage == "left"
    assert going.kept.units() == []


def test_what_was_kept_back_is_marked_for_sending_and_is_there_when_the_task_ends(
    node: Node, seconds: StageSeconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(seconds, SMALL_SECONDS / 2, *STAGES)
    going = going_on(node)
    end(node, going, first(node))
    assert going.next is not None
    with node.registry.reading() as session:
        states = {unit.stage: unit.state for unit in open_units(session, 1)}
    assert (states["left"], states["middle"], states["right"]) == (
        State.RUNNING,
        State.QUEUED,
        State.QUEUED,
    )
    monkeypatch.setattr(onward, "ONWARD_SECONDS", 0.0)
    end(node, going, going.next.claim)
    assert named(going.kept.take()) == ["middle", "right"]


def test_who_was_wrong_about_a_stage_sends_the_others_meanwhile(
    node: Node, seconds: StageSeconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(seconds, SMALL_SECONDS / 2, *STAGES)
    monkeypatch.setattr(small_stages, "LONGEST_DELAY", 0.01)
    going = going_on(node)
    end(node, going, first(node))
    came = threading.Event()
    sent: list[str] = []

    def send(sendings: list[Sending]) -> None:
        sent.extend(named(sendings))
        came.set()

    with going.kept.sent_in_time(send):
        assert came.wait(PATIENCE)
    assert sent == ["middle", "right"]
    assert going.kept.take() == []


def test_nothing_is_watched_where_nothing_is_kept() -> None:
    sent: list[Sending] = []
    threads = threading.active_count()
    with KeptBack().sent_in_time(sent.extend):
        assert threading.active_count() == threads
    assert sent == []


def test_a_stage_is_small_only_when_several_units_of_it_were(seconds: StageSeconds) -> None:
    for _ in range(ENOUGH - 1):
        seconds.note("b", "one", 0.0)
    assert not seconds.is_small("b", "one")
    seconds.note("b", "one", 0.0)
    assert seconds.is_small("b", "one")
    assert not seconds.is_small("another", "one")
    seconds.note("b", "one", 10.0)
    assert not seconds.is_small("b", "one")
