# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the desktop's tests: a private home with simulated scanners, a workplace on it, and leak checks."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QLocale, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from structlog.testing import capture_logs

from app.desktop.application import make_application, make_workplace
from app.desktop.workplace import Workplace
from workers.node import Node
from workers.settings import load_settings

SETTINGS = """\
station = "reading-room"
operator = "Test Operator"

[devices]
sane = false

[[devices.simulated]]
name = "flatbed"
kind = "flatbed"
seed = 1882
time_scale = 0.01

[[devices.simulated]]
name = "feeder"
kind = "feeder"
seed = 1914
time_scale = 0.01
"""


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as the desktop makes it."""
    return make_application(["recto"])


@pytest.fixture
def home(recto_home: Path) -> Path:
    """A private RECTO_HOME with a simulated flatbed and a simulated feeder, and no search for real scanners."""
    (recto_home / "config").mkdir(parents=True)
    (recto_home / "config" / "recto.toml").write_text(SETTINGS, encoding="utf-8")
    return recto_home


@pytest.fixture
def workplace(qapp: QApplication, home: Path) -> Iterator[Workplace]:
    """What the screens share, on a real registry."""
    made = make_workplace(qapp, Node(load_settings()), home / "cache")
    yield made
    made.shut_down()
    made.theme.deleteLater()
    made.deleteLater()


@pytest.fixture(autouse=True)
def numbers_and_dates_are_english() -> Iterator[None]:
    """Whatever the machine speaks, and whatever a test before this one put on."""
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(QLocale("en_US"))


@pytest.fixture(autouse=True)
def no_defect_is_logged() -> Iterator[None]:
    """What is logged as an error is a defect; failures that the operator is told of are warnings."""
    with capture_logs() as logged:
        yield
    defects = [line for line in logged if line["log_level"] in {"error", "critical"}]
    assert not defects, f"errors were logged: {defects}"


@pytest.fixture(autouse=True)
def garbage_is_collected_on_the_windows_thread() -> Iterator[None]:
    """As in the desktop: a thread that needs memory ends no widget."""
    gc.disable()
    yield
    gc.enable()


def _running_timers(application: QApplication) -> set[QTimer]:
    return {timer for timer in application.findChildren(QTimer) if timer.isActive()}


@pytest.fixture(autouse=True)
def nothing_is_left_behind(qapp: QApplication, qtbot: QtBot) -> Iterator[None]:
    """No thread, no window and no running timer survives a test."""
    timers = _running_timers(qapp)
    threads = set(threading.enumerate())
    windows = set(QApplication.topLevelWidgets())
    yield
    for window in set(QApplication.topLevelWidgets()) - windows:
        # pytest-qt closes what a test has given to it only after this fixture
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()
    # one thread renews the leases of a process as long as it lives
    left = [
        thread for thread in threading.enumerate() if thread not in threads and thread.name != "lease-watch"
    ]
    for thread in left:
        # a device is let go in its own time, of which the window sees nothing
        thread.join(8)
    left = [thread for thread in left if thread.is_alive()]
    assert not left, f"threads are left: {left}"
    running = _running_timers(qapp) - timers
    assert not running, f"timers still run: {[timer.parent() for timer in running]}"
    left_windows = {window for window in QApplication.topLevelWidgets() if window.isVisible()} - windows
    assert not left_windows, f"windows are left: {left_windows}"
