# SPDX-License-Identifier: Apache-2.0
"""One run of the desktop: remembered windows, one instance, stalls, crashes, reports and sleep."""

from __future__ import annotations

import faulthandler
import json
import os
import stat
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QTimer
from PySide6.QtWidgets import QMainWindow
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot
from structlog.testing import capture_logs

from app.desktop.operation import OperationContext
from app.desktop.session.crash_report import CrashReport
from app.desktop.session.diagnostics import write_bundle
from app.desktop.session.garbage import Garbage
from app.desktop.session.keep_awake import KeepAwake
from app.desktop.session.single_instance import SingleInstance
from app.desktop.session.sleep_inhibition import SystemdInhibitor
from app.desktop.session.stall_watchdog import StallWatchdog
from app.desktop.session.unexpected import UnexpectedErrors
from app.desktop.session.versions import versions
from app.desktop.session.window_state import (
    WindowState,
    describe_geometry,
    is_in_reach,
    load_window_state,
    restore_geometry,
    save_window_state,
)
from app.desktop.workplace import Workplace
from workers.redaction import remember_secret


def test_what_a_run_leaves_is_found_by_the_next(tmp_path: Path, qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setGeometry(40, 50, 500, 400)
    file = tmp_path / "desktop" / "window.json"
    save_window_state(file, WindowState(describe_geometry(window), "board", "reading-room", "letters"))
    state = load_window_state(file)
    assert (state.screen, state.batch, state.item) == ("board", "reading-room", "letters")
    other = QMainWindow()
    qtbot.addWidget(other)
    assert restore_geometry(other, state.geometry)
    assert other.size() == window.size()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"screen": 5}', '{"unknown": 1}'])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, text: str) -> None:
    file = tmp_path / "window.json"
    file.write_text(text, encoding="utf-8")
    assert load_window_state(file) == WindowState()


@pytest.mark.parametrize("geometry", ["", "nonsense", "AAAA", "é"])
def test_a_geometry_that_means_nothing_moves_nothing(geometry: str, qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    assert not restore_geometry(window, geometry)


def test_a_window_that_cannot_be_taken_hold_of_is_out_of_reach() -> None:
    screens = [QRect(0, 0, 1920, 1080), QRect(1920, 0, 1280, 1024)]
    assert is_in_reach(QRect(100, 100, 800, 600), screens)
    assert is_in_reach(QRect(3100, 10, 800, 600), screens)
    assert not is_in_reach(QRect(5000, 10, 800, 600), screens)
    assert not is_in_reach(QRect(100, -300, 800, 600), screens)
    assert not is_in_reach(QRect(-790, 10, 800, 600), screens)


def test_a_second_start_hands_its_arguments_over_and_is_not_the_desktop(tmp_path: Path, qtbot: QtBot) -> None:
    first = SingleInstance(tmp_path)
    assert first.begin()
    calls = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
        "from app.desktop.session.single_instance import SingleInstance;"
        "application = QCoreApplication([]); second = SingleInstance(Path(sys.argv[1]));"
        "sys.exit(7 if second.begin() else 0 if second.call(['new.csv', '/a/b.csv']) else 8)"
    )
    with qtbot.waitSignal(first.called, timeout=20_000) as called:
        second = subprocess.Popen([sys.executable, "-c", calls, str(tmp_path)])
    assert called.args == [[str(Path.cwd() / "new.csv"), "/a/b.csv"]]
    assert second.wait(10) == 0
    first.end()
    third = SingleInstance(tmp_path)
    assert third.begin()
    third.end()


def test_a_lock_that_cannot_be_written_is_no_other_desktop(tmp_path: Path, qtbot: QtBot) -> None:
    instance = SingleInstance(tmp_path)
    (tmp_path / "desktop").rmdir()
    with pytest.raises(FileNotFoundError):
        instance.begin()
    assert not instance.call([])


