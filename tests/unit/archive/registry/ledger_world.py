# SPDX-License-Identifier: Apache-2.0
"""A world around the real ledger: a broker that loses and repeats, workers whose clocks are wrong, and what must be.

The ledger's own functions do everything. Beside them this keeps the little that must follow: who may
write under which token, what is done, and how often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

from archive.errors import LeaseLost
from archive.registry import Registry, Session, ledger
from archive.registry.batches import register_batch
from archive.registry.dispatching import end_leases, running_units, stalled_batches, stalled_items
from archive.registry.events import verify_chain
from archive.registry.ledger import Claim
from archive.registry.sending import Sending, hand_over, send_again, send_batch, send_item
from archive.registry.stages import Per, Pipeline, StageRule
from archive.registry.states import LEGAL, State, state_of_whole
from archive.registry.tables import BatchRow, ItemRow, UnitRow
from archive.registry.window import fill_window
from tests.unit.archive.registry.conftest import planned_batch

BATCH = "modelled"
LEASE = 30.0
QUIET = 10.0
MAX_ATTEMPTS = 3
WINDOW = 2
MOST_ROUNDS = 400

PIPELINE = Pipeline(
    "modelled",
    "Modelled",
    "1",
    (
        StageRule("validate", "validate"),
        StageRule("capture", "capture", per=Per.CHUNK, after=("validate",), in_order=True, queue="capture"),
        StageRule("characterise", "characterise", per=Per.CHUNK, after=("capture",), same_chunk=True),
        StageRule("guess", "guess", after=("capture",), optional=True),
        StageRule("enrich", "enrich", after=("characterise",)),
        StageRule("bag", "bag", after=("enrich", "guess")),
        StageRule("report", "report", per=Per.BATCH, after=("bag",)),
    ),
)
"""Stages of every kind: of an item, of chunks one by one and in order, that may fail, and of the whole batch."""

ERROR: dict[str, Any] = {
    "code": "storage.error",
    "message": "It went wrong.",
    "consequence": "The item waits.",
    "remedy": "Look.",
    "facts": {},
}


class Clock:
    """Stands in for the module `time` of the registry's clock.

    Attributes:
        now: Seconds, as nobody in particular sees them.
        skew: By how much the clock of whoever acts is ahead.
    """

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.skew = 0.0

    def time(self) -> float:
        """What the clock of whoever acts shows."""
        return self.now + self.skew


@dataclass(frozen=True, slots=True)
class Message:
    """Units that one message names, one after the other."""

    units: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the ledger has it at one moment."""

    key: int
    item: int | None
    stage: str
    chunk: int
    state: State
    token: int
    attempts: int


