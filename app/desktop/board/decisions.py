# SPDX-License-Identifier: Apache-2.0
"""What the operator decides on the board: retry, hold, let go, accept, verify; each in an operation of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.desktop.operation import Operation, OperationContext
from app.desktop.workplace import Workplace
from archive.progress import Progress
from workers import operations, steering
from workers.health import require_broker
from workers.node import Node
from workers.verification import Verdict, verify_item

REGISTRY_LANE = "registry"


class Decision(StrEnum):
    """What was decided."""

    RETRIED = "retried"
    HELD = "held"
    RELEASED = "released"
    ACCEPTED = "accepted"
    STAGE_HELD = "stage held"
    STAGE_RELEASED = "stage released"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was carried out.

    Attributes:
        decision: Which.
        batch: The batch.
        item: The item; None for several.
        number: How many units or items it concerned.
    """

    decision: Decision
    batch: str
    item: str | None
    number: int


class BoardDecisions(QObject):
    """Carries decisions out, and sends what may go on to the workers.

    Args:
        workplace: What the screens share.
    """

    decided = Signal()
    """The ledger changed."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace

    def retry(
        self, batch: str, *, item: str | None = None, stage: str | None = None, code: str | None = None
    ) -> Operation:
        """Give stopped units their attempts back: of one cell, one item, or all with one reason."""
        node = self._workplace.node

        def work(_context: OperationContext) -> Decided:
            number = operations.retry_stopped(node, batch, item=item, stage=stage, code=code)
            return Decided(Decision.RETRIED, batch, item, number)

        return self._run(self.tr("Try again"), work)

    def hold(self, batch: str, item: str | None, reason: str) -> Operation:
        """Hold one item, or the whole batch, back."""
        node = self._workplace.node

        def work(_context: OperationContext) -> Decided:
            number = operations.hold_items(node, batch, None if item is None else [item], reason=reason)
            return Decided(Decision.HELD, batch, item, number)

        return self._run(self.tr("Hold back"), work)

    def release(self, batch: str, item: str | None) -> Operation:
        """Let one item, or the whole batch, go on."""
        node = self._workplace.node

        def work(_context: OperationContext) -> Decided:
            number = operations.unhold_items(node, batch, None if item is None else [item])
            return Decided(Decision.RELEASED, batch, item, number)

        return self._run(self.tr("Let go on"), work)

    def hold_stage(self, batch: str, stage: str, reason: str) -> Operation:
        """Begin nothing new of a stage in the whole batch."""
        node = self._workplace.node

        def work(_context: OperationContext) -> Decided:
            number = steering.hold_stage(node, stage, batch=batch, reason=reason)
            return Decided(Decision.STAGE_HELD, batch, None, number)

        return self._run(self.tr("Hold the step back"), work)

    def release_stage(self, batch: str, stage: str) -> Operation:
        """Let a stage that was held in the batch go on."""
        node = self._workplace.node

        def work(_context: OperationContext) -> Decided:
            number = steering.release_stage(node, stage, batch=batch)
            return Decided(Decision.STAGE_RELEASED, batch, None, number)

        return self._run(self.tr("Let the step go on"), work)

    def accept(self, batch: str, item: str, reason: str) -> Operation:
        """Let held quality checks of an item pass."""
        node = self._workplace.node

        def work(_context: OperationContext) -> Decided:
            number = operations.accept_batch(node, batch, item=item, reason=reason)
            return Decided(Decision.ACCEPTED, batch, item, number)

        return self._run(self.tr("Accept the pages"), work)

    def verify(self, batch: str, item: str, on_verdicts: Callable[[list[Verdict]], None]) -> Operation:
        """Verify bag and copies of an item; the operation tells its progress."""
        operation = self._workplace.operations.run(
            self.tr("Verify {item}").format(item=item),
            partial(_verify, self._workplace.node, batch, item),
            on_success=on_verdicts,
        )
        operation.finished.connect(self.decided)
        return operation

    def send(self, batch: str) -> None:
        """Send what may go on; where the broker is away, it is sent when it is back."""
        if self._workplace.station_link is not None:
            self._workplace.station_link.dispatch(batch)
            return
        node = self._workplace.node

        def work(_context: OperationContext) -> int:
            require_broker(node.settings)
            return operations.dispatch_batch(node, batch)

        self._workplace.operations.run(self.tr("Send work to the workers"), work)

    def _run(self, title: str, work: Callable[[OperationContext], Decided]) -> Operation:
        return self._workplace.operations.run(title, work, lane=REGISTRY_LANE, on_success=self._done)

    def _done(self, what: Decided) -> None:
        self._workplace.say(self._words(what.decision, what.number))
        if what.number and what.decision not in {Decision.HELD, Decision.STAGE_HELD}:
            self.send(what.batch)
        if what.number and what.item is not None:
            self._workplace.item_changed.emit(what.batch, what.item)
        self.decided.emit()

    def _words(self, decision: Decision, number: int) -> str:
        if decision is Decision.RETRIED:
            return self.tr("%n step(s) are tried again.", "", number)
        if decision is Decision.HELD:
            return self.tr("%n item(s) are on hold. What runs is finished first.", "", number)
        if decision is Decision.RELEASED:
            return self.tr("%n item(s) go on.", "", number)
        if decision is Decision.STAGE_HELD:
            return self.tr("The step is on hold in the whole batch. What runs is finished first.")
        if decision is Decision.STAGE_RELEASED:
            return self.tr("The step goes on.")
        return self.tr("%n check(s) accepted.", "", number)


def _verify(node: Node, batch: str, item: str, context: OperationContext) -> list[Verdict]:
    def listen(progress: Progress) -> None:
        context.check()
        context.progress(progress.done, progress.total, progress.activity)

    return verify_item(node, batch, item, progress=listen)