def test_a_lock_left_by_a_killed_desktop_is_free(tmp_path: Path, qtbot: QtBot) -> None:
    code = (
        "import os, sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
        "from app.desktop.session.single_instance import SingleInstance;"
        "application = QCoreApplication([]); one = SingleInstance(Path(sys.argv[1]));"
        "assert one.begin(); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == -9
    next_one = SingleInstance(tmp_path)
    assert next_one.begin()
    next_one.end()


def test_a_stall_of_the_window_is_noticed_with_the_place_where_it_was(qtbot: QtBot) -> None:
    watchdog = StallWatchdog(stacks=True)
    watchdog.start()
    try:
        qtbot.wait(60)
        watchdog.forget()

        def hold_everything_up() -> None:
            time.sleep(0.15)

        QTimer.singleShot(0, hold_everything_up)
        qtbot.waitUntil(lambda: bool(watchdog.stalls))
    finally:
        watchdog.stop()
    longest = max(watchdog.stalls, key=lambda stall: stall.seconds)
    assert 0.1 < longest.seconds < 2
    assert "hold_everything_up" in longest.stack


def test_a_stall_is_only_counted_where_nobody_asked_for_its_place(qtbot: QtBot) -> None:
    watchdog = StallWatchdog()
    watchdog.start()
    try:
        QTimer.singleShot(0, lambda: time.sleep(0.15))
        qtbot.waitUntil(lambda: bool(watchdog.stalls))
    finally:
        watchdog.stop()
    assert {stall.stack for stall in watchdog.stalls} == {""}


def test_garbage_of_all_threads_is_collected_on_the_windows_thread(qtbot: QtBot) -> None:
    ended_in: list[threading.Thread] = []

    class Dialog:
        """Knows itself, as one does whose button calls a function of it."""

        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            ended_in.append(threading.current_thread())

    def make_garbage() -> None:
        for _ in range(20_000):
            Dialog()

    garbage = Garbage()
    garbage.begin()
    thread = threading.Thread(target=make_garbage)
    try:
        thread.start()
        thread.join()
        assert ended_in == []
        qtbot.waitUntil(lambda: bool(ended_in))
    finally:
        garbage.end()
    assert set(ended_in) == {threading.main_thread()}


def test_work_in_operations_is_no_stall(workplace: Workplace, qtbot: QtBot) -> None:
    def work(_context: OperationContext) -> None:
        time.sleep(0.15)

    watchdog = StallWatchdog(allowed=0.1, stacks=True)
    watchdog.start()
    try:
        operation = workplace.operations.run("a test", work)
        with qtbot.waitSignal(operation.finished):
            pass
        assert not any("in work\n" in stall.stack for stall in watchdog.stalls)
    finally:
        watchdog.stop()


def test_a_run_that_did_not_end_in_order_is_told_of_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # in this process pytest holds it; the child uses the real one
    monkeypatch.setattr(faulthandler, "enable", lambda *_told, **_more: None)
    monkeypatch.setattr(faulthandler, "disable", lambda: None)
    first = CrashReport(tmp_path)
    assert first.begin() is None
    first.end()
    code = (
        "import faulthandler, sys; from pathlib import Path;"
        "from app.desktop.session.crash_report import CrashReport;"
        "assert CrashReport(Path(sys.argv[1])).begin() is None; faulthandler._sigsegv()"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], check=False, stderr=subprocess.PIPE
        ).returncode
        < 0
    )
    second = CrashReport(tmp_path)
    failure = second.begin()
    second.end()
    assert failure is not None
    assert failure["code"] == "desktop.crashed"
    assert "Segmentation fault" in failure["facts"]["trace"]
    assert failure["facts"]["begun"]
    third = CrashReport(tmp_path)
    assert third.begin() is None
    third.end()


