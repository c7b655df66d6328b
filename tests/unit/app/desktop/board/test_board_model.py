# SPDX-License-Identifier: Apache-2.0
"""The board's table and its choices."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt

from app.desktop.board.choices import Choice, count
from app.desktop.board.columns import FIRST_STAGE, ITEM_COLUMN, STATE_COLUMN, column_of
from app.desktop.board.model import ITEM_ROLE, LOOK_ROLE, BoardModel
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


def names(rows: BoardModel) -> list[str]:
    return [rows.index(row, 0).data(ITEM_ROLE).name for row in range(rows.rowCount())]


def word(model: BoardModel, name: str, column: int) -> str:
    row = model.row_of(name)
    assert row is not None
    return str(model.index(row, column).data(LOOK_ROLE).mark.text)


def test_the_table_keeps_the_rules_of_models(qtmodeltester: Any, model: BoardModel) -> None:
    qtmodeltester.check(model)
    model.choose(Choice.NEEDS_YOU)
    model.sort(STATE_COLUMN)
    qtmodeltester.check(model)


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
    model.choose(choice)
    assert names(model) == expected
    assert count(model.items)[choice] == len(expected)


def test_items_are_found_by_id_or_title(model: BoardModel) -> None:
    model.look_for("title of REFUSED")
    assert names(model) == ["refused-1", "refused-2"]


def test_what_needs_a_person_is_sorted_first(model: BoardModel) -> None:
    model.sort(STATE_COLUMN)
    assert names(model)[:4] == ["text-failed", "refused-1", "refused-2", "quality"]
    model.sort(ITEM_COLUMN)
    assert names(model) == list(ITEMS)


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
    assert {row for row, *_ in painted} == {3}
    painted.clear()
    same_state = dataclasses.replace(new, units=units.replace("upload:done:3", "upload:done:4"))
    model.show(dataclasses.replace(reading, whole=False, items=(same_state,)))
    assert painted == [(3, STATE_COLUMN, column_of(Stage.UPLOAD))]


def test_another_batch_takes_the_place_of_the_one_before(model: BoardModel, reading: BoardReading) -> None:
    model.show(dataclasses.replace(reading, batch="other", items=reading.items[:2]))
    assert model.rowCount() == 2


def test_an_item_that_no_longer_belongs_leaves_the_table_by_itself(
    model: BoardModel, reading: BoardReading
) -> None:
    model.choose(Choice.NEEDS_YOU)
    mended = dataclasses.replace(reading.items[3], state=State.RUNNING)
    model.show(dataclasses.replace(reading, whole=False, items=(mended,)))
    assert names(model) == ["text-failed", "refused-2", "quality"]


def test_when_everything_changes_the_whole_table_is_painted_once(
    workplace: Workplace, reading: BoardReading
) -> None:
    many = tuple(dataclasses.replace(reading.items[0], key=key, name=f"item{key}") for key in range(120))
    model = BoardModel()
    model.show(dataclasses.replace(reading, items=many))
    painted: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: painted.append((first.row(), last.row())))
    model.show(dataclasses.replace(reading, items=tuple(dataclasses.replace(i, pages=9) for i in many)))
    assert painted == [(0, 119)]
    assert model.index(7, 2).data() == "9"
