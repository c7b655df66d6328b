# SPDX-License-Identifier: Apache-2.0
"""The desktop starts a station, loses its broker, is killed while it works, and finds its work done when it comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from pytestqt.qtbot import QtBot

from app.desktop.application import make_application, make_workplace
from app.desktop.board.columns import STATE_COLUMN
from app.desktop.board.model import LOOK_ROLE
from app.desktop.board.screen import BoardScreen
from app.desktop.workplace import Workplace
from archive.registry.stages import Stage
from workers.desktop_lock import desktop_is_open
from workers.embedded_broker import socket_path
from workers.local_station import station_runs
from workers.node import Node
from workers.settings import load_settings

from .conftest import Home, small_batch, wait_for

DESKTOP = """
import sys
from PySide6.QtCore import QTimer
from app.desktop.application import make_application, make_workplace
from app.desktop.station_link import StationLink, StationState
from workers.node import Node
from workers.settings import load_settings

application = make_application(["recto"])
node = Node(load_settings())
workplace = make_workplace(application, node, node.settings.state_directory / "cache")
link = StationLink(workplace, poll_seconds=0.2)
print(link.state, flush=True)
link.state_changed.connect(lambda state: print(state, flush=True))

def send(state):
    if state == StationState.RUNNING:
        operation = link.dispatch("letters")
        operation.succeeded.connect(lambda items: print("sent", items, flush=True))
        operation.failed.connect(lambda failure: print(failure, flush=True))

link.state_changed.connect(send)
link.start()
# the window's thread must not wait for the station: it answers between two beats of its clock
print("still awake", flush=True)
application.exec()
"""


@pytest.fixture
def here(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home, also for this process."""
    for name in [name for name in os.environ if name.startswith("RECTO_")]:
        if name != "RECTO_REFERENCE_DATA":
            monkeypatch.delenv(name)
    monkeypatch.setenv("RECTO_HOME", str(home.folder))
    return home


@pytest.fixture
def later(here: Home, qtbot: QtBot) -> Iterator[Workplace]:
    """The desktop that is opened again."""
    application = make_application(["recto"])
    made = make_workplace(application, Node(load_settings()), here.folder / "cache")
    yield made
    made.shut_down()
    made.theme.deleteLater()
    made.deleteLater()


def processes_of(home: Path) -> dict[int, str]:
    """The processes that live in a home with their command lines, this one left out."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            # it ended while we looked
            continue
        lives_here = f"RECTO_HOME={home}".encode() in environment or _is_broker(home, command)
        if lives_here and command and int(folder.name) != os.getpid():
            found[int(folder.name)] = command
    return found


def _is_broker(home: Path, command: str) -> bool:
    # the server writes its title over its environment
    return "-server " in command and str(socket_path(home / "state")) in command


def broker_of(home: Path) -> int | None:
    """Process id of the private broker of a home, while there is one."""
    found = (number for number, command in processes_of(home).items() if _is_broker(home, command))
    return next(found, None)


def read_until(desktop: subprocess.Popen[str], wanted: str) -> list[str]:
    assert desktop.stdout is not None
    lines = []
    for line in desktop.stdout:
        lines.append(line.strip())
        if line.startswith(wanted):
            return lines
    pytest.fail(f"{wanted!r} was never said: {lines}")


# requirement 18
@pytest.mark.tesseract
def test_work_survives_a_killed_broker_and_a_killed_desktop_and_the_next_board_is_right(
    qtbot: QtBot, here: Home, later: Workplace, tesseract: str
) -> None:
    here.recto("batch", "submit", here.manifest("letters.yaml", small_batch("letters", pages=2)))
    settings = load_settings()
    desktop = subprocess.Popen(
        [sys.executable, "-c", DESKTOP], env=here.variables(), stdout=subprocess.PIPE, text=True
    )
    try:
        said = read_until(desktop, "sent")
        assert said[:3] == ["stopped", "starting", "still awake"]
        assert said[-1] in {"sent 0", "sent 1"}, said
        assert desktop_is_open(settings)
        killed = broker_of(here.folder)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        wait_for(lambda: broker_of(here.folder) not in {None, killed}, 20)
    finally:
        desktop.kill()
        desktop.wait()
        assert desktop.stdout is not None
        desktop.stdout.close()
    assert not desktop_is_open(settings)
    assert station_runs(settings)

    board = BoardScreen(later)
    qtbot.addWidget(board, before_close_func=BoardScreen.shut_down)
    board.show()
    board.entered({"batch": "letters"})
    qtbot.waitUntil(lambda: board.model.rowCount() == 1, timeout=10_000)

    def state() -> str:
        return str(board.model.index(0, STATE_COLUMN).data(LOOK_ROLE).mark.text)

    qtbot.waitUntil(lambda: state() == "Done", timeout=120_000)
    assert {item.state_of(stage) for item in board.model.items for stage in Stage} == {"done"}

    # nobody looks and nothing is left to do: the station ends, and all its processes with it
    wait_for(lambda: not station_runs(settings), 60)
    wait_for(lambda: processes_of(here.folder) == {}, 10)
