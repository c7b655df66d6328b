# SPDX-License-Identifier: Apache-2.0
"""The item at the desk as the workspace sees it: its state, and every change of it made away from the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from app.desktop.operation import Operation, OperationContext
from app.desktop.undo import LANE, UndoStacks
from app.desktop.workplace import Workplace
from hardware.scanner import PageFile
from workers.desk.change import Change
from workers.desk.desk import Desk
from workers.desk.places import DeskState, Place
from workers.desk.runs import Run
from workers.desk.taking_in import TakenIn

T = TypeVar("T")

FILES_LANE = "files"
"""Files of a gigabyte take their time, in which pages must still get into the registry."""


class ItemDesk(QObject):
    """Holds the state of one item, and brings it up to date after each change.

    The desk's answer is the truth: nothing is shown that it has not confirmed.

    Args:
        workplace: What the screens share.
        parent: Owner.
    """

    state_changed = Signal(object)
    """DeskState, or None when no item is chosen."""
    changed = Signal(object)
    """Change: something was done that can be taken back."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._undo = UndoStacks.of(workplace)
        self._desk: Desk | None = None
        self._chosen: tuple[str, str] | None = None
        self._state: DeskState | None = None
        self._telling = False
        self._copying: list[Operation] = []
        workplace.item_changed.connect(self._hear_of)

    @property
    def desk(self) -> Desk | None:
        """The item's desk; None when no item is chosen."""
        return self._desk

    @property
    def state(self) -> DeskState | None:
        """The item as the desk told it last."""
        return self._state

    @property
    def places(self) -> tuple[Place, ...]:
        """The item's places in order."""
        return self._state.places if self._state is not None else ()

    def place(self, place_id: int) -> Place | None:
        """A place by its id; None when it is not in the item's order."""
        return next((place for place in self.places if place.id == place_id), None)

    def choose(self, batch: str, item: str | None) -> None:
        """Show another item, or none."""
        self._chosen = (batch, item) if item else None
        self._desk = Desk(self._workplace.node, batch, item) if item else None
        self._state = None
        self._undo.settling.call_off()
        self.state_changed.emit(None)
        self.refresh()

    def refresh(self) -> None:
        """Ask the desk again."""
        desk = self._desk
        if desk is not None:
            self.run(self.tr("Read the pages"), lambda _desk: None, lasts=False)

    def run(
        self,
        title: str,
        work: Callable[[Desk], T],
        *,
        then: Callable[[T], None] | None = None,
        failed: Callable[[dict[str, Any]], None] | None = None,
        look: Callable[[T], bool] = lambda _result: True,
        at: Desk | None = None,
        lasts: bool = True,
    ) -> None:
        """Do something with the desk, and show the state it is in afterwards.

        Args:
            title: What is done, for people.
            work: Does it, in another thread.
            then: Called with the result when the new state is shown.
            failed: Called with a failure; it is shown above the screen where left out.
            look: Whether the state is read again, by the result; without, it must be as it was.
            at: The desk; that of the item which is open where left out.
            lasts: Whether it is done also when the desktop closes before its turn.
        """
        desk = at or self._desk
        if desk is None:
            return

        def both(_context: OperationContext) -> tuple[T, DeskState | None]:
            result = work(desk)
            return result, desk.state() if look(result) else None

        def done(told: tuple[T, DeskState | None]) -> None:
            result, state = told
            if self._desk is desk and state is not None:
                self._state = state
                self.state_changed.emit(state)
            if then is not None:
                then(result)

        operation = self._workplace.operations.run(
            title, both, lane=LANE, lasts=lasts, on_success=done, on_failure=failed
        )
        self._undo.settling.watch(operation)

    def change(
        self,
        title: str,
        work: Callable[[Desk], Change],
        *,
        then: Callable[[Change], None] | None = None,
        at: Desk | None = None,
    ) -> None:
        """Change the pages of an item, the open one where none is named, in a way that can be taken back."""
        desk = at or self._desk
        if desk is None:
            return

        def made(change: Change) -> None:
            self._remember(desk, change)
            if then is not None:
                then(change)

        self.run(title, work, then=made, at=desk)

    def take_in(
        self, title: str, files: Sequence[Path], before: Sequence[int], then: Callable[[Change], None]
    ) -> None:
        """Take image files into the item. They are copied beside all else: scans and changes go on meanwhile.

        Args:
            title: What is done, for people.
            files: The files, in order.
            before: They come to stand before the first of these places that is there still, or else at the end.
            then: Called when they are shown.
        """
        desk = self._desk
        if desk is None:
            return

        def put(copied: list[TakenIn]) -> None:
            self.change(title, lambda at: at.put_in(copied, before=before), then=then, at=desk)

        operation = self._workplace.operations.run(
            title, lambda _context: desk.copy_in(files), lane=FILES_LANE, on_success=put
        )
        self._copying.append(operation)
        operation.finished.connect(partial(self._copying.remove, operation))

    @property
    def is_copying(self) -> bool:
        """Whether files are being copied into an item."""
        return bool(self._copying)

    def when_settled(self, do: Callable[[], None]) -> None:
        """Do something when all that was asked for is shown: at once where nothing is under way."""
        self._undo.settling.when_settled(do)

    def keep_page(
        self,
        desk: Desk,
        run: Run,
        page: PageFile,
        then: Callable[[Change], None],
        failed: Callable[[dict[str, Any]], None],
    ) -> None:
        """Take a page that the scanner has delivered into the item of its run, whichever is open by now."""

        def kept(change: Change) -> None:
            self._remember(desk, change)
            then(change)

        self.run(
            self.tr("Keep page {number}").format(number=page.number),
            lambda at: at.add(run, page),
            then=kept,
            failed=failed,
            at=desk,
        )

    def _remember(self, desk: Desk, change: Change) -> None:
        self._undo.push(desk, change)
        self.changed.emit(change)
        self._telling = True
        try:
            self._workplace.item_changed.emit(change.batch, change.item)
        finally:
            self._telling = False

    def _hear_of(self, batch: str, item: str) -> None:
        # after a change of its own the state has just been read
        if self._chosen == (batch, item) and not self._telling:
            self.refresh()
