# SPDX-License-Identifier: Apache-2.0
"""The loop of the shift: what one press captures, and when the item is done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.desktop.capture.chosen_scanner import ChosenScanner
from app.desktop.capture.feeder_count import FeederCount
from app.desktop.capture.item_desk import ItemDesk
from app.desktop.capture.item_flow import ItemFlow
from app.desktop.capture.page_place import PagePlace
from app.desktop.capture.preview import Preview
from app.desktop.capture.runs import CaptureRuns, Outcome, Pace, Wish
from app.desktop.capture.station_memory import MemoryKeeper
from workers.desk.places import DeskState


class CaptureLoop(QObject):
    """Turns presses into runs of the scanner, and shows the count before an item is done.

    Args:
        runs: The scanner's runs.
        scanner: The scanner.
        desk: The item.
        flow: The way to the next item.
        place: The page in view.
        preview: While it is open, nothing is captured.
        count: Tells a count that differs from the list.
        keeper: Remembers whether a press takes one sheet of a feeder.
        parent: Owner.
    """

    scanner_needed = Signal()
    """A press came, and no scanner is chosen."""
    still_adding = Signal()
    """The item is not done: image files are still being copied into it."""
    connecting = Signal()
    """A press came before the scanner was connected; it is being connected now."""

    def __init__(
        self,
        *,
        runs: CaptureRuns,
        scanner: ChosenScanner,
        desk: ItemDesk,
        flow: ItemFlow,
        place: PagePlace,
        preview: Preview,
        count: FeederCount,
        keeper: MemoryKeeper,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._runs = runs
        self._scanner = scanner
        self._desk = desk
        self._flow = flow
        self._place = place
        self._preview = preview
        self._count = count
        self._keeper = keeper
        self._count_shown: int | None = None
        self._done_soon = False
        runs.finished_for_good.connect(self._done_at_last)
        flow.opened.connect(self._begin_count)
        desk.state_changed.connect(self._follow_count)
        count.accepted.connect(self.done)
        runs.ended.connect(self._count_feeder)

    @property
    def is_open(self) -> bool:
        """Whether the item takes pages, and nothing else goes on."""
        state = self._desk.state
        return (
            self._runs.pace is Pace.IDLE
            and not self._preview.is_open
            and not self._flow.is_handing_over
            and state is not None
            and not state.handed_over
        )

    @property
    def can_capture(self) -> bool:
        """Whether a press captures now."""
        return self.is_open and self._scanner.is_set and self._scanner.is_free

    def capture(self) -> None:
        """Capture the next page, or all sheets of the feeder."""
        if self.can_capture:
            self._start(Wish(pages=self._pages_to_ask_for()))
        elif self.is_open and self._scanner.controller is None:
            self.scanner_needed.emit()
        elif self.is_open and not self._scanner.is_set:
            self._scanner.connect_again()
            self.connecting.emit()

    def retake(self) -> None:
        """Capture the page in view anew; it keeps its number, and the old one is put aside."""
        self._when_settled(self._retake)

    def _retake(self) -> None:
        current = self._place.current
        if self.can_capture and current is not None:
            self._start(Wish(replaces=current.id))

    def insert(self) -> None:
        """Capture a page that comes to stand before the one in view."""
        self._when_settled(self._insert)

    def _insert(self) -> None:
        current = self._place.current
        if self.can_capture and current is not None:
            self._start(Wish(before=current.id))

    def stop(self) -> None:
        """Stop the scan, or leave the preview; pages that are complete stay."""
        if self._preview.is_open:
            self._preview.leave()
        else:
            self._runs.stop()

    def done(self) -> None:
        """The item is done; a count that differs from the list is shown first, and accepted by a second press."""
        self._when_settled(self._done)

    def _when_settled(self, do: Callable[[], None]) -> None:
        # while a scan runs a press is nothing to be kept for later
        if self.is_open:
            self._desk.when_settled(do)

    def _done(self) -> None:
        if self._desk.is_copying:
            self.still_adding.emit()
            return
        if self._runs.may_still_finish:
            # the sheet that was under way belongs to the item
            self._done_soon = True
            return
        if self._runs.owes_pages:
            # they belong to the item: it is done with them, or not at all
            self._runs.keep_again()
        self._desk.when_settled(self._count_and_hand_over)

    def _done_at_last(self) -> None:
        soon, self._done_soon = self._done_soon, False
        if soon:
            self.done()

    def _count_and_hand_over(self) -> None:
        state = self._desk.state
        if state is None or not self.is_open:
            return
        if state.expected not in {None, len(state.places)} and self._count_shown is None:
            self._show_count()
            return
        self._count.hide()
        self._flow.hand_over()

    def _start(self, wish: Wish) -> None:
        self._begin_count()
        self._runs.start(wish)

    def _pages_to_ask_for(self) -> int | None:
        state = self._desk.state
        if not self._scanner.feeds or self._keeper.now.one_sheet or state is None:
            return 1
        if not self._scanner.is_simulated:
            return None
        # nobody puts paper into a simulated feeder: it holds what the item still needs
        left = (state.expected or 0) - len(state.places)
        return left if left > 0 else None

    def _begin_count(self, _item: object = None) -> None:
        self._done_soon = False
        self._count_shown = None
        self._count.hide()

    def _follow_count(self, state: DeskState | None) -> None:
        # a count that has changed since was seen by nobody
        if self._count_shown is not None and state is not None and len(state.places) != self._count_shown:
            self._begin_count()

    def _count_feeder(self, outcome: Outcome) -> None:
        if outcome.reason == "feeder_empty":
            self._show_count()

    def _show_count(self) -> None:
        state = self._desk.state
        if state is not None and state.expected is not None:
            got = len(state.places)
            self._count_shown = got if got != state.expected else None
            self._count.show_count(state.expected, len(state.places))