class World:
    """A batch of two items on the real ledger, with its broker and its workers.

    Args:
        registry: Where it is registered.
    """

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.clock = Clock()
        self.broker: list[Message] = []
        self.claims: list[tuple[Claim, tuple[int, ...]]] = []
        self.lists: list[tuple[list[int], list[str]]] = []
        self.effects: Counter[int] = Counter()
        self.completed: Counter[int] = Counter()
        self._patch = mock.patch("archive.registry.clock.time", self.clock)
        self._patch.start()
        planned = replace(planned_batch(BATCH, items=2, pages=3, chunk_pages=2), pipeline=PIPELINE)
        with registry.transaction() as session:
            register_batch(session, planned)
        self.seen = self.units()

    def close(self) -> None:
        """Give the clock back."""
        self._patch.stop()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction."""
        with self.registry.transaction() as session:
            yield session

    def units(self) -> dict[int, Unit]:
        """All units by their keys."""
        with self.registry.reading() as session:
            return {
                row.id: Unit(
                    row.id, row.item, row.stage, row.chunk, State(row.state), row.token, row.attempts
                )
                for row in session.query(UnitRow).filter(UnitRow.batch == BATCH)
            }

    # What dispatcher, workers and reconcilers do

    def fill(self) -> None:
        """Put items in flight and send them."""
        with self.writing() as session:
            items = fill_window(session, WINDOW)
        self.send_items(items)

    def send_items(self, items: Iterable[int]) -> None:
        """Send what is ready of some items."""
        for item in items:
            with self.writing() as session:
                sending = send_item(session, item)
            self._publish([sending] if sending else [])

    def look(self) -> None:
        """A reconciler reads what has stalled; it acts upon that later, and others may have by then."""
        with self.registry.reading() as session:
            items = stalled_items(session, quiet_seconds=QUIET)
            self.lists.append((items, stalled_batches(session, quiet_seconds=QUIET)))

    def act(self, number: int) -> None:
        """A reconciler acts upon what it has read."""
        items, batches = self.lists.pop(number % len(self.lists))
        self.send_items(items)
        for batch in batches:
            with self.writing() as session:
                sending = send_batch(session, batch)
            self._publish([sending] if sending else [])
        self.fill()

    def free_dead(self) -> None:
        """End the leases of all owners, as if their processes had died."""
        with self.writing() as session:
            end_leases(session, running_units(session))

    def _publish(self, sendings: Iterable[Sending]) -> None:
        for sending in sendings:
            self.broker += [Message(tuple(unit.id for unit in chain)) for chain in sending.chains]
            if sending.callback is not None:
                # a chord's counter may be wrong: its callback comes when it comes
                self.broker.append(Message((sending.callback.id,)))

    def deliver(self, number: int, owner: str, *, keep: bool = False) -> Claim | None:
        """Give a message to a worker, which claims its first unit.

        Args:
            number: Which message.
            owner: The worker.
            keep: Whether the broker delivers it once more later.
        """
        place = number % len(self.broker)
        message = self.broker[place] if keep else self.broker.pop(place)
        unit = message.units[0]
        may = self._may_be_claimed(unit)
        with self.writing() as session:
            claim = ledger.claim(session, unit, owner, lease_seconds=LEASE, max_attempts=MAX_ATTEMPTS)
        assert (claim is not None) == may, f"claim of {self.seen[unit]}: {claim}"
        if claim is not None:
            self.claims.append((claim, message.units[1:]))
        return claim

    def _may_be_claimed(self, key: int) -> bool:
        """Whether a claim must succeed, told from the tables alone."""
        moment = self.clock.time()
        with self.registry.reading() as session:
            row = session.get_one(UnitRow, key)
            free = (
                row.lease_until <= moment
                if row.state == State.RUNNING
                else row.state in {State.WAITING, State.QUEUED} and row.next_attempt_at <= moment
            )
            on_hold = row.item is not None and session.get_one(ItemRow, row.item).on_hold is not None
        units = self.units()
        ready = all(other.state is State.DONE for other in self.before(units[key], units))
        return bool(free and not on_hold and ready and row.attempts < MAX_ATTEMPTS)

    def before(self, unit: Unit, units: dict[int, Unit], *, order: bool = True) -> list[Unit]:
        """What a unit stands on; with `order` also the chunks that must begin and end before it."""
        rule = PIPELINE.rule(unit.stage)
        found = []
        for other in units.values():
            if rule.per is not Per.BATCH and other.item != unit.item:
                continue
            same_chunk = (
                not (rule.same_chunk and PIPELINE.rule(other.stage).chunked) or other.chunk == unit.chunk
            )
            earlier = order and rule.in_order and other.stage == unit.stage and other.chunk < unit.chunk
            if (other.stage in rule.after and same_chunk) or earlier:
                found.append(other)
        return found

    # What the holder of a claim does, be it late or not

    def counts(self, claim: Claim) -> bool:
        """Whether a claim is the last one, and its unit still runs under it."""
        unit = self.units()[claim.unit]
        return unit.state is State.RUNNING and unit.token == claim.token

    def write_effect(self, claim: Claim) -> None:
        """Write something under a claim, which must be refused when it counts no more."""
        with self._fenced(claim), self.writing() as session:
            ledger.require_lease(session, claim)
            self.effects[claim.unit] += 1

    def renew(self, claim: Claim) -> None:
        """Lengthen a lease."""
        with self._fenced(claim), self.writing() as session:
            ledger.renew(session, claim, lease_seconds=LEASE)

    def complete(self, number: int) -> None:
        """A worker ends its unit, and sends what has become ready and what its message names next."""
        claim, rest = self.claims.pop(number % len(self.claims))
        with self._fenced(claim):
            with self.writing() as session:
                ledger.complete(session, claim, {"by": claim.owner})
                ready = hand_over(session, claim)
            self.completed[claim.unit] += 1
            self._publish(ready)
        if rest:
            self.broker.append(Message(rest))

    def fail(self, number: int, retry: str, code: str) -> None:
        """A worker's unit goes wrong."""
        claim, _ = self.claims.pop(number % len(self.claims))
        with self._fenced(claim):
            with self.writing() as session:
                error = {**ERROR, "retry": retry, "code": code}
                state = ledger.fail(session, claim, error, max_attempts=MAX_ATTEMPTS)
                again = send_again(session, claim)
                ready = [again] if again else hand_over(session, claim) if state is State.DONE else []
            self.completed[claim.unit] += state is State.DONE
            self._publish(ready)

    def hold(self, number: int) -> None:
        """A check of a worker fails."""
        claim, _ = self.claims.pop(number % len(self.claims))
        with self._fenced(claim), self.writing() as session:
            ledger.hold(session, claim, {**ERROR, "retry": "after_operator", "code": "quality.held"})

    def release(self, number: int) -> None:
        """A worker stops warmly."""
        claim, _ = self.claims.pop(number % len(self.claims))
        with self._fenced(claim), self.writing() as session:
            ledger.release(session, claim)

    @contextmanager
    def _fenced(self, claim: Claim) -> Iterator[None]:
        """What is done within must succeed when the claim counts, and be refused when it does not."""
        counts = self.counts(claim)
        try:
            yield
        except LeaseLost:
            assert not counts, f"refused: {claim}"
        else:
            assert counts, f"not refused: {claim}"

    # What must be so after whatever happened

    def check(self) -> None:
        """Hold the ledger against what must follow from it."""
        units = self.units()
        for key, unit in units.items():
            last = self.seen[key]
            assert unit.token >= last.token, (last, unit)
            if unit.state is State.DONE:
                # a chunk that is done again waits for nobody behind it
                stands_on = self.before(unit, units, order=False)
                undone = [other for other in stands_on if other.state is not State.DONE]
                assert not undone, (unit, undone)
        self.seen = units
        self._check_wholes(units)

    def _check_wholes(self, units: dict[int, Unit]) -> None:
        with self.registry.reading() as session:
            states = []
            for item in session.query(ItemRow).filter(ItemRow.batch == BATCH):
                parts = [unit.state for unit in units.values() if unit.item == item.id]
                assert visible(item.state) == visible(state_of_whole(parts)), (item.name, item.state, parts)
                states.append(State(item.state))
            states += [unit.state for unit in units.values() if unit.item is None]
            batch = session.get_one(BatchRow, BATCH)
            assert visible(batch.state) == visible(state_of_whole(states)), (batch.state, states)

    def work(self, units: int) -> None:
        """Let some units be done with nothing in the way; what is lost meanwhile is found again."""
        for _ in range(units * 8):
            if not units:
                return
            if not self.broker:
                self.clock.now += LEASE + QUIET
                self.look()
                self.act(len(self.lists) - 1)
                if not self.broker:
                    return
            if self.deliver(0, "calm") is not None:
                self.complete(len(self.claims) - 1)
                units -= 1

    def settle(self) -> None:
        """With nobody in the way any more, let everything come to its end."""
        self.clock.skew = 0.0
        for _ in range(MOST_ROUNDS):
            while self.broker:
                if self.deliver(0, "calm") is not None:
                    self.complete(len(self.claims) - 1)
            if all(
                unit.state not in {State.WAITING, State.QUEUED, State.RUNNING}
                for unit in self.units().values()
            ):
                return
            self.clock.now += LEASE + QUIET
            self.look()
            self.act(len(self.lists) - 1)
            if not self.broker and not self._will_go_on():
                return

    def _will_go_on(self) -> bool:
        """Whether something that is open stands on nothing that has stopped."""
        units = self.units()
        return any(
            unit.state in {State.WAITING, State.QUEUED, State.RUNNING}
            and not self._behind_a_stop(unit, units)
            for unit in units.values()
        )

    def _behind_a_stop(self, unit: Unit, units: dict[int, Unit]) -> bool:
        stopped = {State.FAILED, State.HELD, State.CANCELLED}
        return any(
            other.state in stopped or self._behind_a_stop(other, units) for other in self.before(unit, units)
        )

    def check_chain(self) -> None:
        """The chain is whole, and tells of legal changes only, each where the one before it ended."""
        from archive.registry.events import read_events

        at: dict[tuple[Any, ...], State] = {}
        with self.registry.reading() as session:
            assert verify_chain(session, BATCH).whole
            for event in read_events(session, BATCH):
                detail = event["detail"]
                if event["type"] != "state change" or "from" not in detail or "stage" not in detail:
                    continue
                key = (event["item"], detail["stage"], detail["chunk"])
                before, after = State(detail["from"]), State(detail["to"])
                assert after in LEGAL[before], (key, before, after)
                assert visible(at.get(key, State.WAITING)) == visible(before), (key, at.get(key), before)
                at[key] = after


def visible(state: str) -> State:
    """A state as far as the chain tells of it: that a message was sent is told by no event."""
    return State.WAITING if state == State.QUEUED else State(state)
