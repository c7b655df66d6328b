# SPDX-License-Identifier: Apache-2.0
"""The graph of an item's workflow is the one that is really sent, and is walked by the arrow keys."""

from __future__ import annotations

from itertools import pairwise

from celery import Celery
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.desktop.board.graph_layout import MOST_LINES, Graph, lay_out
from app.desktop.board.graph_view import PHASES as DRAWN_PHASES
from app.desktop.board.graph_view import GraphView, describe
from app.desktop.workplace import Workplace
from archive.registry.dispatching import OpenUnit
from archive.registry.item_history import ItemHistory, UnitFacts
from archive.registry.sending import Sending, plan_sending
from archive.registry.stages import DEFAULT_PIPELINE, RULES, Stage
from archive.registry.states import State
from workers.dispatch import canvases


def history(chunks: int, failed: Stage | None = None) -> ItemHistory:
    units = [
        UnitFacts(
            number,
            stage,
            chunk,
            State.FAILED if stage is failed else State.WAITING,
            4 if stage is failed else 0,
            None,
            None,
            0.0,
            {"code": "storage.access_refused"} if stage is failed else None,
        )
        for number, (stage, chunk) in enumerate(
            (stage, chunk) for stage in Stage for chunk in range(chunks if RULES[stage].chunked else 1)
        )
    ]
    return ItemHistory("b", "i", tuple(units), (), None, None)


def sent_edges(item: ItemHistory) -> set[tuple[int, int]]:
    """Which unit waits for which, read out of the canvases that would be sent one after the other."""
    edges: set[tuple[int, int]] = set()
    before: set[int] = set()
    still_open = [OpenUnit(unit.key, unit.stage, unit.chunk, unit.state) for unit in item.units]
    while still_open:
        sending = Sending("b", "station", DEFAULT_PIPELINE, *plan_sending(DEFAULT_PIPELINE, still_open))
        (canvas,) = canvases(Celery("test", set_as_current=False), sending)
        first, last = follow(canvas, edges)
        edges |= {(one, other) for one in before for other in first}
        before = last
        still_open = [unit for unit in still_open if unit not in sending.units]
    return edges


def follow(canvas: object, edges: set[tuple[int, int]]) -> tuple[set[int], set[int]]:
    """First and last units of a canvas; its inner edges are noted."""
    kind = canvas.get("subtask_type")  # type: ignore[attr-defined]
    if kind == "chain":
        parts = [follow(task, edges) for task in canvas.tasks]  # type: ignore[attr-defined]
        for (_, last), (first, _) in pairwise(parts):
            edges |= {(one, other) for one in last for other in first}
        return parts[0][0], parts[-1][1]
    if kind == "chord":
        header = [follow(task, edges) for task in canvas.tasks]  # type: ignore[attr-defined]
        body = follow(canvas.body, edges)  # type: ignore[attr-defined]
        edges |= {(one, other) for _, last in header for one in last for other in body[0]}
        return set().union(*(first for first, _ in header)), body[1]
    unit = canvas["args"][0]  # type: ignore[index]
    return {unit}, {unit}


def drawn_edges(graph: Graph) -> set[tuple[int, int]]:
    return {(graph.nodes[one].units[0].key, graph.nodes[other].units[0].key) for one, other in graph.edges}


def test_the_edges_that_are_drawn_are_those_of_the_chains_and_chords_that_are_sent() -> None:
    item = history(chunks=3)
    assert drawn_edges(lay_out(item)) == sent_edges(item)


def test_the_phases_that_are_drawn_cover_every_stage_once_and_in_order() -> None:
    order = [stage for _title, stages in DRAWN_PHASES for stage in sorted(stages, key=list(Stage).index)]
    assert order == list(Stage)


def test_many_chunks_share_the_last_line_and_none_is_left_out() -> None:
    graph = lay_out(history(chunks=200))
    assert graph.lines == MOST_LINES
    captured = [unit.chunk for node in graph.nodes if node.stage == Stage.CAPTURE for unit in node.units]
    assert captured == list(range(200))


def test_the_arrow_keys_reach_every_box(qtbot: QtBot, workplace: Workplace) -> None:
    view = GraphView(workplace.theme)
    qtbot.addWidget(view)
    view.show_graph(lay_out(history(chunks=2)))
    view.show()
    seen = set()
    for _ in range(12):
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Right):
            qtbot.keyClick(view, key)
            assert view.current is not None
            seen.add((view.current.stage, view.current.line))
        qtbot.keyClick(view, Qt.Key.Key_Down)
        seen.add((view.current.stage, view.current.line))
    assert len(seen) >= 11
    assert {stage for stage, _ in seen} >= set(Stage) - {Stage.VALIDATE}
    with qtbot.waitSignal(view.chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args[0].stage == Stage.CONFIRM


def test_a_box_says_its_state_attempts_and_reason_to_those_who_do_not_see_it(
    qtbot: QtBot, workplace: Workplace
) -> None:
    view = GraphView(workplace.theme)
    qtbot.addWidget(view)
    graph = lay_out(history(chunks=1, failed=Stage.UPLOAD))
    view.show_graph(graph)
    view.show_stage(Stage.UPLOAD)
    assert view.current is not None
    assert view.accessibleDescription() == describe(view.current)
    assert view.accessibleDescription().startswith("Upload: Failed, 4 attempts, ")
    assert "403" in view.accessibleDescription()


def test_the_graph_is_drawn_the_same_twice(qtbot: QtBot, workplace: Workplace) -> None:
    view = GraphView(workplace.theme)
    qtbot.addWidget(view)
    view.show_graph(lay_out(history(chunks=3, failed=Stage.OCR)))
    view.resize(1000, 300)
    assert view.grab().toImage() == view.grab().toImage()
