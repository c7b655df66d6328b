# SPDX-License-Identifier: Apache-2.0
"""The work at hand: one claimed unit with its item, its pages, its folder and its lease."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from archive.errors import LeaseLost, RegistryError
from archive.progress import Progress
from archive.registry import Session, ledger
from archive.registry.batches import pages_of
from archive.registry.ledger import Claim
from archive.registry.stage_holds import INTAKE
from archive.registry.stages import StageRule
from archive.registry.tables import PageRow
from workers.back_pressure import require_room
from workers.lease_watch import lease_watch
from workers.node import Node
from workers.nodes.stopping import WorkerStops, stopping
from workers.time_limit import TimeLimit

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """What a stage returns when a person must decide before the item may go on.

    Attributes:
        error: The reason, in the form of an error's `to_json`.
    """

    error: dict[str, Any]


@dataclass
class Work:
    """A claimed unit, as its stage sees it.

    Attributes:
        node: The process's settings, registry and folders.
        claim: The right to do this work.
        item: The item's part of the manifest, with the batch's values; empty for a stage of the whole batch.
        manifest: The whole manifest.
        rule: The stage, as the batch's pipeline has it.
        first_page: Number of the first page of the chunk; None where the stage has no chunks.
        last_page: Number of its last page.
    """

    node: Node
    claim: Claim
    item: dict[str, Any]
    manifest: dict[str, Any]
    rule: StageRule
    first_page: int | None = None
    last_page: int | None = None
    _lost: threading.Event = field(default_factory=threading.Event)
    _limit: TimeLimit = field(init=False)

    def __post_init__(self) -> None:
        """Let the time limits begin."""
        self._limit = TimeLimit(self.rule, f"{self.claim.batch}/{self.claim.item_name}".rstrip("/"))

    @property
    def folder(self) -> Path:
        """The item's folder; the batch's for a stage of the whole batch."""
        if not self.claim.item:
            return self.node.settings.batches / self.claim.batch
        return self.node.item_folder(self.claim.batch, self.claim.item_name)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What the pipeline gives the step."""
        return self.rule.parameters

    def pages(self) -> list[PageRow]:
        """The pages of the unit's chunk in order, or all of its item; none for a stage of the whole batch."""
        with self.node.registry.reading() as session:
            return pages_of(session, self.claim.item, self.first_page, self.last_page)

    def still_ours(self, progress: Progress | None = None) -> None:
        """Stop the work when it was cancelled or taken over, when its worker stops, or its time is over.

        Call it between pages and blocks. Capture is stopped here also before the disk is full.

        Args:
            progress: How far counted work is; while that grows, the time limit begins anew.

        Raises:
            LeaseLost: The claim does not count any more.
            WorkerStops: The unit is to be given back.
            TimeLimitReached: The stage's soft limit has passed.
            CaptureWaits: The stage brings pages in, and the disk is nearly full.
        """
        if stopping.is_due():
            raise WorkerStops
        self._limit.check(progress)
        if self.rule.step in INTAKE:
            require_room(self.node.settings)
        if self._lost.is_set():
            raise LeaseLost(
                f"The {self.claim.stage} stage of {self.claim.item_name} was taken over or cancelled."
            )

    @contextmanager
    def page(self, number: int) -> Iterator[None]:
        """The work on one page: stops a lost claim before it, and names the page on every log line within.

        Raises:
            LeaseLost, WorkerStops, TimeLimitReached, CaptureWaits: See `still_ours`.
        """
        self.still_ours()
        with structlog.contextvars.bound_contextvars(page=number):
            yield

    @contextmanager
    def recording(self) -> Iterator[Session]:
        """A transaction for the work's effects, refused when the claim does not count any more.

        Raises:
            LeaseLost: See `still_ours`.
        """
        with self.node.registry.transaction() as session:
            ledger.require_lease(session, self.claim)
            yield session

    def _give_up(self) -> None:
        """Record that the unit hangs, which it cannot do itself, and end its process."""
        error = self._limit.error().to_json()
        facts = {**error["facts"], "traceback": self._limit.place()}
        self._lost.set()
        try:
            with self.node.registry.transaction() as session:
                ledger.fail(session, self.claim, error | {"retry": "never", "facts": facts}, max_attempts=1)
        except LeaseLost:
            log.info("unit.taken_over_already")
        except RegistryError as refused:
            # its lease is no longer renewed: another worker tries it, and this one is ended all the same
            log.warning("unit.not_given_up", error=refused.message)
        else:
            log.error("unit.hangs", code=error["code"], message=error["message"])
        self._limit.end_process()

    @contextmanager
    def heartbeat(self) -> Iterator[None]:
        """Lengthen the lease from a thread as long as the block runs."""
        lease = self.node.settings.ledger.lease_seconds
        renewed = time.monotonic()

        def beat() -> bool:
            nonlocal renewed
            if self._limit.is_over:
                self._give_up()
                return False
            if time.monotonic() - renewed >= 0.9 * lease / 3:
                renewed = time.monotonic()
                return self._renew(lease)
            return True

        with lease_watch().watching(beat, min(lease / 3, self._limit.look_seconds)):
            yield

    def _renew(self, lease: float) -> bool:
        """Lengthen the lease; False where it is lost."""
        try:
            with self.node.registry.transaction() as session:
                ledger.renew(session, self.claim, lease_seconds=lease)
        except LeaseLost:
            self._lost.set()
            return False
        except RegistryError as error:
            # the next beat may come through; if none does, the lease ends and another worker goes on
            log.warning("lease.not_renewed", error=error.message)
        return True
