# SPDX-License-Identifier: Apache-2.0
"""Pages that were scanned and that the registry did not take: they are in the item before anything else is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import event, text

from app.desktop.capture.recovery import Choice, RecoveryDialog
from archive.registry.tables import DeskRunRow
from tests.unit.app.desktop.capture.conftest import Operator
from workers.owners import machine


@contextmanager
def places_refused(operator: Operator) -> Iterator[None]:
    """The registry takes no page, as when its disk is full, while runs are still written."""
    registry = operator.screen.workplace.node.registry
    with registry.transaction() as session:
        session.execute(
            text(
                "CREATE TRIGGER no_room BEFORE INSERT ON desk_place BEGIN SELECT RAISE(FAIL, 'disk is full'); END"
            )
        )
    yield
    with registry.transaction() as session:
        session.execute(text("DROP TRIGGER no_room"))


@contextmanager
def registry_read_only(operator: Operator) -> Iterator[None]:
    """The registry's file cannot be written."""
    engine = operator.screen.workplace.node.registry._engine

    def refuse(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    def allow(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA query_only = OFF")

    event.listen(engine, "checkout", refuse)
    event.listen(engine, "checkin", allow)
    yield
    event.remove(engine, "checkout", refuse)


def test_a_page_that_was_not_kept_is_in_the_item_before_the_next_one_is_captured(operator: Operator) -> None:
    operator.capture(1)
    with places_refused(operator):
        operator.press(Qt.Key.Key_Space)
        operator.until(lambda: operator.screen.runs.owes_pages)
        operator.rest()
        assert {notice.key for notice in operator.reports} == {"capture.kept"}
        # nothing is captured behind a page that is not there yet
        operator.press(Qt.Key.Key_Space)
        operator.rest()
        assert operator.reports[-1].key == "capture.scanner"
        assert len(operator.ids) == 1
    operator.press(Qt.Key.Key_Space)
    operator.until(lambda: len(operator.ids) == 3)
    operator.rest()
    assert [place.run for place in operator.screen.desk.places] == [1, 2, 3]
    assert not operator.screen.runs.owes_pages


def test_an_item_is_done_with_the_page_that_was_not_kept_or_not_at_all(operator: Operator) -> None:
    operator.capture(2)
    with places_refused(operator):
        operator.press(Qt.Key.Key_Space)
        operator.until(lambda: operator.screen.runs.owes_pages)
        operator.rest()
        operator.press(Qt.Key.Key_Return)
        operator.rest()
        assert operator.screen.flow.item is not None
        assert operator.screen.flow.item.name == "letters"
    operator.press(Qt.Key.Key_Return)
    operator.until(
        lambda: operator.screen.flow.item is not None and operator.screen.flow.item.name == "minutes"
    )
    operator.rest()
    assert operator.screen.agenda.item("letters") is not None
    assert not operator.screen.space.count.isVisible()


def test_an_item_whose_interrupted_captures_wait_asks_about_them_when_it_shall_be_done(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator.capture(3)
    node = operator.screen.workplace.node
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    with node.registry.transaction() as session:
        run = session.get_one(DeskRunRow, 3)
        run.ended_at, run.owner = None, f"{machine()}:{gone.pid}:desk"
    operator.press(Qt.Key.Key_Return)
    operator.until(lambda: bool(operator.reports))
    operator.rest()
    (notice,) = operator.reports
    assert (notice.failure["code"], notice.remedy_title) == ("desk.pages_waiting", "Decide now")
    monkeypatch.setattr(RecoveryDialog, "ask", lambda *_: Choice.RECOVER)
    assert notice.remedy is not None
    notice.remedy()
    operator.rest()
    operator.press(Qt.Key.Key_Return)
    operator.until(
        lambda: operator.screen.flow.item is not None and operator.screen.flow.item.name == "minutes"
    )
    operator.rest()


def test_a_step_that_could_not_be_taken_back_for_now_is_taken_back_when_it_is_tried_again(
    operator: Operator,
) -> None:
    operator.capture(2)
    pages = operator.ids
    operator.trigger("capture.discard")
    with registry_read_only(operator):
        operator.trigger("general.undo")
        assert operator.reports[-1].key == "undo"
        assert len(operator.ids) == 1
    operator.trigger("general.undo")
    assert operator.ids == pages
    with registry_read_only(operator):
        operator.trigger("general.redo")
    operator.trigger("general.redo")
    assert operator.ids == pages[:1]
