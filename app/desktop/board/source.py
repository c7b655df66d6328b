# SPDX-License-Identifier: Apache-2.0
"""Brings the board what the ledger says: twice a second at most, and only while somebody looks."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.desktop.operation import OperationContext
from app.desktop.workplace import Workplace
from archive.errors import BatchUnknown
from archive.registry import Session
from archive.registry.batches import list_batches
from archive.registry.board import BoardReading, read_board
from archive.registry.pace import Pace, read_pace
from archive.registry.states import State
from workers.node import Node

REFRESH_MILLISECONDS = 500
PACE_SECONDS = 4.0
BATCHES_SECONDS = 5.0
BOARD_LANE = "board"
UNREADABLE = "board.registry"
"""Key of the banner that is shown while the ledger cannot be read."""


@dataclass(frozen=True, slots=True)
class BatchChoice:
    """A batch that can be shown."""

    id: str
    state: State


@dataclass(frozen=True, slots=True)
class BoardNews:
    """What one reading brought.

    Attributes:
        batch: The batch that was read; None for none.
        reading: The items.
        pace: How the batch goes on; None where it was not asked for this time.
        batches: All batches, the newest first; None where they were not asked for.
    """

    batch: str | None
    reading: BoardReading | None = None
    pace: Pace | None = None
    batches: tuple[BatchChoice, ...] | None = None


class BoardSource(QObject):
    """Reads the batch that is shown, again and again, one reading at a time.

    Args:
        workplace: What the screens share.
    """

    news = Signal(object)

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._batch: str | None = None
        self._seen: int | None = None
        self._pace_at = 0.0
        self._batches_at = 0.0
        self._reading = False
        self._unreadable = False
        self._watched = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self._read)

    @property
    def batch(self) -> str | None:
        """The batch that is shown."""
        return self._batch

    def show_batch(self, batch: str | None) -> None:
        """Show another batch."""
        self._batch, self._seen, self._pace_at = batch, None, 0.0
        self.refresh()

    def watch(self, *, watched: bool) -> None:
        """Whether somebody looks."""
        self._watched = watched
        if watched:
            self._batches_at = 0.0
            self.refresh()
        else:
            self._timer.stop()

    def refresh(self) -> None:
        """Read now, or as soon as the reading that is under way has ended."""
        if self._watched and not self._reading:
            self._read()

    def refresh_batches(self) -> None:
        """Read the list of batches with the next reading."""
        self._batches_at = 0.0
        self.refresh()

    def _read(self) -> None:
        moment = time.monotonic()
        wants_pace = self._batch is not None and moment - self._pace_at > PACE_SECONDS
        wants_batches = moment - self._batches_at > BATCHES_SECONDS
        if wants_pace:
            self._pace_at = moment
        if wants_batches:
            self._batches_at = moment
        self._reading = True
        read = partial(
            _read, self._workplace.node, self._batch, self._seen, pace=wants_pace, batches=wants_batches
        )
        self._workplace.operations.run(
            self.tr("Read the board"),
            read,
            lane=BOARD_LANE,
            on_success=self._heard,
            on_failure=self._heard_nothing,
        )

    def _heard(self, news: BoardNews) -> None:
        self._reading = False
        if self._unreadable:
            self._unreadable = False
            self._workplace.resolved(UNREADABLE)
        if news.batch != self._batch:
            # another batch was chosen meanwhile; the list of batches is right all the same
            self.news.emit(BoardNews(news.batch, batches=news.batches))
            self.refresh()
            return
        if news.reading is not None:
            self._seen = news.reading.events
        self.news.emit(news)
        if self._watched:
            self._timer.start()

    def _heard_nothing(self, failure: dict[str, Any]) -> None:
        self._reading = False
        if not self._unreadable:
            self._unreadable = True
            self._workplace.report(failure, key=UNREADABLE)
        if self._watched:
            self._timer.start()


def _read(
    node: Node,
    batch: str | None,
    seen: int | None,
    _context: OperationContext,
    *,
    pace: bool,
    batches: bool,
) -> BoardNews:
    with node.registry.reading() as session:
        try:
            reading = None if batch is None else read_board(session, batch, seen=seen)
        except BatchUnknown:
            # a registry that was restored from a backup may not know it; the board chooses another
            return BoardNews(batch, batches=_batches(session))
        return BoardNews(
            batch=batch,
            reading=reading,
            pace=read_pace(session, batch) if pace and batch is not None else None,
            batches=_batches(session) if batches else None,
        )


def _batches(session: Session) -> tuple[BatchChoice, ...]:
    return tuple(BatchChoice(row.id, State(row.state)) for row in list_batches(session))
