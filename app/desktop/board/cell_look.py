# SPDX-License-Identifier: Apache-2.0
"""How a cell of the board looks: a mark, a second line, and a bar where something was counted."""

from __future__ import annotations

import time
from dataclasses import dataclass

from app.desktop.board.words import (
    AT_DESK,
    MARKS,
    ON_HOLD,
    TRIES_AGAIN,
    Mark,
    clock,
    headline_of,
    length,
    say,
    size,
    stage_title,
)
from app.desktop.language.marking import QT_TRANSLATE_NOOP
from archive.registry.board import BoardItem, Cell
from archive.registry.states import State


@dataclass(frozen=True, slots=True)
class CellLook:
    """What is painted and spoken.

    Attributes:
        mark: Word, colour and icon.
        detail: The second line; "" for none.
        fraction: Length of the bar from 0 to 1; None for no bar.
        busy: Whether work is under way whose end cannot be counted.
        faint: Whether the cell is only a place for what comes later.
    """

    mark: Mark
    detail: str = ""
    fraction: float | None = None
    busy: bool = False
    faint: bool = False

    @property
    def spoken(self) -> str:
        """Word and second line in one."""
        return f"{self.mark.text}, {self.detail}" if self.detail else self.mark.text


def look_of_cell(item: BoardItem, stage: str, fraction: float | None) -> CellLook:
    """How a stage of an item looks.

    Args:
        item: The item.
        stage: The stage.
        fraction: Length of its bar, see `ShownProgress`.
    """
    cell = item.cell(stage)
    if cell.state is State.DONE:
        return CellLook(MARKS[State.DONE], clock(cell.finished_at) if cell.finished_at else "")
    if cell.state in {State.FAILED, State.HELD}:
        return CellLook(MARKS[cell.state], headline_of(cell.codes[0]) if cell.codes else "")
    if cell.running_units:
        return CellLook(MARKS[State.RUNNING], _how_far(cell), fraction, busy=fraction is None)
    if cell.state is State.CANCELLED:
        return CellLook(MARKS[State.CANCELLED], faint=True)
    return _look_of_waiting(item, stage, cell)


def _look_of_waiting(item: BoardItem, stage: str, cell: Cell) -> CellLook:
    if stage != next_stage(item):
        return CellLook(MARKS[State.WAITING], faint=True)
    if item.on_hold == "operator":
        return CellLook(ON_HOLD, item.hold_reason)
    if item.on_hold == "desk":
        return CellLook(AT_DESK)
    if cell.codes:
        return CellLook(TRIES_AGAIN, headline_of(cell.codes[0]))
    return CellLook(MARKS[State.QUEUED if cell.state is State.QUEUED else State.WAITING], _parts(cell))


def next_stage(item: BoardItem) -> str | None:
    """The stage that an item has reached; None when all are done."""
    for stage, cell in zip(item.stages, item.cells, strict=True):
        if cell.state is not State.DONE:
            return stage
    return None


def look_of_item(item: BoardItem) -> CellLook:
    """How an item looks as a whole."""
    if item.state in {State.FAILED, State.HELD}:
        stopped = next((stage for stage in item.stages if item.state_of(stage) is item.state), None)
        return CellLook(MARKS[item.state], stage_title(stopped) if stopped is not None else "")
    reached = next_stage(item)
    where = stage_title(reached) if reached is not None else ""
    if item.state in {State.DONE, State.CANCELLED}:
        return CellLook(MARKS[item.state], "" if item.state is State.DONE else where)
    if item.on_hold is not None:
        return CellLook(ON_HOLD if item.on_hold == "operator" else AT_DESK, where)
    return CellLook(MARKS[State.RUNNING if item.is_worked_on else State.WAITING], where)


def _how_far(cell: Cell) -> str:
    elapsed = length(time.time() - cell.started_at) if cell.started_at else ""
    if cell.total and cell.counted == "bytes":
        return say(QT_TRANSLATE_NOOP("board", "{done} of {total}")).format(
            done=size(cell.done), total=size(cell.total)
        )
    if cell.total:
        told = say(QT_TRANSLATE_NOOP("board", "{done} of {total} p.")).format(
            done=cell.done, total=cell.total
        )
        return f"{told} · {elapsed}" if elapsed else told
    return elapsed


def _parts(cell: Cell) -> str:
    if cell.done_units == 0:
        return ""
    return say(QT_TRANSLATE_NOOP("board", "{done} of {total} parts")).format(
        done=cell.done_units, total=cell.units
    )
