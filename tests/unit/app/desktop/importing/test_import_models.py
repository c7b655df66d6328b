# SPDX-License-Identifier: Apache-2.0
"""The models of the import screen: correct to Qt, and quick with a sheet of ten thousand rows."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.desktop.importing.problem_model import ProblemModel
from app.desktop.importing.severity import Standing, place_words, standing_of
from app.desktop.importing.sheet_model import SheetModel
from app.desktop.importing.sheet_table import SheetTable
from app.desktop.workplace import Workplace
from archive.manifest.problems import Code, Place, Problem
from archive.manifest.sheet_view import SheetView, marks_of

ROLE = Qt.ItemDataRole
ROWS = 10_000


def problem(row: int | None, column: str | None, severity: str = "error", **place: object) -> Problem:
    where = Place(row=row, column=column, **place)  # type: ignore[arg-type]
    return Problem.at(where, Code.REQUIRED, f"Message {row}{column}.", "Remedy.", severity)  # type: ignore[arg-type]


def sheet(rows: int) -> SheetView:
    cells = tuple((f"id-{row}", "title", str(row)) for row in range(rows))
    return SheetView("sheet", ("A", "B", "C"), tuple(range(1, rows + 1)), cells, 3, 0)


@pytest.fixture
def model(workplace: Workplace) -> SheetModel:
    made = SheetModel(workplace.theme)
    found = (
        problem(None, None),
        problem(2, "B"),
        problem(2, "B", "warning"),
        problem(3, None),
        problem(4, "C", "warning"),
    )
    view = sheet(5)
    made.show_sheet(view, found, marks_of(view, found))
    return made


def test_the_models_keep_qts_rules(
    model: SheetModel, workplace: Workplace, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(model)
    problems = ProblemModel(workplace.theme)
    problems.show_problems((problem(2, "B"), problem(3, "C", "warning")), {})
    qtmodeltester.check(problems)


# requirement 22
def test_a_cell_with_a_problem_has_a_colour_an_icon_and_words(model: SheetModel) -> None:
    marked, clean = model.index(1, 1), model.index(1, 0)
    assert marked.data(ROLE.BackgroundRole) is not None
    assert not marked.data(ROLE.DecorationRole).isNull()
    assert marked.data(ROLE.ToolTipRole).startswith("Error: Message 2B.\nRemedy.")
    assert clean.data(ROLE.BackgroundRole) is None
    assert clean.data(ROLE.DecorationRole) is None


def test_a_problem_of_a_whole_row_colours_the_row_and_has_one_icon(model: SheetModel) -> None:
    cells = [model.index(2, column) for column in range(3)]
    assert all(cell.data(ROLE.BackgroundRole) is not None for cell in cells)
    assert [cell.data(ROLE.DecorationRole) is not None for cell in cells] == [True, False, False]
    assert not model.headerData(2, Qt.Orientation.Vertical, ROLE.DecorationRole).isNull()


def test_rows_and_columns_are_numbered_as_the_spreadsheet_does(model: SheetModel) -> None:
    assert model.headerData(4, Qt.Orientation.Vertical) == "5"
    assert model.headerData(2, Qt.Orientation.Horizontal) == "C\n0"


def test_an_accepted_warning_is_marked_otherwise(model: SheetModel, qtbot: QtBot) -> None:
    before = model.index(3, 2).data(ROLE.BackgroundRole)
    with qtbot.waitSignal(model.dataChanged):
        model.show_accepted([4], {4: "why"})
    assert model.index(3, 2).data(ROLE.BackgroundRole) != before
    assert model.index(3, 2).data(ROLE.ToolTipRole).startswith("Let stand")


def test_problems_are_named_by_their_place() -> None:
    found = [problem(12, "B"), problem(12, None), problem(None, None, line=7), problem(None, None)]
    assert [place_words(each) for each in found] == ["B12", "Row 12", "Line 7", "File"]
    assert standing_of(problem(1, "A", "warning"), accepted=False) is Standing.WARNING


def test_ten_thousand_rows_are_shown_at_once_and_only_what_is_seen_is_asked_for(
    workplace: Workplace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = sheet(ROWS)
    found = tuple(problem(row, "C") for row in range(2, ROWS, 2))
    marks = marks_of(view, found)
    asked = 0
    original = SheetModel.data

    def counted(self: SheetModel, *arguments: object) -> object:
        nonlocal asked
        asked += 1
        return original(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(SheetModel, "data", counted)
    model = SheetModel(workplace.theme)
    table = SheetTable(model)
    qtbot.addWidget(table)
    table.resize(800, 600)
    with qtbot.waitExposed(table):
        table.show()
    begun = time.perf_counter()
    model.show_sheet(view, found, marks)
    table.go_to(ROWS - 1, 2)
    table.grab()
    assert time.perf_counter() - begun < 0.5
    assert asked < 5_000
