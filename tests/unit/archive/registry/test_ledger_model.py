# SPDX-License-Identifier: Apache-2.0
"""The ledger under everything that brokers, workers, clocks and operators do to it, in any order."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete

from archive.registry import Registry, open_registry
from archive.registry.decisions import accept_held, cancel_batch, retry_stopped, retry_units
from archive.registry.holds import hold_items, unhold_items
from archive.registry.priorities import Priority, set_priority
from archive.registry.states import State
from archive.registry.tables import Table
from tests.unit.archive.registry.ledger_world import BATCH, LEASE, PIPELINE, Message, World

EXAMPLES = int(os.environ.get("RECTO_MODEL_EXAMPLES", "20"))
"""How many histories are tried; some thousands by hand now and then."""
OWNERS = {"exact": 0.0, "ahead": 20.0, "behind": -20.0, "far ahead": 2 * LEASE}
"""Workers, by how wrong their clocks are."""

any_number = st.integers(0, 30)
owners = st.sampled_from(sorted(OWNERS))
items = st.sampled_from(["item0", "item1"])


@cache
def empty_registry() -> Path:
    """A registry with its tables and nothing in them, made once."""
    folder = Path(tempfile.mkdtemp(prefix="recto-model-"))
    open_registry(f"sqlite:///{folder / 'empty.sqlite3'}").close()
    return folder / "empty.sqlite3"


class LedgerMachine(RuleBasedStateMachine):
    """One history of a batch; the faults stop at its end, and everything must come to rest."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="recto-model-"))
        self.registry = self.open()
        self.world = World(self.registry)

    def open(self) -> Registry:
        """An empty registry."""
        copy = shutil.copy(empty_registry(), self.folder / "registry.sqlite3")
        return open_registry(f"sqlite:///{copy}")

    @initialize(units=st.integers(0, 17))
    def some_is_done_already(self, units: int) -> None:
        self.world.work(units)

    def as_seen_by(self, owner: str) -> None:
        """Let the clock show what one worker's shows."""
        self.world.clock.skew = OWNERS[owner]

    # Time, dispatcher and reconcilers

    @rule(seconds=st.sampled_from([0.1, 5.0, LEASE + 1, 400.0]))
    def time_passes(self, seconds: float) -> None:
        self.world.clock.now += seconds

    @rule(owner=owners)
    def a_dispatcher_fills_the_window(self, owner: str) -> None:
        self.as_seen_by(owner)
        self.world.fill()

    @rule(owner=owners)
    def a_reconciler_looks(self, owner: str) -> None:
        self.as_seen_by(owner)
        self.world.look()

    @precondition(lambda self: self.world.lists)
    @rule(number=any_number, owner=owners)
    def a_reconciler_acts_on_what_it_saw(self, number: int, owner: str) -> None:
        self.as_seen_by(owner)
        self.world.act(number)

    @rule()
    def all_workers_are_found_dead(self) -> None:
        self.world.free_dead()

    # The broker

    @precondition(lambda self: self.world.broker)
    @rule(number=any_number, owner=owners, keep=st.booleans())
    def a_message_arrives(self, number: int, owner: str, keep: bool) -> None:  # noqa: FBT001 (a drawn value)
        self.as_seen_by(owner)
        self.world.deliver(number, owner, keep=keep)

    @precondition(lambda self: self.world.broker)
    @rule(number=any_number)
    def a_message_is_lost(self, number: int) -> None:
        self.world.broker.pop(number % len(self.world.broker))

    @rule()
    def the_broker_is_wiped(self) -> None:
        self.world.broker.clear()

    # Workers, be they late or not

    @precondition(lambda self: self.world.claims)
    @rule(number=any_number)
    def a_worker_writes_an_effect(self, number: int) -> None:
        claim, _ = self.world.claims[number % len(self.world.claims)]
        self.world.write_effect(claim)

    @precondition(lambda self: self.world.claims)
    @rule(number=any_number)
    def a_worker_renews_its_lease(self, number: int) -> None:
        claim, _ = self.world.claims[number % len(self.world.claims)]
        self.as_seen_by(claim.owner)
        self.world.renew(claim)

    @precondition(lambda self: self.world.claims)
    @rule(number=any_number, owner=owners)
    def a_worker_is_overtaken_and_does_not_know(self, number: int, owner: str) -> None:
        claim, _ = self.world.claims[number % len(self.world.claims)]
        self.world.clock.now += 2 * LEASE
        self.as_seen_by(owner)
        self.world.broker.append(Message((claim.unit,)))
        self.world.deliver(len(self.world.broker) - 1, owner)

    @precondition(lambda self: self.world.claims)
    @rule(number=any_number)
    def a_worker_is_done(self, number: int) -> None:
        self.world.complete(number)

    @rule(units=st.integers(1, 4))
    def all_goes_well_for_a_while(self, units: int) -> None:
        self.as_seen_by("exact")
        self.world.work(units)

    @precondition(lambda self: self.world.claims)
    @rule(number=any_number, retry=st.sampled_from(["auto", "after_operator", "never"]))
    def a_worker_fails(self, number: int, retry: str) -> None:
        self.world.fail(number, retry, "storage.error")

    @precondition(lambda self: self.world.claims)
    @rule(number=any_number)
    def a_check_fails(self, number: int) -> None:
        self.world.hold(number)

    @precondition(lambda self: self.world.claims)
    @rule(number=any_number)
    def a_worker_stops_warmly(self, number: int) -> None:
        self.world.release(number)

    @precondition(lambda self: self.world.claims)
    @rule(number=any_number)
    def a_worker_dies(self, number: int) -> None:
        self.world.claims.pop(number % len(self.world.claims))

    # The operator

    @rule()
    def the_operator_retries_what_stopped(self) -> None:
        with self.world.writing() as session:
            retry_stopped(session, BATCH)

    @rule(stage=st.sampled_from(PIPELINE.names), item=st.none() | items)
    def the_operator_has_a_stage_done_again(self, stage: str, item: str | None) -> None:
        with self.world.writing() as session:
            retry_units(session, BATCH, item=item, stage=stage)

    @rule()
    def the_operator_accepts_what_is_held(self) -> None:
        with self.world.writing() as session:
            accept_held(session, BATCH, item=None, reason="It is so")

    @rule()
    def the_operator_cancels(self) -> None:
        with self.world.writing() as session:
            cancel_batch(session, BATCH)

    @rule(item=items)
    def the_operator_holds_an_item(self, item: str) -> None:
        with self.world.writing() as session:
            hold_items(session, BATCH, [item])

    @rule()
    def the_operator_lets_all_items_go_on(self) -> None:
        with self.world.writing() as session:
            unhold_items(session, BATCH)

    @rule(item=items, priority=st.sampled_from(Priority))
    def the_operator_finds_an_item_urgent(self, item: str, priority: Priority) -> None:
        with self.world.writing() as session:
            set_priority(session, BATCH, priority, [item])

    # What holds at any time, and what comes of it all

    @invariant()
    def all_is_consistent(self) -> None:
        self.world.check()

    def teardown(self) -> None:
        """Let the faults stop: everything settles; a person takes up what stopped, and all is done."""
        try:
            self.come_to_rest()
        finally:
            self.world.close()
            self.registry.close()
            shutil.rmtree(self.folder)

    def come_to_rest(self) -> None:
        """See that nothing is left behind."""
        world = self.world
        with world.writing() as session:
            unhold_items(session, BATCH)
        world.broker.clear()
        world.settle()
        world.check()
        open_units = [
            unit
            for unit in world.units().values()
            if unit.state in {State.WAITING, State.QUEUED, State.RUNNING}
            and not world._behind_a_stop(unit, world.units())
        ]
        assert not open_units, open_units
        with world.writing() as session:
            retry_stopped(session, BATCH)
        world.settle()
        world.check()
        left = [unit for unit in world.units().values() if unit.state is not State.DONE]
        assert not left, left
        world.check_chain()


@pytest.fixture(autouse=True)
def _one_registry_for_all() -> Iterator[None]:
    yield
    if empty_registry.cache_info().currsize:
        shutil.rmtree(empty_registry().parent)
        empty_registry.cache_clear()


def run_histories(machine: type[LedgerMachine], examples: int) -> None:
    """Try so many histories."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_happens_a_batch_comes_to_its_end_once() -> None:
    run_histories(LedgerMachine, EXAMPLES)


def test_whatever_happens_a_batch_comes_to_its_end_once_on_postgresql_too(registry_url: str) -> None:
    class OnPostgresql(LedgerMachine):
        def open(self) -> Registry:
            registry = open_registry(registry_url)
            with registry.transaction() as session:
                for table in reversed(Table.metadata.sorted_tables):
                    session.execute(delete(table))
            return registry

    run_histories(OnPostgresql, max(3, EXAMPLES // 10))
