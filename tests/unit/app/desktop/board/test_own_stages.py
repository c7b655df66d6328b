# SPDX-License-Identifier: Apache-2.0
"""A batch with stages of a site's own: they are the board's columns and the graph's boxes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.desktop.board.board_view import BoardView
from app.desktop.board.columns import FIRST_STAGE, STATE_COLUMN
from app.desktop.board.graph_layout import lay_out
from app.desktop.board.graph_view import GraphView
from app.desktop.board.head import BoardHead
from app.desktop.board.model import LOOK_ROLE, BoardModel
from app.desktop.board.words import MARKS, stage_title
from app.desktop.workplace import Workplace
from archive.registry.board import BatchStage, BoardItem, BoardReading
from archive.registry.item_history import ItemHistory, UnitFacts
from archive.registry.stages import Per, Pipeline, StageRule
from archive.registry.states import State

OWN = Pipeline(
    "own",
    "Own",
    "1",
    (
        StageRule("validate", "validate"),
        StageRule("capture", "capture", Per.CHUNK, after=("validate",), chunk_pages=5),
        StageRule("weed-out", "weed", Per.CHUNK, after=("capture",), chunk_pages=20),
        StageRule("stamp", "stamp", after=("capture",)),
        StageRule("bag", "bag", after=("weed-out", "stamp")),
        StageRule("tell_us", "mail", Per.BATCH, after=("bag",)),
    ),
)
STAGES = ("validate", "capture", "weed-out", "stamp", "bag")


def item(units: str, key: int = 1) -> BoardItem:
    state = State.FAILED if "failed" in units else State.RUNNING
    return BoardItem(key, f"i{key}", "T", key, 9, state, None, "", in_flight=True, units=units, stages=STAGES)


def test_the_columns_are_those_of_the_batch_that_is_shown(qtbot: QtBot, workplace: Workplace) -> None:
    model = BoardModel()
    view = BoardView(workplace.theme, model)
    qtbot.addWidget(view)
    assert model.columnCount() == FIRST_STAGE + 9
    view.sortByColumn(FIRST_STAGE + 8, Qt.SortOrder.DescendingOrder)
    told = "validate:done:1:1.0:2.0:\nstamp:failed:4:1.0:2.0:stamp.no_ink\nweed-out:running:1:1.0::"
    model.show(BoardReading("b", State.RUNNING, whole=True, items=(item(told),), events=1, stages=STAGES))
    titles = [
        model.headerData(column, Qt.Orientation.Horizontal)
        for column in range(FIRST_STAGE, model.columnCount())
    ]
    assert titles == ["Check", "Capture", "Weed out", "Stamp", "Bag"]
    look = model.index(0, model.column_of("stamp")).data(LOOK_ROLE)
    assert (look.mark, look.detail) == (MARKS[State.FAILED], "stamp.no_ink")
    assert model.index(0, STATE_COLUMN).data(LOOK_ROLE).detail == "Stamp"
    # a stage that this batch does not have is nowhere
    assert model.column_of("ocr") == STATE_COLUMN
    assert item(told).cell("ocr").state is State.WAITING
    view.show()
    assert all(view.columnWidth(column) > 0 for column in range(model.columnCount()))


def test_the_graph_has_the_stages_of_the_item_and_no_stage_of_the_whole_batch(
    qtbot: QtBot, workplace: Workplace
) -> None:
    chunks = {"capture": 2, "weed-out": 1}
    units = [(stage, chunk) for stage in STAGES for chunk in range(chunks.get(stage, 1))]
    facts = tuple(
        UnitFacts(number, stage, chunk, State.WAITING, 0, None, None, 0.0, None)
        for number, (stage, chunk) in enumerate(units)
    )
    graph = lay_out(ItemHistory("b", "i", facts, (), None, None, OWN))
    assert [(node.stage, node.line) for node in graph.nodes] == [
        ("validate", 0.5),
        ("capture", 0.0),
        ("capture", 1.0),
        ("weed-out", 0.5),
        ("stamp", 0.5),
        ("bag", 0.5),
    ]
    assert graph.edges == ((0, 1), (0, 2), (1, 3), (2, 3), (1, 4), (2, 4), (3, 5), (4, 5))
    view = GraphView(workplace.theme)
    qtbot.addWidget(view)
    view.show_graph(graph)
    view.show_stage("stamp")
    view.show()
    assert view.accessibleDescription() == "Stamp: Waiting"
    assert not view.grab().isNull()


def test_the_head_tells_how_stages_of_the_whole_batch_stand(qtbot: QtBot, workplace: Workplace) -> None:
    head = BoardHead(workplace.theme, [])
    qtbot.addWidget(head)
    head.show_whole(
        [BatchStage("tell_us", State.HELD, "program.missing"), BatchStage("end", State.WAITING, "")]
    )
    assert not head.whole.isHidden()
    assert head.whole.toolTip().startswith("Whole batch: Tell us: Needs you, A program that this step needs")
    assert head.whole.toolTip().endswith(" · End: Waiting")
    head.show_whole(())
    assert head.whole.isHidden()


def test_a_stage_without_a_title_has_its_name_for_one() -> None:
    assert [stage_title(name) for name in ("ocr", "weed-out", "tell_us")] == ["Text", "Weed out", "Tell us"]
