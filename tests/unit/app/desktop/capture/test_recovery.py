# SPDX-License-Identifier: Apache-2.0
"""Captures of a program that was killed are offered at the next start, and nothing is lost or doubled."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.desktop.capture.recovery import Choice, RecoveryDialog, offer_recovery
from app.desktop.workplace import Workplace
from archive.registry.tables import DeskRunRow
from hardware.discovery import open_session
from workers.desk.desk import Desk
from workers.desk.recovery import recoverable
from workers.owners import machine

KILLED_WHILE_CAPTURING = """
import os, signal
from hardware.discovery import open_session
from hardware.scanner import PageCompleted
from archive.registry.tables import DeskRunRow
from hardware.discovery import open_session
from workers.desk.desk import Desk
from workers.node import Node
from workers.settings import load_settings

node = Node(load_settings())
desk = Desk(node, "shelf", "minutes")
run = desk.begin_run(pages=3)
heard = 0
with open_session("simulated:feeder", node.hardware()) as session:
    for event in session.scan(run.request()):
        if isinstance(event, PageCompleted):
            heard += 1
            if heard == 1:
                desk.add(run, event.page)
            if heard == 2:
                os.kill(os.getpid(), signal.SIGKILL)
"""


@contextmanager
def answering(choice: Choice) -> Iterator[list[str]]:
    """Press a button of the question as soon as it stands there; tells what it said."""
    said: list[str] = []
    timer = QTimer()

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, RecoveryDialog):
            timer.stop()
            said.append(dialog.found.item(0).text())
            dialog.findChild(QPushButton, str(choice)).click()  # type: ignore[union-attr]

    timer.timeout.connect(press)
    timer.start(10)
    yield said
    timer.stop()


def offer(workplace: Workplace, qtbot: QtBot) -> None:
    offer_recovery(workplace)
    qtbot.waitUntil(lambda: not workplace.operations.running)


# requirement 14
def test_interrupted_captures_are_offered_until_decided_and_recovered_whole(
    workplace: Workplace, qtbot: QtBot, batch: str
) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED_WHILE_CAPTURING], check=False)
    assert killed.returncode == -9
    desk = Desk(workplace.node, batch, "minutes")
    with answering(Choice.LATER):
        offer(workplace, qtbot)
    assert len(desk.state().places) == 1
    shown: list[tuple[str, dict[str, object]]] = []
    workplace.screen_wanted.connect(lambda screen, arguments: shown.append((screen, arguments)))
    with answering(Choice.RECOVER) as said:
        offer(workplace, qtbot)
    pages = len(desk.state().places)
    # the device runs ahead of who listens to it: what it had finished is there as well
    assert pages in {2, 3}
    assert f"{pages} capture" in said[0]
    assert "shelf / minutes" in said[0]
    assert len({place.image_key for place in desk.state().places}) == pages
    assert shown == [("capture", {"batch": "shelf", "item": "minutes"})]
    assert recoverable(workplace.node) == []


def test_what_is_discarded_is_put_aside_and_not_offered_again(
    workplace: Workplace, qtbot: QtBot, batch: str
) -> None:
    desk = Desk(workplace.node, batch, "letters")
    run = desk.begin_run()
    with open_session("simulated:flatbed", workplace.node.hardware()) as session:
        list(session.scan(run.request()))
    gone = subprocess.Popen([sys.executable, "--version"], stdout=subprocess.DEVNULL)
    gone.wait()
    with workplace.node.registry.transaction() as registry:
        # as if a program had begun it that is no more
        registry.get_one(DeskRunRow, run.id).owner = f"{machine()}:{gone.pid}:desk"
    with answering(Choice.DISCARD) as said:
        offer(workplace, qtbot)
    assert len(said) == 1
    assert desk.state().places == ()
    assert desk.state().aside == 1
    offer(workplace, qtbot)


def test_nothing_is_asked_where_nothing_was_interrupted(
    workplace: Workplace, qtbot: QtBot, batch: str
) -> None:
    Desk(workplace.node, batch, "letters").begin_run()
    offer(workplace, qtbot)
    assert QApplication.activeModalWidget() is None
