# SPDX-License-Identifier: Apache-2.0
"""From a key press to pages in the item: the run is journaled, the scanner started, each page kept at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from app.desktop.capture.growing import GrowingPage
from app.desktop.capture.item_desk import ItemDesk
from app.desktop.devices.controller import DeviceController
from hardware.scanner import PageFile, PageStarted
from workers.desk.change import Change
from workers.desk.desk import Desk
from workers.desk.errors import DeskClosed
from workers.desk.runs import Run

MILLISECONDS_TO_STOP = 1500
"""A scanner that is stopped is let alone at once, and may yet finish the page it is at."""

SECONDS_TO_LET_GO = 5.0
"""How long the end of the desktop waits for a scanner that is stopped."""


class Pace(StrEnum):
    """What capture is at."""

    IDLE = "idle"
    BEGINNING = "beginning"
    SCANNING = "scanning"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator asked for with one key.

    Attributes:
        before: The place that the pages come to stand before; None for the end.
        replaces: The place whose page is taken anew.
        pages: How many pages; None for all that the feeder holds.
    """

    before: int | None = None
    replaces: int | None = None
    pages: int | None = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    Attributes:
        wish: What was asked for.
        reason: "limit", "feeder_empty", "cancelled" or "failed".
        pages: Pages that were delivered.
        failure: Why it failed, if it did.
    """

    wish: Wish
    reason: str
    pages: int
    failure: dict[str, Any] | None = None


class CaptureRuns(QObject):
    """Brings one run after the other from the scanner into the item.

    Args:
        desk: The item.
        growing: Shows the page that comes.
        parent: Owner.
    """

    pace_changed = Signal(str)
    page_begun = Signal(object)
    """PageStarted."""
    page_kept = Signal(object, object)
    """A page is in the item: PageFile and Change."""
    page_void = Signal()
    ended = Signal(object)
    """Outcome; after it all pages of the run are in the item."""
    not_kept = Signal(dict)
    """A page could not be taken into the item; it lies safe in its run, and `keep_again` tries anew."""
    kept_after_all = Signal()
    finished_for_good = Signal()
    """After a stop: no page of the run comes any more."""

    def __init__(
        self,
        desk: ItemDesk,
        growing: GrowingPage,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._controller: DeviceController | None = None
        self._next: DeviceController | None = None
        self._growing = growing
        self._pace = Pace.IDLE
        self._wish = Wish()
        self._at: Desk | None = None
        self._run: Run | None = None
        self._pages = 0
        self._ordered = 0
        self._failure: dict[str, Any] | None = None
        self._open: list[tuple[Desk, Run]] = []
        self._stopped: tuple[Desk, Run] | None = None
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(MILLISECONDS_TO_STOP)
        self._settled.timeout.connect(self._look_for_late)

    def use(self, controller: DeviceController | None) -> None:
        """Capture with this scanner from the next run on; a run that is under way ends with its own."""
        self._next = controller
        if self._pace is Pace.IDLE:
            self._switch()

    def _switch(self) -> None:
        before, controller = self._controller, self._next
        self._controller = controller
        for signal, slot in self._links(before):
            signal.disconnect(slot)
        for signal, slot in self._links(controller):
            signal.connect(slot)

    def _links(self, controller: DeviceController | None) -> list[tuple[SignalInstance, Callable[..., None]]]:
        if controller is None:
            return []
        return [
            (controller.page_started, self._page_started),
            (controller.page_completed, self._page_completed),
            (controller.page_void, self._page_void),
            (controller.failed, self._failed),
            (controller.run_ended, self._hear_end),
        ]

    @property
    def pace(self) -> Pace:
        """What capture is at."""
        return self._pace

    @property
    def is_of_open_item(self) -> bool:
        """Whether the run's pages come into the item that is open, and not into one that was left meanwhile."""
        return self._at is self._desk.desk

    @property
    def pages(self) -> int:
        """Pages that the run has delivered so far."""
        return self._pages

    @property
    def wish(self) -> Wish:
        """What was asked for last."""
        return self._wish

    def start(self, wish: Wish) -> None:
        """Capture; does nothing while a run is under way."""
        if self._pace is not Pace.IDLE or self._desk.desk is None or self._controller is None:
            return
        self._wish, self._run, self._pages, self._failure = wish, None, 0, None
        # pages belong to the item that was open when the key was pressed
        self._at = self._desk.desk
        owed, stopped = tuple(self._open), self._stopped

        def begin(desk: Desk) -> Run:
            for at, run in owed:
                # pages that could not be kept come before those that are captured now, or nothing is captured
                at.end_run(run)
            if stopped is not None:
                _end_again(*stopped)
            return desk.begin_run(before=wish.before, replaces=wish.replaces, pages=wish.pages)

        def begun(run: Run) -> None:
            self._kept(owed)
            self._begun(run)

        self._become(Pace.BEGINNING)
        self._desk.run(
            self.tr("Begin a run"),
            begin,
            then=begun,
            failed=self._not_begun,
            look=lambda _run: bool(owed) or stopped is not None,
            lasts=False,
        )

    def shut_down(self) -> None:
        """Stop what runs, and hear of no scanner any more; whole pages are taken into the item.

        So nobody need be asked about them at the next start, unless the scanner does not let go in time.
        """
        self.stop()
        controller = self._controller
        last = (self._at, self._run) if self._at is not None and self._run is not None else self._stopped
        self._run, self._next, self._stopped = None, None, None
        self._settled.stop()
        self._switch()
        if last is not None and controller is not None:
            at, run = last
            wait = controller.letting_go()

            def end(desk: Desk) -> None:
                if wait(SECONDS_TO_LET_GO):
                    desk.end_run(run)

            self._desk.run(self.tr("End the run"), end, look=lambda _none: False, at=at)

    def stop(self) -> None:
        """Stop the run; pages that are complete stay."""
        if self._pace in {Pace.BEGINNING, Pace.SCANNING}:
            self._become(Pace.STOPPING)
            if self._run is not None and self._controller is not None:
                self._controller.cancel()

    @property
    def owes_pages(self) -> bool:
        """Whether pages that were scanned could not be taken into their item yet."""
        return bool(self._open)

    @property
    def may_still_finish(self) -> bool:
        """Whether the scanner was just stopped, and may yet finish the page it is at."""
        return self._settled.isActive()

    def keep_again(self) -> None:
        """Try again to take in the pages that could not be kept."""
        for at, run in tuple(self._open):
            self._end(at, run)

    def _look_for_late(self) -> None:
        """Take in the page that a driver has finished after it was stopped: the sheet has gone through."""
        stopped, self._stopped = self._stopped, None
        if stopped is not None and stopped not in self._open:
            at, run = stopped
            self._desk.run(
                self.tr("End the run"), lambda desk: _end_again(desk, run), look=bool, at=at, lasts=True
            )
        self.finished_for_good.emit()

    def _begun(self, run: Run) -> None:
        self._run = run
        if self._pace is Pace.STOPPING or self._controller is None:
            self._run_ended("cancelled")
            return
        self._become(Pace.SCANNING)
        self._ordered = self._controller.scan(run.request())

    def _not_begun(self, failure: dict[str, Any]) -> None:
        self._become(Pace.IDLE)
        self.ended.emit(Outcome(self._wish, "failed", 0, failure))

    def _page_started(self, started: PageStarted) -> None:
        if self._run is not None:
            self._growing.follow(started, self._run.request().spool)
            self.page_begun.emit(started)

    def _page_completed(self, page: PageFile) -> None:
        # what somebody else asked of the scanner lies elsewhere
        if self._run is not None and self._at is not None and page.path.parent == self._run.folder:
            self._growing.stop()
            self._pages += 1
            self._keep(self._at, self._run, page)

    def _keep(self, at: Desk, run: Run, page: PageFile) -> None:
        def kept(change: Change) -> None:
            self.page_kept.emit(page, change)

        def failed(failure: dict[str, Any]) -> None:
            # it lies whole in the run's folder: the end of the run tries once more
            self._remember_open(at, run)
            self.not_kept.emit(failure)

        self._desk.keep_page(at, run, page, kept, failed)

    def _page_void(self, _number: int, _failure: dict[str, Any]) -> None:
        if self._run is not None:
            self._growing.stop()
            self.page_void.emit()

    def _failed(self, failure: dict[str, Any]) -> None:
        self._failure = failure

    def _hear_end(self, reason: str) -> None:
        # a preview or a test scan that was asked for before this run ends before it
        if self._controller is not None and self._controller.ended_run == self._ordered:
            self._run_ended(reason)

    def _run_ended(self, reason: str) -> None:
        run, at = self._run, self._at
        if run is None or at is None:
            return
        self._growing.stop()
        self._run = None
        outcome = Outcome(self._wish, reason, self._pages, self._failure)
        if reason == "cancelled":
            self._stopped = (at, run)
            self._settled.start()
        self._become(Pace.IDLE)
        self._end(at, run, outcome)

    def _end(self, at: Desk, run: Run, outcome: Outcome | None = None) -> None:
        """End a run in the journal, which also takes in pages that could not be kept before."""

        def ended(_late: tuple[Change, ...]) -> None:
            self._kept([(at, run)])
            if outcome is not None:
                self.ended.emit(outcome)

        def failed(failure: dict[str, Any]) -> None:
            self._remember_open(at, run)
            self.not_kept.emit(failure)

        self._desk.run(
            self.tr("End the run"),
            lambda desk: desk.end_run(run),
            then=ended,
            failed=failed,
            look=bool,
            at=at,
        )

    def _kept(self, runs: Sequence[tuple[Desk, Run]]) -> None:
        for run in runs:
            if run in self._open:
                self._open.remove(run)
                self.kept_after_all.emit()

    def _remember_open(self, at: Desk, run: Run) -> None:
        if (at, run) not in self._open:
            self._open.append((at, run))

    def _become(self, pace: Pace) -> None:
        self._pace = pace
        if pace is Pace.IDLE and self._next is not self._controller:
            self._switch()
        self.pace_changed.emit(str(pace))


def _end_again(desk: Desk, run: Run) -> tuple[Change, ...]:
    try:
        return desk.end_run(run)
    except DeskClosed:
        # the item has gone on meanwhile, and took what lay there along
        return ()
