# SPDX-License-Identifier: Apache-2.0
"""The desktop at work: start-up, and a shift of many pages with the workers busy beside it.

    python benchmarks/desktop_shift.py [--pages N] [--rounds N] [--only start|shift]

*Start* is the time from starting the process to the first painting of its window, beside a window of
Qt for Python with nothing in it. *Shift* captures pages of A4 at 300 dpi on a simulated flatbed, one
press of the space bar each, in items of 20 that go to the workers when they are full; the workers of
the station describe, read, bag and store them meanwhile. A *stall* is a time of more than 50 ms in
which the window's event loop did not turn. On a machine whose cores are all busy some of them are the
scheduler's: the same is measured in a bare window that runs at the same time and does nothing.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measuring import (
    MEGABYTE,
    Account,
    StepFailed,
    alternate,
    print_machine,
    print_table,
    ratios,
    run,
    spread,
    work_folder,
)

if TYPE_CHECKING:
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from app.desktop.capture.screen import CaptureScreen

PAGES_AN_ITEM = 20
STALL = 0.05
MILLI = 1000

SETTINGS = """\
station = "bench"
operator = "Benchmark"

[devices]
sane = false

[[devices.simulated]]
name = "flatbed"
kind = "flatbed"
time_scale = 0.05
"""

MANIFEST = """\
batch_id;shift
institution;Recto Benchmark
scanner_id;simulated:flatbed
scanner_model;Recto Simulated Flatbed
resolution_dpi;300
color_profile;gray
settings.mode;Gray
bag_profile;aptrust-2.3
tag.Access;Institution

