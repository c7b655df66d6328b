# SPDX-License-Identifier: Apache-2.0
"""Operations: away from the window's thread, told on it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.operation import OperationContext
from app.desktop.workplace import Workplace


def test_work_runs_in_another_thread_and_is_heard_of_on_the_windows_thread(
    workplace: Workplace, qtbot: QtBot
) -> None:
    heard: list[tuple[object, threading.Thread]] = []

    def work(context: OperationContext) -> threading.Thread:
        context.tell("half")
        return threading.current_thread()

    operation = workplace.operations.run(
        "a test",
        work,
        on_told=lambda value: heard.append((value, threading.current_thread())),
        on_success=lambda value: heard.append((value, threading.current_thread())),
    )
    with qtbot.waitSignal(operation.finished):
        pass
    (half, half_heard_in), (ran_in, heard_in) = heard
    assert half == "half"
    assert ran_in is not threading.main_thread()
    assert heard_in is half_heard_in is threading.main_thread()
    assert workplace.operations.running == ()


def test_a_failure_that_nobody_waits_for_is_reported(workplace: Workplace, qtbot: QtBot) -> None:
    def work(_context: OperationContext) -> None:
        raise OSError("the disk is full")

    with qtbot.waitSignal(workplace.failure_reported) as reported:
        workplace.operations.run("a test", work)
    assert reported.args is not None
    assert "the disk is full" in reported.args[0].failure["message"]


def test_a_cancelled_operation_neither_succeeds_nor_fails(workplace: Workplace, qtbot: QtBot) -> None:
    begun = threading.Event()

    def work(context: OperationContext) -> None:
        begun.set()
        context.cancelled.wait(10)
        context.check()

    heard: list[Any] = []
    operation = workplace.operations.run("a test", work, on_success=heard.append, on_failure=heard.append)
    assert begun.wait(10)
    with qtbot.waitSignals([operation.cancelled, operation.finished]):
        operation.cancel()
    assert heard == []


def test_work_of_one_lane_runs_one_after_the_other(workplace: Workplace, qtbot: QtBot) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work(_context: OperationContext) -> None:
        inside.append(1)
        most.append(len(inside))
        inside.pop()

    last = [workplace.operations.run("a test", work, lane="registry") for _ in range(20)][-1]
    with qtbot.waitSignal(last.finished):
        pass
    assert most == [1] * 20


# requirement 20
def test_progress_comes_at_most_ten_times_a_second_and_always_to_its_end(
    workplace: Workplace, qtbot: QtBot
) -> None:
    def work(context: OperationContext) -> None:
        for done in range(1, 10_001):
            context.progress(done, 10_000)

    seen: list[int] = []
    operation = workplace.operations.run(
        "a test", work, on_progress=lambda done, _total, _text: seen.append(done)
    )
    with qtbot.waitSignal(operation.finished):
        pass
    assert seen[-1] == 10_000
    assert seen == sorted(seen)
    assert len(seen) <= 12


def test_a_closed_desktop_takes_no_more_work(workplace: Workplace) -> None:
    workplace.operations.shut_down()
    with pytest.raises(RuntimeError, match="closing"):
        workplace.operations.run("a test", lambda _context: None)


def test_progress_counts_more_bytes_than_two_gigabytes(workplace: Workplace, qtbot: QtBot) -> None:
    seen: list[tuple[int, int | None]] = []
    operation = workplace.operations.run(
        "a test",
        lambda context: context.progress(5 << 30, 5 << 30),
        on_progress=lambda done, total, _text: seen.append((done, total)),
    )
    with qtbot.waitSignal(operation.finished):
        pass
    assert seen == [(5 << 30, 5 << 30)]
