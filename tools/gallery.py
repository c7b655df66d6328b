# SPDX-License-Identifier: Apache-2.0
"""The parts of the gallery, each run by tools/write_screenshots.py in a process of its own."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from app.desktop.actions.cheat_sheet import CheatSheet
from app.desktop.actions.palette import Palette
from app.desktop.application import make_application, make_workplace
from app.desktop.capture.screen import CaptureScreen
from app.desktop.language.translations import put_on
from app.desktop.main_window import MainWindow
from app.desktop.screens import SCREENS
from app.sample_batch import READING_ROOM, SAMPLE_BATCH, SETTINGS, write_reading_room
from hardware.errors import Jam
from tools.write_screenshots import FAULTY, SECONDS_FOR_STATION, SIZE
from workers import operations
from workers.desk.desk import Desk
from workers.following import follow
from workers.local_station import LocalStation
from workers.node import Node
from workers.settings import default_home, load_settings

PAGES = 5
"""Pages of the first item that are captured; the others are still to come."""

QUICK = 0.02
"""The simulated scanners' time to ours: nobody waits for their lamps here."""

FONT = "DejaVu Sans"
FONT_POINTS = 9.0

STORED = "minute-books"


def station() -> None:
    """Set the station up, and take one batch to its stored bags."""
    home = default_home()["config"].parent
    settings = SETTINGS.replace('sane_backends = ["test"]', "sane = false").replace(
        "# The settings of this demonstration: two simulated scanners, and SANE's own test device.\n", ""
    )
    settings = settings.replace("\nseed", f"\ntime_scale = {QUICK}\nseed")
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "recto.toml").write_text(settings, encoding="utf-8")
    node = Node(load_settings())
    samples = home / "samples"
    operations.register_manifest(node, write_reading_room(samples), at_desk=True)
    stored = samples / "minute-books.csv"
    stored.write_text(READING_ROOM.replace(SAMPLE_BATCH, STORED).replace(";8;", ";2;"), encoding="utf-8")
    (samples / "parish-registers.csv").write_text(FAULTY, encoding="utf-8")
    operations.register_manifest(node, stored)
    with LocalStation(node.settings):
        operations.dispatch_batch(node, STORED)
        deadline = time.monotonic() + SECONDS_FOR_STATION
        for _status in follow(node, STORED):
            if time.monotonic() > deadline:
                break
    node.registry.close()


def open_window(language: str) -> MainWindow:
    """The window as the gallery shows it, with the font that Debian ships."""
    application = make_application(["recto"])
    if FONT in QFontDatabase.families():
        font = QFont(FONT)
        font.setPointSizeF(FONT_POINTS)
        application.setFont(font)
    put_on(application, language)
    window = MainWindow(make_workplace(application, Node(load_settings()), default_home()["cache"]))
    window.resize(*SIZE)
    window.show()
    return window


def wait(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(is_so: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Let the window live until something is so; whether it became so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            return False
        wait(20)
    return True


def settle(window: MainWindow) -> None:
    """Wait until nothing is under way and pictures are drawn."""
    wait(250)
    wait_until(lambda: not window.workplace.operations.running, 20)
    wait(450)


def capture() -> None:
    """Capture the first pages of the sample batch as an operator does."""
    window = open_window("en")
    window.workplace.failure_reported.connect(lambda notice: print(notice.failure, file=sys.stderr))
    window.workplace.choose_work(SAMPLE_BATCH)
    window.show_screen("capture", {"batch": SAMPLE_BATCH})
    settle(window)
    scan = window.workplace.actions.action("capture.scan")
    desk = Desk(window.workplace.node, SAMPLE_BATCH, "letters")
    screen = window.open_screen("capture")
    if not isinstance(screen, CaptureScreen):
        raise TypeError("the capture screen is none")
    for page in range(1, PAGES + 1):
        if not wait_until(lambda: screen.can_capture):
            raise SystemExit("The scanner of the gallery is not ready to capture.")
        scan.trigger()
        if not wait_until(lambda wanted=page: len(desk.state().places) >= wanted):  # type: ignore[misc]
            raise SystemExit(f"Page {page} of the gallery was not captured.")
    settle(window)
    window.close_without_asking()


def shoot(folder: Path, scale: str, language: str, wanted: list[str]) -> None:
    """Write each screen, light and dark, and what opens above them."""
    window = open_window(language)
    home = default_home()["config"].parent
    arguments = {
        "importing": {"path": str(home / "samples" / "parish-registers.csv")},
        "capture": {"batch": SAMPLE_BATCH, "item": "letters"},
        "quality": {"batch": SAMPLE_BATCH, "item": "letters"},
        "board": {"batch": STORED},
    }
    for place in SCREENS:
        if wanted and place.id not in wanted:
            continue
        if place.id in {"capture", "quality"}:
            window.workplace.choose_work(SAMPLE_BATCH, "letters")
        window.show_screen(place.id, arguments.get(place.id, {}))
        settle(window)
        _save_both(window, window, folder, f"{place.id}-{{scheme}}-{scale}x-{language}.png")
    if not wanted:
        _shoot_what_opens(window, folder, f"{scale}x-{language}.png")
    window.close_without_asking()


def _shoot_what_opens(window: MainWindow, folder: Path, ending: str) -> None:
    window.show_screen("capture", {})
    settle(window)
    dialogs: dict[str, QWidget] = {
        "palette": Palette(window.workplace, window),
        "keys": CheatSheet(window.workplace.actions, window),
    }
    for name, dialog in dialogs.items():
        dialog.show()
        wait(100)
        _save_both(window, dialog, folder, f"{name}-{{scheme}}-{ending}")
        dialog.close()
    failure = Jam("A sheet is stuck in the feeder of simulated:feeder.", device="simulated:feeder").to_json()
    window.workplace.report(failure, remedy=lambda: None)
    wait(200)
    _save_both(window, window, folder, f"failure-{{scheme}}-{ending}")


def _save_both(window: MainWindow, shown: QWidget, folder: Path, name: str) -> None:
    for scheme in ("light", "dark"):
        window.workplace.theme.set_scheme("light" if scheme == "light" else "dark")
        wait(250)
        QCoreApplication.processEvents()
        shown.grab().save(str(folder / name.format(scheme=scheme)))


def main(arguments: list[str]) -> None:
    """Do the part that is named first."""
    part, *rest = arguments
    if part == "station":
        station()
    elif part == "capture":
        capture()
    else:
        folder, scale, language, *wanted = rest
        shoot(Path(folder), scale, language, wanted)
    application = QApplication.instance()
    if application is not None:
        application.processEvents()


if __name__ == "__main__":
    main(sys.argv[1:])
