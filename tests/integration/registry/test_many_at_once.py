# SPDX-License-Identifier: Apache-2.0
"""Many workers, operators and reconcilers on one batch at once: nobody waits in a circle, nothing is torn."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import func, select

from archive.errors import LeaseLost, RegistryOvertaken
from archive.registry import Registry, ledger, open_registry
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.decisions import cancel_batch, retry_stopped, retry_units
from archive.registry.dispatching import end_leases, running_units, stalled_items
from archive.registry.events import verify_chain
from archive.registry.holds import hold_items, unhold_items
from archive.registry.priorities import Priority, set_priority
from archive.registry.sending import hand_over, send_again, send_item
from archive.registry.stage_holds import DISK, hold_stage, release_stage
from archive.registry.states import State, state_of_whole
from archive.registry.tables import BatchRow, ItemRow, UnitRow
from archive.registry.window import fill_window

ITEMS = 3
THREADS = 6
STEPS = 20
"""Of each thread; enough for every pair of changes to meet."""

FAILURE = {"code": "c", "message": "m", "consequence": "", "remedy": "", "facts": {}}


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    opened = open_registry(registry_url)
    with opened.transaction() as session:
        items = [PlannedItem(f"item{number}", {}, [None] * 4) for number in range(ITEMS)]
        register_batch(session, PlannedBatch("b", "s", "l", {}, "0" * 64, "/m", items, chunk_pages=1))
        register_batch(session, PlannedBatch("c", "s", "l", {}, "0" * 64, "/m", items, chunk_pages=1))
    yield opened
    opened.close()


Change = Callable[[Registry, random.Random], None]


def run_units(registry: Registry, luck: random.Random) -> None:
    """What a worker does: claims whatever is there, lengthens its lease, and ends it in one way or another."""
    with registry.reading() as session:
        units = list(session.scalars(select(UnitRow.id).where(UnitRow.state != State.DONE)))
    for unit in luck.sample(units, min(6, len(units))):
        with registry.transaction() as session:
            claim = ledger.claim(session, unit, f"o{luck.random()}", lease_seconds=60, max_attempts=50)
        if claim is None:
            continue
        try:
            with registry.transaction() as session:
                ledger.renew(session, claim, lease_seconds=60)
            with registry.transaction() as session:
                end = luck.random()
                if end < 0.6:
                    ledger.complete(session, claim, {})
                    hand_over(session, claim)
                elif end < 0.7:
                    ledger.hold(session, claim, FAILURE)
                elif end < 0.9:
                    ledger.fail(session, claim, FAILURE | {"retry": "auto"}, max_attempts=50)
                    send_again(session, claim)
                else:
                    ledger.release(session, claim)
        except LeaseLost:
            # an operator or the reconciler was faster: that is how it is meant
            continue


def send(registry: Registry, luck: random.Random) -> None:
    with registry.reading() as session:
        items = list(session.scalars(select(ItemRow.id)))
    for item in luck.sample(items, ITEMS):
        with registry.transaction() as session:
            send_item(session, item)


def reconcile(registry: Registry, luck: random.Random) -> None:
    with registry.reading() as session:
        stalled_items(session, quiet_seconds=0)
        owners = running_units(session)
    with registry.transaction() as session:
        end_leases(session, owners)
    with registry.transaction() as session:
        fill_window(session, 2)


def hold_and_go_on(registry: Registry, luck: random.Random) -> None:
    batch, names = luck.choice("bc"), [f"item{number}" for number in luck.sample(range(ITEMS), 2)]
    with registry.transaction() as session:
        hold_items(session, batch, names)
    with registry.transaction() as session:
        unhold_items(session, batch)


def decide(registry: Registry, luck: random.Random) -> None:
    batch = luck.choice("bc")
    if luck.random() < 0.3:
        with registry.transaction() as session:
            cancel_batch(session, batch)
    with registry.transaction() as session:
        retry_stopped(session, batch)
    if luck.random() < 0.2:
        with registry.transaction() as session:
            retry_units(session, batch, item=f"item{luck.randrange(ITEMS)}", stage="ocr")


def hold_a_stage(registry: Registry, luck: random.Random) -> None:
    # two that find the disk full at the same moment: one of them is told so
    with suppress(RegistryOvertaken), registry.transaction() as session:
        hold_stage(session, "ocr", by=DISK, reason="full")
    with registry.transaction() as session:
        fill_window(session, 2)
    with registry.transaction() as session:
        release_stage(session, "ocr", by=DISK)


def hurry(registry: Registry, luck: random.Random) -> None:
    with registry.transaction() as session:
        set_priority(
            session, luck.choice("bc"), luck.choice(list(Priority)), [f"item{luck.randrange(ITEMS)}"]
        )


CHANGES: list[Change] = [send, reconcile, hold_and_go_on, decide, hold_a_stage, hurry]


def test_nobody_waits_in_a_circle_and_the_chains_stay_whole(registry: Registry) -> None:
    barrier = threading.Barrier(THREADS)

    def work(number: int) -> None:
        luck = random.Random(number)  # noqa: S311 (the same changes in each run)
        barrier.wait()
        for _ in range(STEPS):
            change = run_units if luck.random() < 0.6 else luck.choice(CHANGES)
            change(registry, luck)

    with ThreadPoolExecutor(THREADS) as pool:
        for future in [pool.submit(work, number) for number in range(THREADS)]:
            future.result()
    with registry.reading() as session:
        for batch in "bc":
            assert verify_chain(session, batch).problems == ()
            of_items = session.scalars(select(ItemRow.state).where(ItemRow.batch == batch))
            assert settled(session.get_one(BatchRow, batch).state) == settled(*of_items)
        for item in session.scalars(select(ItemRow)):
            of_units = session.scalars(select(UnitRow.state).where(UnitRow.item == item.id))
            assert settled(item.state) == settled(*of_units)
        finished = select(func.count()).where(UnitRow.state == State.DONE)
        assert (session.scalar(finished) or 0) > 0


def settled(*states: str) -> State:
    """The state of a whole; that messages were sent changes units and not what they belong to."""
    whole = state_of_whole(State(state) for state in states)
    return State.WAITING if whole is State.QUEUED else whole
