# SPDX-License-Identifier: Apache-2.0
"""What a process goes on with after a unit, and what it leaves to others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.registry import ledger
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.dispatching import open_units
from archive.registry.ledger import Claim
from archive.registry.sending import Sending, hand_over
from archive.registry.stages import Per, Pipeline, StageRule
from archive.registry.states import State
from archive.registry.window import fill_window
from workers import onward
from workers.node import Node
from workers.onward import Onward, Taken
from workers.settings import LedgerSettings, Settings

HOUR = 3600


def rule(name: str, *after: str, queue: str = "default", hard: int = HOUR, per: Per = Per.ITEM) -> StageRule:
    return StageRule(name, name, per, after, queue=queue, soft_seconds=hard - 60, hard_seconds=hard)


@dataclass
class Way:
    """A batch on its way, and the process that does its units."""

    node: Node

    def end(self, claim: Claim, *, hard_seconds: float | None = HOUR) -> tuple[list[str], Claim | None]:
        """Let a unit be done by a process of the queue "default": stages that are sent, and the next claim."""
        going = Onward(self.node, queue="default", hard_seconds=hard_seconds, owner="host:1:task")
        with self.node.registry.transaction() as session:
            item = ledger.complete(session, claim, {})
            sendings, taken = going.take(session, claim, item, hand_over(session, claim))
        return stages(sendings), unit(taken)

    def begin(self, *, item: int = 0) -> Claim:
        """Claim the first open unit of an item in flight."""
        with self.node.registry.transaction() as session:
            opened = open_units(session, self.items[item])[0]
            claim = ledger.claim(session, opened.id, "host:1:task", lease_seconds=60, max_attempts=3)
        assert claim is not None
        return claim

    items: tuple[int, ...] = ()


def stages(sendings: list[Sending]) -> list[str]:
    return [one.stage for sending in sendings for one in sending.units]


def unit(taken: Taken | None) -> Claim | None:
    return None if taken is None else taken.claim


@pytest.fixture
def way(tmp_path: Path) -> Iterator[Callable[..., Way]]:
    made: list[Node] = []

    def make(*rules: StageRule, items: int = 1, in_flight: int = 1, pages: int = 0) -> Way:
        folder = tmp_path / str(len(made))
        limits = LedgerSettings(items_in_flight=in_flight)
        settings = Settings(data_directory=folder, state_directory=folder, ledger=limits)
        node = Node(settings)
        made.append(node)
        planned = [PlannedItem(f"item{number}", {}, [None] * pages) for number in range(items)]
        pipeline = Pipeline("test", "Test", "1", rules)
        batch = PlannedBatch("b", settings.station, "L", {}, "0" * 64, "/m.csv", planned, 1, pipeline)
        with node.registry.transaction() as session:
            register_batch(session, batch)
            return Way(node, tuple(fill_window(session, in_flight)))

    yield make
    for node in made:
        node.close()


def test_the_next_stage_of_the_queue_is_claimed_where_the_one_before_is_done(way: Callable[..., Way]) -> None:
    sent, following = (at := way(rule("one"), rule("two", "one"))).end(at.begin())
    assert following is not None
    assert (sent, following.stage) == ([], "two")


@pytest.mark.parametrize(
    "second",
    [
        rule("two", "one", queue="io_bound"),
        rule("two", "one", hard=2 * HOUR),
        rule("two", "one", per=Per.CHUNK),
    ],
    ids=["another queue", "a longer time limit", "chunks of pages"],
)
def test_what_is_not_for_this_task_is_sent(way: Callable[..., Way], second: StageRule) -> None:
    at = way(rule("one"), second, rule("three", "two"), pages=2)
    sent, following = at.end(at.begin())
    assert following is None
    assert set(sent) >= {"two"}


def test_a_pool_without_time_limits_takes_also_long_stages(way: Callable[..., Way]) -> None:
    at = way(rule("one"), rule("two", "one", hard=2 * HOUR))
    _, following = at.end(at.begin(), hard_seconds=None)
    assert following is not None


def test_a_task_that_took_long_leaves_the_next_stage_to_others(
    way: Callable[..., Way], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onward, "ONWARD_SECONDS", 0.0)
    at = way(rule("one"), rule("two", "one"))
    assert at.end(at.begin()) == (["two"], None)


def test_of_stages_beside_each_other_one_is_taken_and_the_others_are_sent(way: Callable[..., Way]) -> None:
    at = way(rule("one"), rule("left", "one"), rule("right", "one"), rule("joined", "left", "right"))
    sent, left = at.end(at.begin())
    assert left is not None
    assert (sent, left.stage) == (["right"], "left")
    # nobody else has begun with what was sent
    sent, right = at.end(left)
    assert right is not None
    assert (sent, right.stage) == ([], "right")
    sent, joined = at.end(right)
    assert joined is not None
    assert (sent, joined.stage) == ([], "joined")


def test_the_stage_that_joins_waits_for_who_does_the_other(way: Callable[..., Way]) -> None:
    at = way(rule("one"), rule("left", "one"), rule("right", "one"), rule("joined", "left", "right"))
    _, left = at.end(at.begin())
    with at.node.registry.transaction() as session:
        waiting = next(one for one in open_units(session, at.items[0]) if one.stage == "right")
        assert ledger.claim(session, waiting.id, "other:2:task", lease_seconds=60, max_attempts=3)
    assert left is not None
    assert at.end(left) == ([], None)


def test_after_the_last_stage_the_next_item_is_begun_and_then_the_stage_of_the_batch(
    way: Callable[..., Way],
) -> None:
    at = way(rule("one"), rule("all", "one", per=Per.BATCH), items=2)
    sent, second = at.end(at.begin())
    assert second is not None
    assert (sent, second.item_name, second.stage) == ([], "item1", "one")
    sent, last = at.end(second)
    assert last is not None
    assert (sent, last.item, last.stage) == ([], 0, "all")


def test_the_process_dies_with_a_claim_that_another_may_take_over(way: Callable[..., Way]) -> None:
    at = way(rule("one"), rule("two", "one"))
    _, following = at.end(at.begin())
    assert following is not None
    with at.node.registry.transaction() as session:
        assert ledger.state_of_unit(session, following.unit) is State.RUNNING
        ledger.renew(session, following, lease_seconds=-1)
        again = ledger.claim(session, following.unit, "other:2:task", lease_seconds=60, max_attempts=3)
    assert again is not None
    assert again.token == following.token + 1