id;title;rights;language;pages
"""


def main() -> None:
    """Measure and print, or be one of the measured processes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=200, help="pages of the shift")
    parser.add_argument("--rounds", type=int, default=5, help="starts that count")
    parser.add_argument("--only", choices=("start", "shift"), help="one measurement")
    parser.add_argument("--child", nargs=2, metavar=("NAME", "WORD"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        name, word = arguments.child
        print(json.dumps(CHILDREN[name](word)))
        return
    with work_folder(None) as folder:
        print_machine(folder)
        if arguments.only != "shift":
            measure_start(folder, arguments.rounds)
        if arguments.only != "start":
            measure_shift(folder, arguments.pages)


def measure_start(folder: Path, rounds: int) -> None:
    """From the start of the process to its painted window."""
    _write_home(folder / "start", 0)

    def one(name: str) -> Callable[[], Account]:
        def work() -> Account:
            account = run(_command(name, ""), _environment(folder / "start"))
            account.facts.update(json.loads(account.facts["output"].splitlines()[-1]))
            return account

        return work

    accounts = alternate({"recto": one("window"), "bare": one("bare_window")}, rounds)
    recto, bare = ([account.facts["seconds"] for account in accounts[name]] for name in ("recto", "bare"))
    print_table(
        f"Start to the painted window, {rounds} rounds",
        ["", "s", "by the bare window's"],
        [
            ["recto", spread(recto), spread(ratios(recto, bare))],
            ["bare window of Qt for Python", spread(bare), "1"],
        ],
    )


def measure_shift(folder: Path, pages: int) -> None:
    """Stalls, answers to the key, and memory while pages are captured and the workers are busy."""
    home = folder / "shift"
    _write_home(home, pages)
    bare = subprocess.Popen(
        _command("bare_heart", ""), env={**os.environ, **_environment(home)}, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        account = run(_command("shift", str(pages)), _environment(home))
    finally:
        out, _ = bare.communicate("", timeout=30)
    # the workers go on without the window; their folder is removed when they are done
    run(_command("settled", ""), _environment(home))
    facts = json.loads(account.facts["output"].splitlines()[-1])
    idle = json.loads(out.splitlines()[-1])
    print_table(
        f"A shift of {pages} pages in {facts['seconds']:.0f} s, the workers busy",
        ["window", "stalls over 50 ms", "longest, ms", "of 10 ms beats late by, ms (median, 99 %)"],
        [
            [name, str(figures["stalls"]), f"{figures['longest'] * MILLI:.0f}", figures["late"]]
            for name, figures in (("recto", facts["heart"]), ("bare, doing nothing", idle))
        ],
    )
    print_table(
        "The capture key",
        ["answered, ms", "page on screen after its data, ms", "memory before, MB", "after, MB"],
        [
            [
                spread([value * MILLI for value in facts["answers"]], ".0f"),
                spread([value * MILLI for value in facts["shown"]], ".0f"),
                f"{facts['before'] / MEGABYTE:.0f}",
                f"{facts['after'] / MEGABYTE:.0f}",
            ]
        ],
    )
    for stack in facts["stacks"]:
        print(f"\n{stack}")


def _command(name: str, word: str) -> list[str]:
    return [sys.executable, __file__, "--child", name, word]


def _environment(home: Path) -> dict[str, str]:
    return {
        "RECTO_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "BENCHMARK_BEGUN": str(time.time()),
    }


def _write_home(home: Path, pages: int) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "recto.toml").write_text(SETTINGS, encoding="utf-8")
    rows = [
        f"item-{item:03d};A benchmark item;Public domain;eng;{min(PAGES_AN_ITEM, pages - first)}\n"
        for item, first in enumerate(range(0, pages, PAGES_AN_ITEM), start=1)
    ]
    (home / "shift.csv").write_text(MANIFEST + "".join(rows), encoding="utf-8")


# The measured processes


class Heart:
    """Beats of 10 ms on the window's thread, and how late they came."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._beats: list[float] = []
        self._timer: QTimer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self._beats.append(time.perf_counter()))
        self._timer.start(10)

    def figures(self) -> dict[str, Any]:
        """Stalls, the longest one, and how late beats were."""
        self._timer.stop()
        gaps = [later - earlier for earlier, later in itertools.pairwise(self._beats)] or [0.0]
        late = sorted(max(0.0, gap - 0.01) * MILLI for gap in gaps)
        return {
            "stalls": sum(gap > STALL for gap in gaps),
            "longest": max(gaps),
            "late": f"{statistics.median(late):.1f}, {late[int(0.99 * (len(late) - 1))]:.1f}",
        }


def _window(_word: str) -> dict[str, Any]:
    from app.desktop.application import make_application
    from app.desktop.run import Beginning, Desktop
    from workers.settings import load_settings

    application = make_application(["recto"])
    desktop = Desktop(application, load_settings())
    desktop.begin(Beginning(), None)
    desktop.window.grab()
    seconds = time.time() - float(os.environ["BENCHMARK_BEGUN"])
    desktop.window.close_without_asking()
    desktop.end()
    return {"seconds": seconds}


def _bare_window(_word: str) -> dict[str, Any]:
    from PySide6.QtWidgets import QApplication, QMainWindow

    application = QApplication([])
    window = QMainWindow()
    window.resize(1280, 720)
    window.show()
    application.processEvents()
    window.grab()
    return {"seconds": time.time() - float(os.environ["BENCHMARK_BEGUN"])}


def _bare_heart(_word: str) -> dict[str, Any]:
    from PySide6.QtCore import QSocketNotifier
    from PySide6.QtWidgets import QApplication, QMainWindow

    application = QApplication([])
    window = QMainWindow()
    window.show()
    heart = Heart()
    # its input is closed when the shift is over
    end = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    end.activated.connect(application.quit)
    application.exec()
    return heart.figures()


def _settled(_word: str) -> dict[str, Any]:
    from workers.local_station import station_runs
    from workers.settings import load_settings

    settings = load_settings()
    while station_runs(settings):
        time.sleep(1.0)
    return {}


def _shift(word: str) -> dict[str, Any]:

    from app.desktop.application import make_application
    from app.desktop.capture.screen import CaptureScreen
    from app.desktop.run import Beginning, Desktop
    from workers.operations import register_manifest
    from workers.settings import load_settings

    application: QApplication = make_application(["recto"])
    desktop = Desktop(application, load_settings())
    register_manifest(desktop.workplace.node, Path(os.environ["RECTO_HOME"]) / "shift.csv", at_desk=True)
    desktop.begin(Beginning(screen="capture", batch="shift"), None)
    screen = desktop.window.open_screen("capture")
    if not isinstance(screen, CaptureScreen):
        raise StepFailed("The capture workspace did not open")
    operator = Operator(application, screen)
    operator.until(lambda: screen.can_capture, "the scanner")
    # what is made once, at the first page or at the station's start, is no matter of the shift
    operator.wait(3000)
    desktop.watchdog.forget()
    heart, before, begun = Heart(), _resident(), time.perf_counter()
    operator.capture(int(word))
    figures = {
        "seconds": time.perf_counter() - begun,
        "heart": heart.figures(),
        "answers": operator.answers,
        "shown": operator.shown,
        "before": before,
        "after": _resident(),
        "stacks": [f"{stall.seconds * MILLI:.0f} ms\n{stall.stack}" for stall in desktop.watchdog.stalls]
        if os.environ.get("RECTO_STALL_STACKS")
        else [],
    }
    desktop.window.close_without_asking()
    desktop.end()
    return figures


class Operator:
    """Somebody who presses the space bar when the scanner is ready, and Return when an item is full.

    Args:
        application: The application, whose focus gets the keys.
        screen: The capture workspace.
    """

    def __init__(self, application: QApplication, screen: CaptureScreen) -> None:
        from PySide6.QtCore import QEventLoop

        self._application = application
        self._screen = screen
        self._loop = QEventLoop()
        self._kept: list[float] = []
        self.answers: list[float] = []
        self.shown: list[float] = []
        screen.runs.page_kept.connect(lambda *_: self._kept.append(time.perf_counter()))

    def wait(self, milliseconds: int) -> None:
        """Let the window work."""
        from PySide6.QtCore import QTimer

        # not QTest.qWait, which keeps Python's lock while it waits: every other thread would stand still
        QTimer.singleShot(milliseconds, self._loop.quit)
        self._loop.exec()

    def until(self, condition: Callable[[], bool], what: str) -> float:
        """Wait for something; the moment in which it was there."""
        deadline = time.perf_counter() + 120
        while not condition():
            if time.perf_counter() > deadline:
                raise StepFailed(f"{what} did not come")
            self.wait(10)
        return time.perf_counter()

    def capture(self, pages: int) -> None:
        """Capture pages, and send each item on when it is full."""
        from PySide6.QtCore import Qt

        from app.desktop.capture.runs import Pace

        screen = self._screen
        for page in range(1, pages + 1):
            self.until(lambda: screen.can_capture, "the scanner")
            here, pressed = len(screen.desk.places), time.perf_counter()
            self._press(Qt.Key.Key_Space)
            self.answers.append(self.until(lambda: screen.runs.pace is not Pace.IDLE, "an answer") - pressed)
            seen = self.until(lambda here=here: len(screen.desk.places) == here + 1, "the page")
            self.shown.append(seen - self._kept[-1] if self._kept else 0.0)
            if page % PAGES_AN_ITEM == 0 and page < pages:
                self.until(lambda: screen.can_capture, "the scanner")
                item = screen.workplace.item
                self._press(Qt.Key.Key_Return)
                self.until(lambda item=item: screen.workplace.item != item, "the next item")

    def _press(self, key: Qt.Key) -> None:
        from PySide6.QtTest import QTest

        QTest.keyClick(self._application.focusWidget() or self._screen, key)


def _resident() -> int:
    """Resident memory of this process (proc(5), statm)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


CHILDREN: dict[str, Callable[[str], dict[str, Any]]] = {
    "window": _window,
    "bare_window": _bare_window,
    "bare_heart": _bare_heart,
    "shift": _shift,
    "settled": _settled,
}


if __name__ == "__main__":
    main()