def test_an_exception_in_a_slot_or_a_thread_is_shown_and_not_swallowed(
    workplace: Workplace, qtbot: QtBot
) -> None:
    told: list[str] = []
    workplace.failure_reported.connect(lambda notice: told.append(notice.failure["message"]))
    with capture_exceptions(), capture_logs() as logged:
        errors = UnexpectedErrors(workplace)
        try:
            QTimer.singleShot(0, lambda: {}["a defect"])
            qtbot.waitUntil(lambda: told == ["KeyError: 'a defect'"])
            thread = threading.Thread(target=lambda: {}["another"])
            thread.start()
            thread.join()
            qtbot.waitUntil(lambda: told == ["KeyError: 'a defect'", "KeyError: 'another'"])
        finally:
            errors.shut_down()
    assert [line["event"] for line in logged] == ["desktop.unexpected"] * 2


def test_a_report_holds_what_helps_and_no_secret(workplace: Workplace, tmp_path: Path) -> None:
    remember_secret("correct-horse-battery")
    logs = workplace.settings.state_directory / "logs"
    logs.mkdir(parents=True)
    (logs / "io.log").write_text(
        "begun\n" * 50_000 + "the last words: correct-horse-battery\n", encoding="utf-8"
    )
    target = tmp_path / "report.zip"
    failures = [{"code": "broker.unavailable", "message": "redis://user:hunter22@host does not answer"}]
    write_bundle(target, workplace.settings, versions(), failures=failures)
    with zipfile.ZipFile(target) as bundle:
        texts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert set(texts) == {
        "read-me-first.txt",
        "versions.json",
        "settings.json",
        "failures.json",
        "logs/logs-io.log",
    }
    assert json.loads(texts["settings.json"])["station"] == "reading-room"
    assert {"Recto", "Qt", "PySide", "SANE"} <= set(json.loads(texts["versions.json"]))
    assert "the last words" in texts["logs/logs-io.log"]
    assert len(texts["logs/logs-io.log"]) <= 200_100
    assert not [name for name, text in texts.items() if "correct-horse" in text or "hunter22" in text]


class NoWay:
    name = "no way"

    def begin(self, reason: str) -> bool:
        return False

    def end(self) -> None:
        raise AssertionError("what did not begin is not ended")


class SomeWay:
    name = "some way"
    held = 0

    def begin(self, reason: str) -> bool:
        type(self).held += 1
        return bool(reason)

    def end(self) -> None:
        type(self).held -= 1


def test_the_station_is_awake_from_a_page_until_some_time_after_it(
    workplace: Workplace, qtbot: QtBot
) -> None:
    awake = KeepAwake(workplace, (NoWay, SomeWay), milliseconds=200)
    assert not awake.is_awake
    workplace.item_changed.emit("reading-room", "letters")
    workplace.item_changed.emit("reading-room", "letters")
    qtbot.waitUntil(lambda: awake.is_awake)
    assert SomeWay.held == 1
    qtbot.waitUntil(lambda: SomeWay.held == 0)
    assert not awake.is_awake
    awake.shut_down()


def test_a_station_that_cannot_be_kept_awake_says_so_once(workplace: Workplace, qtbot: QtBot) -> None:
    said: list[str] = []
    workplace.said.connect(said.append)
    awake = KeepAwake(workplace, (NoWay,), milliseconds=10)
    for _ in range(2):
        workplace.item_changed.emit("reading-room", "letters")
        qtbot.waitUntil(lambda: not workplace.operations.running)
        qtbot.wait(30)
    assert len(said) == 1
    assert not awake.is_awake
    awake.shut_down()


@pytest.mark.parametrize(("works", "expected"), [(True, True), (False, False)])
def test_systemd_holds_the_lock_as_long_as_its_child_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, works: bool, expected: bool
) -> None:
    stand_in = tmp_path / "systemd-inhibit"
    run = 'while [ "${1#--}" != "$1" ]; do shift; done; exec "$@"' if works else "exit 1"
    stand_in.write_text(f"#!/bin/sh\n{run}\n", encoding="utf-8")
    stand_in.chmod(stand_in.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    inhibitor = SystemdInhibitor()
    assert inhibitor.begin("Pages are being captured") is expected
    inhibitor.end()
    inhibitor.end()
