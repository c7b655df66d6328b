# SPDX-License-Identifier: Apache-2.0
"""The batch that is captured: its items with their states, kept up to date, and which of them comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from app.desktop.undo import LANE
from app.desktop.workplace import Workplace
from archive.registry.capture_list import CaptureItem, CaptureList, batch_names, capture_list

BatchName = tuple[str, int, int]
"""Id of a batch, how many of its items wait for the desk, and how many it has."""


class Agenda(QObject):
    """Holds the list of the batch that was chosen.

    Args:
        workplace: What the screens share.
        parent: Owner.
    """

    listed = Signal(object)
    """CaptureList, read again; None when no batch is chosen."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._list: CaptureList | None = None
        self._batch = ""
        self._reading = False
        self._again = False
        workplace.item_changed.connect(self._hear_of)

    @property
    def batch(self) -> str:
        """The batch; "" when none is chosen."""
        return self._batch

    @property
    def list(self) -> CaptureList | None:
        """The items, as they were read last."""
        return self._list

    def item(self, name: str) -> CaptureItem | None:
        """An item by its id."""
        return self._list.item(name) if self._list is not None else None

    def neighbour(self, name: str, step: int) -> CaptureItem | None:
        """The item so many places behind another; None beyond the ends."""
        items = self._list.items if self._list is not None else ()
        names = [item.name for item in items]
        if name not in names:
            return None
        place = names.index(name) + step
        return items[place] if 0 <= place < len(items) else None

    def choose(self, batch: str, then: Callable[[CaptureList], None] | None = None) -> None:
        """Show this batch.

        Args:
            batch: Its id.
            then: Called when its items are read.
        """
        self._batch, self._list = batch, None
        self.refresh(then)

    def refresh(self, then: Callable[[CaptureList], None] | None = None) -> None:
        """Read the items again; readings that are asked for meanwhile become one more."""
        if not self._batch:
            return
        if self._reading and then is None:
            self._again = True
            return
        batch, node = self._batch, self._workplace.node
        self._reading = True

        def read(_context: object) -> CaptureList:
            with node.registry.reading() as session:
                return capture_list(session, batch)

        def done(found: CaptureList) -> None:
            if batch == self._batch:
                self._list = found
                self.listed.emit(found)
                if then is not None:
                    then(found)

        operation = self._workplace.operations.run(
            self.tr("Read the items"), read, lane=LANE, on_success=done
        )
        operation.finished.connect(self._read)

    def _read(self) -> None:
        self._reading = False
        if self._again:
            self._again = False
            self.refresh()

    def _hear_of(self, batch: str, _item: str) -> None:
        if batch == self._batch:
            self.refresh()

    def batches(self, then: Callable[[Sequence[BatchName]], None]) -> None:
        """Find all batches, the newest first.

        Args:
            then: Called with them.
        """
        node = self._workplace.node

        def read(_context: object) -> Sequence[BatchName]:
            with node.registry.reading() as session:
                return batch_names(session)

        self._workplace.operations.run(self.tr("Read the batches"), read, lane=LANE, on_success=then)
