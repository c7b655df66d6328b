# SPDX-License-Identifier: Apache-2.0
"""Which units may be sent to the workers now: all that stand on done work, with what follows each in the same message.

A unit is marked as queued in the transaction that finds it ready; its message goes out afterwards. When
the process dies in between, the unit is one of those that the reconciler finds.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from archive.registry.clock import now_seconds
from archive.registry.dispatching import OpenUnit, item_place, mark_dispatched, open_units, open_with_place
from archive.registry.events import chain_end
from archive.registry.ledger import Claim
from archive.registry.pipelines import pipeline_of
from archive.registry.predecessors import Place, predecessors_are_done
from archive.registry.prepared import execute
from archive.registry.siblings import recall
from archive.registry.stage_holds import held_stages
from archive.registry.stages import Per, Pipeline, StageRule
from archive.registry.states import State
from archive.registry.tables import UnitRow
from archive.registry.unit_facts import UNIT

RESTING = frozenset({State.FAILED, State.HELD, State.CANCELLED})
"""States that only a person ends."""


LONGEST_COUNTDOWN = 60.0
"""Seconds for which a message may be held back in a worker's memory; the reconciler sends what waits longer."""

_WAITING = (
    select(UNIT.c.id)
    .where(
        UNIT.c.item == bindparam("of_item"),
        UNIT.c.stage.in_(bindparam("stages", expanding=True)),
        UNIT.c.state == State.WAITING.value,
        UNIT.c.next_attempt_at <= bindparam("moment"),
    )
    .limit(1)
)

_OF_BATCH = select(UNIT.c.id, UNIT.c.state).where(
    UNIT.c.batch == bindparam("of_batch"),
    UNIT.c.item.is_(None),
    UNIT.c.stage == bindparam("of_stage"),
    UNIT.c.state.in_(bindparam("states", expanding=True)),
    UNIT.c.next_attempt_at <= bindparam("moment"),
)


@dataclass(frozen=True, slots=True)
class Sending:
    """Units that go to the workers together.

    Attributes:
        batch: The batch.
        station: The station that the batch belongs to.
        pipeline: The way of the batch.
        chains: For each message the units that it names, one after the other; the first of each is ready.
        callback: The unit that all chains lead to, sent when there is more than one of them.
        after_seconds: How long from now the messages are held back.
        rush: Whether they overtake those of other items.
    """

    batch: str
    station: str
    pipeline: Pipeline
    chains: tuple[tuple[OpenUnit, ...], ...]
    callback: OpenUnit | None = None
    after_seconds: float = 0.0
    rush: bool = False

    @property
    def units(self) -> tuple[OpenUnit, ...]:
        """All units that are sent."""
        named = tuple(unit for chain in self.chains for unit in chain)
        return named if self.callback is None else (*named, self.callback)


def send_item(session: Session, item: int) -> Sending | None:
    """Mark everything of an item that may be sent now as queued.

    Returns:
        What is to be sent; None when nothing is.
    """
    row = item_place(session, item)
    # the batch is locked before any of its units
    station = chain_end(session, row.batch).station
    pipeline = pipeline_of(session, row.batch)
    held = held_stages(session, row.batch)
    units = [unit for unit in open_units(session, item) if unit.stage not in held]
    chains, callback = plan_sending(pipeline, units)
    if not chains:
        return None
    sending = Sending(row.batch, station, pipeline, chains, callback, rush=row.priority > 0)
    sent = {unit.id for unit in sending.units}
    # what an earlier message promised to bring on counts no more
    recall(session, [unit.id for unit in units if unit.state is State.QUEUED and unit.id not in sent])
    mark_dispatched(session, sent)
    return sending


def send_batch(session: Session, batch: str) -> Sending | None:
    """Mark the ready stages of a whole batch as queued.

    Returns:
        What is to be sent; None when nothing is.
    """
    chain_end(session, batch)
    pipeline = pipeline_of(session, batch)
    ready = [
        unit
        for rule in pipeline.stages
        if rule.per is Per.BATCH
        for unit in _ready_of_batch(session, batch, rule, {State.WAITING, State.QUEUED, State.RUNNING})
    ]
    return _sending_of_batch(session, batch, pipeline, ready)


def send_again(session: Session, failed: Claim) -> Sending | None:
    """The next attempt of a unit that has just failed, held back until its time has come.

    The unit stays waiting: were the message lost, the reconciler would find it when it is due.
    """
    row = session.get_one(UnitRow, failed.unit)
    wait = row.next_attempt_at - now_seconds()
    if row.state != State.WAITING or wait > LONGEST_COUNTDOWN:
        return None
    station = chain_end(session, failed.batch).station
    unit = OpenUnit(row.id, row.stage, row.chunk, State.WAITING, row.next_attempt_at)
    # a moment later, for the claim compares clocks
    after = max(0.0, wait) + 0.1
    pipeline = pipeline_of(session, failed.batch)
    rush = _is_rush(session, failed)
    return Sending(failed.batch, station, pipeline, ((unit,),), after_seconds=after, rush=rush)


def _is_rush(session: Session, claim: Claim) -> bool:
    return bool(claim.item) and item_place(session, claim.item).priority > 0


def hand_over(session: Session, done: Claim) -> list[Sending]:
    """Mark what has become ready by a unit's end as queued, in the transaction in which the unit is done.

    Units that were sent already, as the callback of a chord is, are left to their message.
    """
    pipeline = pipeline_of(session, done.batch)
    sendings: list[Sending | None] = []
    followers = pipeline.followers(done.stage)
    if any(rule.per is not Per.BATCH for rule in followers) and done.item:
        sendings.append(_hand_over_item(session, done, pipeline, followers))
    of_batch = [rule for rule in followers if rule.per is Per.BATCH]
    if of_batch:
        ready = [
            unit for rule in of_batch for unit in _ready_of_batch(session, done.batch, rule, {State.WAITING})
        ]
        sendings.append(_sending_of_batch(session, done.batch, pipeline, ready))
    return [sending for sending in sendings if sending is not None]


