# SPDX-License-Identifier: Apache-2.0
"""A bar never runs ahead, never runs back, and is full only when the work is done."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.desktop.board.progress import ShownProgress
from app.desktop.operation import OperationContext, Operations
from archive.registry.board import Cell
from archive.registry.states import State

RUNNING = Cell(State.RUNNING, units=1, running_units=1)
COUNTS = st.lists(st.tuples(st.integers(0, 500), st.one_of(st.none(), st.integers(0, 400))), max_size=30)


def cells(counts: list[tuple[int, int | None]]) -> list[Cell]:
    return [dataclasses.replace(RUNNING, done=done, total=total) for done, total in counts]


# requirement 20
@given(COUNTS)
def test_a_bar_is_monotone_and_never_full_before_the_work_is_done(
    counts: list[tuple[int, int | None]],
) -> None:
    bar = ShownProgress()
    shown = [length for cell in cells(counts) if (length := bar.show(cell)) is not None]
    assert shown == sorted(shown)
    assert all(0 <= length < 1 for length in shown)
    assert bar.show(Cell(State.DONE, units=1, done_units=1)) == 1.0


# requirement 20
@given(st.integers(1, 500), st.integers(1, 500))
def test_a_bar_shows_no_more_than_was_counted(done: int, total: int) -> None:
    length = ShownProgress().show(dataclasses.replace(RUNNING, done=done, total=total))
    assert length is not None
    assert length <= done / total


def test_where_nothing_can_be_counted_there_is_no_bar() -> None:
    assert ShownProgress().show(RUNNING) is None


def test_another_attempt_begins_anew() -> None:
    bar = ShownProgress()
    assert bar.show(dataclasses.replace(RUNNING, done=9, total=10)) == 0.9
    assert bar.show(Cell(State.WAITING, units=1)) is None
    assert bar.show(dataclasses.replace(RUNNING, done=1, total=10)) == 0.1


# requirement 20
def test_fifty_thousand_reports_become_at_most_ten_a_second(qtbot: QtBot) -> None:
    owner = QObject()
    operations = Operations(lambda failure: None, owner)
    told: list[int] = []

    def work(context: OperationContext) -> None:
        for number in range(50_000):
            context.progress(number, 50_000)

    operation = operations.run("count", work, on_progress=lambda done, _total, _text: told.append(done))
    with qtbot.waitSignal(operation.finished, timeout=10_000):
        pass
    assert 1 <= len(told) < 20
    assert told == sorted(told)
    operations.shut_down()
