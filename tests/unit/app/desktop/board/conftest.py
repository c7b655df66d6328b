# SPDX-License-Identifier: Apache-2.0
"""A batch with an item in every state, and the board on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.board.screen import BoardScreen
from app.desktop.workplace import Workplace
from archive.errors import AccessRefused
from archive.registry.batches import PlannedBatch, PlannedItem, items_of, register_batch
from archive.registry.clock import now_seconds
from archive.registry.events import append_event
from archive.registry.ledger import refresh_states
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow
from workers.errors import ProgramMissing, QualityHeld

BATCH = "letters"
ITEMS = (
    "waiting",
    "working",
    "text-failed",
    "refused-1",
    "refused-2",
    "quality",
    "on-hold",
    "at-desk",
    "done",
)

REASONS = {
    "refused": AccessRefused(
        "https://s3.example refused PutObject (403 Forbidden).", bucket="masters"
    ).to_json(),
    "program": ProgramMissing("tesseract is not installed.", program="tesseract").to_json(),
    "quality": QualityHeld("page 2: clipped highlights", pages=[2]).to_json(),
}


@pytest.fixture
def letters(workplace: Workplace) -> str:
    """The batch: nine items of two pages, cut into two chunks, one in each state."""
    items = [PlannedItem(name, {"title": f"Title of {name}"}, [None] * 2) for name in ITEMS]
    planned = PlannedBatch(BATCH, "reading-room", "Library", {}, "0" * 64, "/m.csv", items, chunk_pages=1)
    with workplace.node.registry.transaction() as session:
        register_batch(session, planned)
        rows = {row.name: row for row in items_of(session, BATCH)}

        def put(name: str, done_before: Stage | None, stage: Stage, state: State, reason: str = "") -> None:
            units = session.query(UnitRow).filter(UnitRow.item == rows[name].id).all()
            for unit in units:
                if done_before is None or list(Stage).index(Stage(unit.stage)) < list(Stage).index(
                    done_before
                ):
                    unit.state, unit.attempts = State.DONE, 1
                    unit.started_at, unit.finished_at = now_seconds() - 100, now_seconds() - 90
            for unit in units:
                if unit.stage == stage and unit.chunk == 0 and done_before is not None:
                    unit.state, unit.attempts, unit.started_at = state, 3, now_seconds() - 60
                    unit.error = REASONS[reason] if reason else None
            refresh_states(session, rows[name].batch, rows[name])

        put("working", Stage.CAPTURE, Stage.CAPTURE, State.RUNNING)
        rows["working"].in_flight = True
        put("text-failed", Stage.OCR, Stage.OCR, State.FAILED, "program")
        put("refused-1", Stage.UPLOAD, Stage.UPLOAD, State.FAILED, "refused")
        put("refused-2", Stage.UPLOAD, Stage.UPLOAD, State.FAILED, "refused")
        put("quality", Stage.CHARACTERISE, Stage.CHARACTERISE, State.HELD, "quality")
        rows["on-hold"].on_hold, rows["on-hold"].hold_reason = "operator", "with the binder"
        rows["at-desk"].on_hold = "desk"
        put("done", None, Stage.CONFIRM, State.DONE)
    return BATCH


@pytest.fixture
def another(workplace: Workplace) -> str:
    """A second batch."""
    items = [PlannedItem("one", {"title": "One"}, [None])]
    planned = PlannedBatch("another", "reading-room", "Library", {}, "0" * 64, "/m.csv", items, chunk_pages=1)
    with workplace.node.registry.transaction() as session:
        register_batch(session, planned)
    return planned.id


@pytest.fixture
def change(workplace: Workplace) -> Callable[[Callable[[ItemRow, list[UnitRow]], None], str], None]:
    """Changes units of an item, as a worker would."""

    def make(how: Callable[[ItemRow, list[UnitRow]], None], name: str) -> None:
        with workplace.node.registry.transaction() as session:
            item = session.query(ItemRow).filter(ItemRow.name == name).one()
            how(item, session.query(UnitRow).filter(UnitRow.item == item.id).order_by(UnitRow.id).all())
            refresh_states(session, item.batch, item)
            append_event(session, item.batch, "state change", item=name, detail={"by": "a test"})

    return make


@pytest.fixture
def board(qtbot: QtBot, workplace: Workplace, letters: str) -> BoardScreen:
    """The board, showing the batch."""
    workplace.actions.choose_section("board")
    screen = BoardScreen(workplace)
    qtbot.addWidget(screen, before_close_func=BoardScreen.shut_down)
    screen.resize(1280, 720)
    screen.show()
    screen.entered({"batch": letters})
    qtbot.waitUntil(lambda: screen.model.rowCount() == len(ITEMS), timeout=10_000)
    return screen
