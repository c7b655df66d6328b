# SPDX-License-Identifier: Apache-2.0
"""The desktop on a display with a window manager: exposure and focus are real there, and keys come from outside."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.conftest import wait_for
from tests.x_display import Display, display_with_window_manager

RECTO = [sys.executable, "-m", "app"]


@pytest.fixture
def display(tmp_path: Path) -> Iterator[Display]:
    """A display on which openbox manages the windows."""
    with display_with_window_manager(tmp_path) as made:
        wait_for(lambda: made.manager == "Openbox", 20)
        yield made


@pytest.fixture
def environment(display: Display, tmp_path: Path) -> dict[str, str]:
    """The variables of somebody who has logged in to that display, and never used Recto."""
    (tmp_path / "user").mkdir()
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "TMPDIR"}}
    return {**kept, "HOME": str(tmp_path / "user"), "DISPLAY": display.name}


def masters(run: Path) -> int:
    """How many pages the registry holds of what was captured by a person."""
    with closing(sqlite3.connect(f"file:{run / 'state/registry.sqlite3'}?mode=ro", uri=True)) as connection:
        count: int = connection.execute("SELECT count(*) FROM desk_place").fetchone()[0]
    return count


def station_runs(run: Path) -> bool:
    """Whether the station that the desktop started is still there; it ends by itself."""
    with (run / "state" / "station.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def has_focus(display: Display, title: str) -> Callable[[], bool]:
    """Whether the active window has such a title, is on the display, and gets the keys."""

    def holds() -> bool:
        try:
            window = display.active_window
            seen = window and title in display.title(window) and display.is_viewable(window)
        except LookupError:
            # the window has gone in between
            return False
        return bool(seen) and display.focus == window

    return holds


def test_on_a_managed_display_the_demonstration_is_exposed_hears_keys_and_closes_in_order(
    display: Display, environment: dict[str, str], tmp_path: Path
) -> None:
    with (tmp_path / "said.txt").open("wb") as said:
        desktop = subprocess.Popen(
            [*RECTO, "demo", "--gui", "--out", str(tmp_path / "demo")], env=environment, stderr=said
        )
    run = tmp_path / "demo" / "run-001"
    try:
        wait_for(has_focus(display, "letters"), 60)
        main = display.active_window
        # the first presses find no scanner yet, which is told; one of the next is heard
        wait_for(lambda: display.press("Space") is None and masters(run) >= 1, 30)
        # a dialog takes the focus, and gives it back
        display.press("Control+Shift+p")
        wait_for(has_focus(display, "Find an action"), 10)
        display.press("Escape")
        wait_for(lambda: display.active_window == main and has_focus(display, "Recto")(), 10)
        # a second start in the same home brings the first to the front, and ends
        again = {**environment, "RECTO_HOME": str(run)}
        assert subprocess.run(RECTO, env=again, timeout=60, check=False).returncode == 0
        assert display.windows() == [main]
        display.press("Alt+F4")
        assert desktop.wait(60) == 0
    finally:
        if desktop.poll() is None:
            desktop.kill()
            desktop.wait()
    wait_for(lambda: not station_runs(run), 60)
    # it kept to its folder, and ended in order
    assert list((tmp_path / "user").iterdir()) == []
    assert not (run / "state" / "desktop" / "running.json").exists()
    assert (tmp_path / "said.txt").read_text().splitlines() == [f"Working in {run}"]