def _hand_over_item(
    session: Session, done: Claim, pipeline: Pipeline, followers: Collection[StageRule]
) -> Sending | None:
    held = held_stages(session, done.batch)
    names = {rule.name for rule in followers} - held
    if not names or (any(rule.chunked for rule in followers) and not _any_waits(session, done.item, names)):
        return None
    still_open, place = open_with_place(session, done.item)
    units = [unit for unit in still_open if unit.stage not in held]
    chains, callback = plan_sending(pipeline, units)
    chains = tuple(chain for chain in chains if chain[0].stage in names and chain[0].state is State.WAITING)
    if not chains or place is None:
        return None
    if len(chains) == 1 or (callback is not None and callback.state is not State.WAITING):
        callback = None
    station = chain_end(session, done.batch).station
    sending = Sending(done.batch, station, pipeline, chains, callback, rush=place.priority > 0)
    mark_dispatched(session, [unit.id for unit in sending.units])
    return sending


def _any_waits(session: Session, item: int, stages: Collection[str]) -> bool:
    """Whether any unit of these stages is still to be sent: an item of many chunks is not read for nothing."""
    values = {"of_item": item, "stages": sorted(stages), "moment": now_seconds()}
    return execute(session, _WAITING, values).first() is not None


def plan_sending(
    pipeline: Pipeline, units: Sequence[OpenUnit]
) -> tuple[tuple[tuple[OpenUnit, ...], ...], OpenUnit | None]:
    """Put the open units of an item into messages, but for those that rest or whose time has not come.

    A chunk's stages follow each other in one chain; the stage of the item that stands on all of them is
    their callback. Every other stage is sent when it is its turn, so that no message grows with the item.

    Args:
        pipeline: The way of the batch.
        units: The units of one item that are not done, in order.

    Returns:
        The chains, and the callback where there is one.
    """
    open_chunks: dict[str, set[int]] = {}
    for unit in units:
        open_chunks.setdefault(unit.stage, set()).add(unit.chunk)
    by_place = {(unit.stage, unit.chunk): unit for unit in units}
    ready = [unit for unit in units if not _rests(unit) and _is_ready(pipeline, unit, open_chunks)]
    chains = tuple(_chain(pipeline, unit, by_place) for unit in ready)
    return chains, _callback(pipeline, chains, open_chunks, by_place)


def _rests(unit: OpenUnit) -> bool:
    return unit.state in RESTING or unit.not_before > now_seconds()


def _is_ready(pipeline: Pipeline, unit: OpenUnit, open_chunks: dict[str, set[int]]) -> bool:
    rule = pipeline.rule(unit.stage)
    for name in rule.after:
        still_open = open_chunks.get(name, set())
        if rule.same_chunk and pipeline.rule(name).chunked:
            still_open = still_open & {unit.chunk}
        if still_open:
            return False
    return True


def _chain(
    pipeline: Pipeline, first: OpenUnit, by_place: dict[tuple[str, int], OpenUnit]
) -> tuple[OpenUnit, ...]:
    chain = [first]
    while pipeline.rule(chain[-1].stage).chunked:
        followers = [rule for rule in pipeline.followers(chain[-1].stage) if rule.same_chunk]
        if len(followers) != 1 or followers[0].after != (chain[-1].stage,):
            break
        follower = by_place.get((followers[0].name, first.chunk))
        if follower is None or _rests(follower):
            break
        chain.append(follower)
    return tuple(chain)


def _callback(
    pipeline: Pipeline,
    chains: Sequence[tuple[OpenUnit, ...]],
    open_chunks: dict[str, set[int]],
    by_place: dict[tuple[str, int], OpenUnit],
) -> OpenUnit | None:
    """The one unit that stands on all the chains and on nothing else; None for a single chain, which needs none."""
    if len(chains) < 2:  # noqa: PLR2004 (a chord joins at least two)
        return None
    ends: dict[str, set[int]] = {}
    for chain in chains:
        for unit in chain:
            ends.setdefault(unit.stage, set()).add(unit.chunk)
    last = {chain[-1].stage for chain in chains}
    for rule in pipeline.stages:
        joining = by_place.get((rule.name, 0))
        if rule.per is not Per.ITEM or joining is None or _rests(joining) or set(rule.after) != last:
            continue
        if all(ends[name] == open_chunks[name] for name in last):
            return joining
    return None


def _ready_of_batch(
    session: Session, batch: str, rule: StageRule, states: Collection[State]
) -> list[OpenUnit]:
    if rule.name in held_stages(session, batch):
        return []
    if not predecessors_are_done(session, Place(batch), rule):
        return []
    values = {"of_batch": batch, "of_stage": rule.name, "moment": now_seconds()}
    row = execute(session, _OF_BATCH, values | {"states": [str(state) for state in states]}).one_or_none()
    return [] if row is None else [OpenUnit(row.id, rule.name, 0, State(row.state))]


def _sending_of_batch(
    session: Session, batch: str, pipeline: Pipeline, ready: Sequence[OpenUnit]
) -> Sending | None:
    if not ready:
        return None
    station = chain_end(session, batch).station
    mark_dispatched(session, [unit.id for unit in ready])
    return Sending(batch, station, pipeline, tuple((unit,) for unit in ready))
