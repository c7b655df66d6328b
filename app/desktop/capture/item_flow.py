# SPDX-License-Identifier: Apache-2.0
"""The way from item to item: which is open, when it is done, and that it is sent on while the next is captured."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.desktop.capture.actions import SECTION
from app.desktop.capture.agenda import Agenda
from app.desktop.capture.item_desk import ItemDesk
from app.desktop.capture.recovery import offer_recovery
from app.desktop.failures.explanation import explain
from app.desktop.operation import OperationContext
from app.desktop.undo import UndoStacks
from app.desktop.workplace import Workplace
from archive.registry.capture_list import CaptureItem, CaptureList, Standing
from workers.desk.errors import PagesWaiting
from workers.health import require_broker
from workers.operations import dispatch_batch

DISPATCH_LANE = "dispatch"
"""A broker that does not answer keeps nobody waiting but the next message to it."""

NOT_SENT = "capture.dispatch"
"""What the banner about an item that could not be sent on is about."""

NOT_DONE = "capture.done"


class ItemFlow(QObject):
    """Opens items, hands them over, and chooses the next.

    Args:
        workplace: What the screens share.
        agenda: The batch.
        desk: The item.
        parent: Owner.
    """

    opened = Signal(object)
    """Another item is open: CaptureItem, or None."""
    handed_over = Signal(str)
    """An item is done: its id."""
    all_done = Signal()
    """Nothing of the batch is left to capture."""
    page_refused = Signal(int)
    """An item cannot be done because of a page: its position."""

    def __init__(
        self, workplace: Workplace, agenda: Agenda, desk: ItemDesk, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._agenda = agenda
        self._desk = desk
        self._open: CaptureItem | None = None
        self._handing = False
        agenda.listed.connect(self._listed)

    @property
    def item(self) -> CaptureItem | None:
        """The item that is open."""
        return self._open

    @property
    def is_handing_over(self) -> bool:
        """Whether an item is on its way out."""
        return self._handing

    def open_batch(self, batch: str, item: str | None = None) -> None:
        """Work on a batch.

        Args:
            batch: Its id.
            item: The item to open; the next one to do where left out.
        """

        def choose(found: CaptureList) -> None:
            named = found.item(item) if item else None
            self.open_item(named or found.next_after(None))

        self._agenda.choose(batch, choose)

    def open_item(self, item: CaptureItem | None) -> None:
        """Open an item; None where there is nothing left to do."""
        self._open = item
        batch = self._agenda.batch
        self._workplace.choose_work(batch, item.name if item is not None else None)
        at_desk = item is not None and item.standing is not Standing.ELSEWHERE
        self._desk.choose(batch, item.name if item is not None and at_desk else None)
        self.opened.emit(item)
        if item is None:
            self.all_done.emit()

    def step(self, by: int) -> None:
        """Open the item so many places further in the batch."""
        neighbour = self._agenda.neighbour(self._open.name, by) if self._open is not None else None
        if neighbour is not None:
            self.open_item(neighbour)

    def hand_over(self) -> None:
        """Mark the open item done, send it on, and open the next."""
        item = self._open
        if item is None or self._handing:
            return
        self._handing = True
        batch = self._agenda.batch
        operator = self._workplace.settings.operator
        self._desk.run(
            self.tr("Hand over {item}").format(item=item.name),
            lambda desk: desk.hand_over(operator=operator),
            then=lambda _none: self._gone(batch, item),
            failed=partial(self._refused, batch, item),
        )

    def dispatch(self, batch: str) -> None:
        """Send what is done of a batch to the workers. They may be away: it is sent on when they are back."""
        node, link = self._workplace.node, self._workplace.station_link
        if link is not None:
            link.dispatch(batch)
            return

        def send(_context: OperationContext) -> int:
            require_broker(node.settings)
            return dispatch_batch(node, batch)

        self._workplace.operations.run(
            self.tr("Send {batch} on").format(batch=batch),
            send,
            lane=DISPATCH_LANE,
            on_success=self._sent,
            on_failure=partial(self._not_sent, batch),
        )

    def _sent(self, _items: int) -> None:
        self._workplace.resolved(NOT_SENT)

    def _is_open(self, batch: str, item: CaptureItem) -> bool:
        return self._agenda.batch == batch and self._open is not None and self._open.name == item.name

    def _gone(self, batch: str, item: CaptureItem) -> None:
        self._handing = False
        self._workplace.resolved(NOT_DONE)
        # what has left the desk cannot be taken back
        UndoStacks.of(self._workplace).stack(batch).clear()
        self.handed_over.emit(item.name)
        self._workplace.say(self.tr("{item} is done").format(item=item.name))
        self._workplace.item_changed.emit(batch, item.name)
        self.dispatch(batch)
        if self._is_open(batch, item):
            # somebody who has opened another one meanwhile stays there
            self._agenda.refresh(partial(self._open_next, item.name))

    def _open_next(self, after: str, found: CaptureList) -> None:
        self.open_item(found.next_after(after))

    def _refused(self, batch: str, item: CaptureItem, failure: dict[str, Any]) -> None:
        self._handing = False
        page = failure.get("facts", {}).get("page") or next(
            iter(failure.get("facts", {}).get("pages", [])), 0
        )
        show: Callable[[], None] | None = None
        title = ""
        if page:
            title = self.tr("Show page {page}").format(page=page)
            show = partial(self._show_refused, batch, item, page)
        elif failure["code"] == PagesWaiting.code:
            title = explain(failure).button
            show = self._decide
        self._workplace.report(failure, key=NOT_DONE, remedy_title=title, remedy=show)

    def _decide(self) -> None:
        self._workplace.resolved(NOT_DONE)
        offer_recovery(self._workplace, QApplication.activeWindow())

    def _show_refused(self, batch: str, item: CaptureItem, page: int) -> None:
        if self._is_open(batch, item):
            self.page_refused.emit(page)
        else:
            self._workplace.go_to(SECTION, batch=batch, item=item.name)

    def _not_sent(self, batch: str, failure: dict[str, Any]) -> None:
        self._workplace.report(
            failure, key=NOT_SENT, remedy_title=explain(failure).button, remedy=partial(self.dispatch, batch)
        )

    def _listed(self, found: CaptureList) -> None:
        if self._open is not None:
            self._open = found.item(self._open.name) or self._open
