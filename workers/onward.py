# SPDX-License-Identifier: Apache-2.0
"""What a process does after a unit without waiting for a message: the item's next unit, or the next item's first.

The unit that is done, what becomes ready by it and the claim of the next one are one transaction, so a
chain of small stages costs one commit a stage and hardly a message. Long stages go by message as
ever: a task goes on for a moment only, so that rush items and other stages get their turn.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, NamedTuple

from archive.registry import Session, ledger
from archive.registry.dispatching import item_place
from archive.registry.events import chain_end
from archive.registry.ledger import Claim
from archive.registry.pipelines import pipeline_of
from archive.registry.sending import Sending, send_item
from archive.registry.siblings import recall, siblings
from archive.registry.stage_holds import held_stages
from archive.registry.stages import Stage, StageRule
from archive.registry.states import State
from archive.registry.whole_states import ENDED
from archive.registry.window import refill
from archive.registry.work_facts import WorkFacts, work_facts
from workers.node import Node
from workers.nodes.stopping import stopping
from workers.queues import queue_of
from workers.rush_queues import RUSH
from workers.small_stages import KeptBack, stage_seconds

ONWARD_SECONDS = 2.0
"""For how long one task takes further units; the last may run for as long as its stage allows."""


class Taken(NamedTuple):
    """A claimed unit, with what its step is told."""

    claim: Claim
    told: WorkFacts


class Onward:
    """The way on of one task.

    Args:
        node: The process's settings, registry and folders.
        queue: Where the task's message came from: only stages of this queue are for this kind of process.
        hard_seconds: After how long the task is killed; None for a pool that kills nothing.
        owner: In whose name units are claimed.
    """

    def __init__(self, node: Node, *, queue: str, hard_seconds: float | None, owner: str) -> None:
        self._node = node
        self._queue = queue.removeprefix(RUSH)
        self._hard_seconds = hard_seconds
        self._owner = owner
        self._begun = time.monotonic()
        self.done: set[int] = set()
        self.next: Taken | None = None
        self.settled = False
        self.others: list[int] = []
        self.kept = KeptBack()
        self._to_keep: list[Sending] = []

    @classmethod
    def of_request(cls, node: Node, request: Any, owner: str) -> Onward:
        """The way on of the Celery task that makes this request."""
        hard, _soft = request.timelimit or (None, None)
        queue = (request.delivery_info or {}).get("routing_key") or ""
        return cls(node, queue=queue, hard_seconds=hard, owner=owner)

    def begin(self) -> None:
        """Forget what followed the unit before."""
        self.next, self.settled, self.others, self._to_keep = None, False, [], []

    def take(
        self, session: Session, done: Claim, item: State | None, ready: list[Sending]
    ) -> tuple[list[Sending], Taken | None]:
        """Claim what this process goes on with, in the transaction in which a unit is done.

        Args:
            session: The transaction.
            done: The unit.
            item: The state that its item is in now.
            ready: What has become ready by its end.

        Returns:
            What is left to be sent, and the claim, if there was anything to take.
        """
        sendings = list(ready)
        # a scanner that becomes free, and items that come to a held stage, are seen to after the transaction
        self.settled = done.stage != Stage.CAPTURE and not held_stages(session, done.batch)
        if self.settled and item in ENDED:
            sendings += self._fill_window(session, done.batch)
        if not self._may_go_on():
            return sendings, None
        for place, sending in enumerate(sendings):
            if self._suits_all(sending) and (
                claim := self._claim(session, sending.chains[0][0].id, found_ready=True)
            ):
                others = self._without_first(session, sending)
                self._to_keep = others if self._all_small(claim, others) else []
                sendings[place : place + 1] = [] if self._to_keep else others
                return sendings, Taken(claim, work_facts(session, claim))
        sibling = self._claim_kept(session) or self._claim_sibling(session, done)
        return sendings, Taken(sibling, work_facts(session, sibling)) if sibling else None

    def _all_small(self, claim: Claim, others: list[Sending]) -> bool:
        """Whether a unit and those beside it are sooner done one after the other than by several processes."""
        if not stage_seconds.is_small(claim.batch, claim.stage):
            return False
        return all(
            stage_seconds.is_small(claim.batch, unit.stage)
            and self._suits(sending.pipeline.rule(unit.stage), sending.station)
            for sending in others
            for unit in sending.units
        )

    def _claim_kept(self, session: Session) -> Claim | None:
        for unit in self.kept.units():
            if claim := self._claim(session, unit):
                return claim
        return None

    def _claim_sibling(self, session: Session, done: Claim) -> Claim | None:
        pipeline = pipeline_of(session, done.batch)
        station = chain_end(session, done.batch).station
        for unit, stage in siblings(session, done):
            if self._suits(pipeline.rule(stage), station) and (claim := self._claim(session, unit)):
                return claim
        return None

    def committed(self, done: Claim, taken: Taken | None) -> None:
        """The transaction is on disk."""
        self.done.add(done.unit)
        self.next = taken
        self.kept.keep(self._to_keep)
        if taken is not None:
            self.kept.drop(taken.claim.unit)

    def _fill_window(self, session: Session, batch: str) -> list[Sending]:
        sendings = []
        station = chain_end(session, batch).station
        for item in refill(session, station, self._node.settings.ledger.items_in_flight):
            if item_place(session, item).batch != batch:
                # two transactions that each lock two batches could wait for each other
                self.others.append(item)
            elif sending := send_item(session, item):
                sendings.append(sending)
        return sendings

    def _may_go_on(self) -> bool:
        return (
            bool(self._queue) and time.monotonic() - self._begun < ONWARD_SECONDS and not stopping.has_begun()
        )

    def _suits_all(self, sending: Sending) -> bool:
        """Whether the first of these units is for this process; chunks of pages stay with the chord that counts them."""
        rules = [sending.pipeline.rule(unit.stage) for chain in sending.chains for unit in chain]
        if sending.after_seconds or (len(sending.chains) > 1 and any(rule.chunked for rule in rules)):
            return False
        return self._suits(rules[0], sending.station)

    def _suits(self, rule: StageRule, station: str) -> bool:
        fits = self._hard_seconds is None or rule.hard_seconds <= self._hard_seconds
        return fits and not rule.in_order and queue_of(rule, station) == self._queue

    def _claim(self, session: Session, unit: int, *, found_ready: bool = False) -> Claim | None:
        limits = self._node.settings.ledger
        return ledger.claim(
            session,
            unit,
            self._owner,
            lease_seconds=limits.lease_seconds,
            max_attempts=limits.max_attempts,
            found_ready=found_ready,
        )

    def _without_first(self, session: Session, sending: Sending) -> list[Sending]:
        """What is sent all the same; what would have followed the first unit does so when that is done."""
        first, *others = sending.chains
        later = [unit.id for unit in first[1:]]
        if sending.callback is not None:
            later.append(sending.callback.id)
        recall(session, later)
        return [replace(sending, chains=tuple(others), callback=None)] if others else []
