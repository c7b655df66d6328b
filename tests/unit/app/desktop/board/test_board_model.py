# SPDX-License-Identifier: Apache-2.0
"""The board's table and its choices."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt

from app.desktop.board.filter import BoardFilter, Choice
from app.desktop.board.model import (
    FIRST_STAGE,
    ITEM_COLUMN,
    ITEM_ROLE,
    LOOK_ROLE,
    STATE_COLUMN,
    BoardModel,
    column_of,
)
from app.desktop.workplace import Workplace
from archive.registry.board import BoardReading, read_board
from archive.registry.stages import Stage
from archive.registry.states import State

from .conftest import ITEMS


@pytest.fixture
def reading(workplace: Workplace, letters: str) -> BoardReading:
    with workplace.node.registry.reading() as session:
        return read_board(session, letters)


@pytest.fixture
def model(qtmodeltester: Any, reading: BoardReading) -> BoardModel:
    made = BoardModel()
    made.show(reading)
    return made


def names(rows: BoardFilter) -> list[str]:
    return [rows.index(row, 0).data(ITEM_ROLE).name for row in range(rows.rowCount())]


def word(model: BoardModel, name: str, column: int) -> str:
    row = model.row_of(name)
    assert row is not None
    return str(model.index(row, column).data(LOOK_ROLE).mark.text)


def test_table_and_choice_keep_the_rules_of_models(qtmodeltester: Any, model: BoardModel) -> None:
    qtmodeltester.check(model)
    qtmodeltester.check(BoardFilter(model))


def test_every_state_has_its_word(model: BoardModel) -> None:
    assert [word(model, name, STATE_COLUMN) for name in ITEMS] == [
        "Waiting",
        "Working",
        "Failed",
        "Failed",
        "Failed",
        "Needs you",
        "On hold",
        "At the desk",
        "Done",
    ]


def test_only_the_next_step_of_an_item_on_hold_says_so_and_why(model: BoardModel) -> None:
    row = model.row_of("on-hold")
    assert row is not None
    look = model.index(row, FIRST_STAGE).data(LOOK_ROLE)
    assert (look.mark.text, look.detail) == ("On hold", "with the binder")
    assert word(model, "on-hold", FIRST_STAGE + 1) == "Waiting"


def test_a_failed_cell_tells_its_reason_in_few_words(model: BoardModel) -> None:
    row = model.row_of("refused-1")
    assert row is not None
    look = model.index(row, column_of(Stage.UPLOAD)).data(LOOK_ROLE)
    assert look.mark.text == "Failed"
    assert "403" in look.detail
    spoken = model.index(row, column_of(Stage.UPLOAD)).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("refused-1, Upload: Failed, ")


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice.ALL, list(ITEMS)),
        (Choice.NEEDS_YOU, ["text-failed", "refused-1", "refused-2", "quality"]),
        (Choice.WORKING, ["working"]),
        (Choice.WAITING, ["waiting"]),
        (Choice.ON_HOLD, ["on-hold", "at-desk"]),
        (Choice.DONE, ["done"]),
    ],
)
def test_each_choice_shows_its_items(model: BoardModel, choice: Choice, expected: list[str]) -> None:
    rows = BoardFilter(model)
    rows.choose(choice)
    assert names(rows) == expected


def test_items_are_found_by_id_or_title(model: BoardModel) -> None:
    rows = BoardFilter(model)
    rows.look_for("title of REFUSED")
    assert names(rows) == ["refused-1", "refused-2"]


def test_what_needs_a_person_is_sorted_first(model: BoardModel) -> None:
    rows = BoardFilter(model)
    rows.sort(STATE_COLUMN)
    assert names(rows)[:4] == ["text-failed", "refused-1", "refused-2", "quality"]
    rows.sort(ITEM_COLUMN)
    assert names(rows) == list(ITEMS)


def test_a_reading_paints_only_the_cells_that_changed(model: BoardModel, reading: BoardReading) -> None:
    painted: list[tuple[int, int, int]] = []

    def note(first: QModelIndex, last: QModelIndex) -> None:
        painted.append((first.row(), first.column(), last.column()))

    model.dataChanged.connect(note)
    quiet = dataclasses.replace(reading, items=tuple(i for i in reading.items if not i.is_worked_on))
    model.show(dataclasses.replace(quiet, whole=False))
    assert painted == []
    old = reading.items[3]
    units = old.units.replace("upload:failed", "upload:done")
    new = dataclasses.replace(old, units=units, state=State.RUNNING)
    model.show(dataclasses.replace(reading, whole=False, items=(new,)))
    assert [row for row, *_ in painted] == [3]
    painted.clear()
    same_state = dataclasses.replace(new, units=units.replace("upload:done:3", "upload:done:4"))
    model.show(dataclasses.replace(reading, whole=False, items=(same_state,)))
    assert painted == [(3, STATE_COLUMN, column_of(Stage.UPLOAD))]


def test_another_batch_takes_the_place_of_the_one_before(model: BoardModel, reading: BoardReading) -> None:
    model.show(dataclasses.replace(reading, batch="other", items=reading.items[:2]))
    assert model.rowCount() == 2
