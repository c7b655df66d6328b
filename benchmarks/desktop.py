# SPDX-License-Identifier: Apache-2.0
"""The desktop's images: 10,000 thumbnails, and a page of 400 megapixels beside a whole decoding by Pillow.

    python benchmarks/desktop.py [--small] [--rounds N] [--work DIR] [--only NAME]

Every round is a process of its own, offscreen, with nothing in the image cache. The page is noise in an
uncompressed TIFF, the worst case for JPEG tiles. The viewer has 2560 x 1440 pixels. *Overview* is the
time from asking for the page to the first painting of it; *1:1* from asking for 100 % to the painting
in which nothing sharper is to come, with the rest of 100 ms that the viewer waits for while the
operator moves; first without a viewing copy, then with it, at another place. *Stall* is the longest
time in which the event loop did not turn. The peer decodes the page and makes the same overview.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measuring import (
    MEGABYTE,
    Account,
    StepFailed,
    alternate,
    print_machine,
    print_table,
    run,
    seconds_of,
    spread,
    work_folder,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.desktop.viewer.page_viewer import PageViewer

VIEW = (2560, 1440)
ROWS = 10_000
OVERVIEW_SIDE = 2048
MILLI = 1000


def main() -> None:
    """Measure and print, or be one of the measured processes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="100 megapixels, fewer rounds")
    parser.add_argument("--rounds", type=int, help="rounds that count")
    parser.add_argument("--work", type=Path, help="where the files go; the temporary folder when left out")
    parser.add_argument("--only", choices=sorted(MEASURES), help="one measurement")
    parser.add_argument("--child", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        name, file = arguments.child
        print(json.dumps(CHILDREN[name](Path(file))))
        return
    rounds = arguments.rounds or (3 if arguments.small else 5)
    size = (12_000, 8_500) if arguments.small else (24_000, 17_000)
    with work_folder(arguments.work) as folder:
        print_machine(folder)
        for name, measure in MEASURES.items():
            if arguments.only in {None, name}:
                measure(folder, size, rounds)


# What is measured


def measure_thumbnails(folder: Path, size: tuple[int, int], rounds: int) -> None:
    """10,000 thumbnails: first paint, and what the model is asked for it."""
    del size
    [accounts] = _in_turn(folder, rounds, ["thumbnails"])
    print_table(
        f"{ROWS} thumbnails, {rounds} rounds",
        ["arrangement", "first paint, ms", "data() calls", "any page in view, ms"],
        [
            [
                arrangement,
                spread([account.facts[arrangement]["paint"] * MILLI for account in accounts], ".1f"),
                str(max(account.facts[arrangement]["calls"] for account in accounts)),
                spread([account.facts[arrangement]["jump"] * MILLI for account in accounts], ".1f"),
            ]
            for arrangement in ("strip", "grid")
        ],
    )


def measure_page(folder: Path, size: tuple[int, int], rounds: int) -> None:
    """A huge page in the viewer, beside decoding it."""
    _write_noise(folder / "page.tif", *size)
    ours, peer, copy, whole_copy = _in_turn(folder, rounds, ["viewer", "pillow", "copy", "whole_copy"])
    print_table(
        f"A page of {size[0] * size[1] / 1e6:.0f} megapixels, {rounds} rounds",
        ["", "overview, ms", "1:1 sharp, ms", "1:1 with copy, ms", "longest stall, ms", "growth, MB"],
        [
            [
                "recto",
                *(_milliseconds(ours, name) for name in ("overview", "full", "full_with_copy", "stall")),
                _megabytes(ours, "growth"),
            ],
            [
                "Pillow, whole",
                _milliseconds(peer, "overview"),
                "with it",
                "",
                _milliseconds(peer, "overview"),
                _megabytes(peer, "growth"),
            ],
        ],
    )
    print_table(
        "Making the viewing copy",
        ["levels", "s", "megapixels/s", "peak, MB", "size, MB"],
        [
            [
                name,
                spread(seconds_of(accounts)),
                f"{size[0] * size[1] / 1e6 / statistics.median(seconds_of(accounts)):.0f}",
                _megabytes(accounts, "peak"),
                _megabytes(accounts, "size"),
            ]
            for name, accounts in (("from 1:2, as the desktop does", copy), ("from 1:1", whole_copy))
        ],
    )


MEASURES: dict[str, Callable[[Path, tuple[int, int], int], None]] = {
    "thumbnails": measure_thumbnails,
    "page": measure_page,
}


def _in_turn(folder: Path, rounds: int, names: Sequence[str]) -> list[list[Account]]:
    def work(name: str) -> Callable[[], Account]:
        def one_round() -> Account:
            account = run(
                [sys.executable, __file__, "--child", name, folder / "page.tif"],
                {"QT_QPA_PLATFORM": "offscreen"},
            )
            account.facts.update(json.loads(account.facts["output"].splitlines()[-1]))
            return account

        return one_round

    contenders: Mapping[str, Callable[[], Account]] = {name: work(name) for name in names}
    accounts = alternate(contenders, rounds)
    return [accounts[name] for name in names]


def _milliseconds(accounts: Sequence[Account], name: str) -> str:
    return spread([account.facts[name] * MILLI for account in accounts], ".0f")


def _megabytes(accounts: Sequence[Account], name: str) -> str:
    return f"{max(account.facts[name] for account in accounts) / MEGABYTE:.0f}"


def _write_noise(path: Path, width: int, height: int) -> None:
    import numpy as np
    import tifffile

    rows = 250
    band = np.random.default_rng(1).integers(0, 256, (rows, width, 3), dtype=np.uint8)
    # the same band again and again, shifted: noise that needs no gigabyte of memory to make
    strips = (np.roll(band, 97 * top, axis=1)[: height - top] for top in range(0, height, rows))
    tifffile.imwrite(
        path,
        (strip.tobytes() for strip in strips),
        shape=(height, width, 3),
        dtype=np.uint8,
        photometric="rgb",
        rowsperstrip=rows,
        resolution=(600, 600),
        resolutionunit=2,
    )


# The measured processes


def _application() -> QApplication:
    from app.desktop.application import make_application

    return make_application(["recto"])


def _thumbnails(file: Path) -> dict[str, Any]:
    del file
    from app.desktop.theme.theme import Theme
    from app.desktop.thumbnails.loader import ThumbnailLoader
    from app.desktop.thumbnails.model import ThumbnailModel
    from app.desktop.thumbnails.row import ThumbnailRow
    from app.desktop.thumbnails.strip import ThumbnailStrip
    from archive.imaging.image_source import ImageSource

    application = _application()
    theme = Theme(application)
    calls = 0
    ask = ThumbnailModel.data

    def counted(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        return ask(*arguments)

    ThumbnailModel.data = counted  # type: ignore[method-assign]
    rows = [
        ThumbnailRow(str(row), str(row), source=ImageSource.unread(Path("page.tif"), key=str(row)))
        for row in range(ROWS)
    ]
    figures: dict[str, Any] = {}
    for arrangement in ("strip", "grid"):
        loader = ThumbnailLoader(lambda _: None)
        strip = ThumbnailStrip(loader, theme)
        strip.set_arrangement("strip" if arrangement == "strip" else "grid")
        strip.resize(1920, 1000)
        strip.set_rows(rows)
        calls, begun = 0, time.perf_counter()
        strip.show()
        strip.grab()
        painted = time.perf_counter()
        first_calls = calls
        strip.set_current(str(ROWS - 100))
        strip.grab()
        figures[arrangement] = {
            "paint": painted - begun,
            "calls": first_calls,
            "jump": time.perf_counter() - painted,
        }
        strip.close()
        loader.shut_down()
    return figures


def _viewer(file: Path) -> dict[str, Any]:
    from PySide6.QtCore import QPointF

    from app.desktop.theme.theme import Theme
    from app.desktop.viewer.image_store import ImageStore
    from app.desktop.viewer.page_viewer import PageViewer
    from archive.imaging.image_source import ImageSource

    application = _application()
    with work_folder(file.parent) as cache:
        store = ImageStore(cache)
        viewer = PageViewer(store, Theme(application))
        viewer.resize(*VIEW)
        viewer.show()
        application.processEvents()
        source = ImageSource.from_file(file)
        watch = _Watch()
        before = _resident()
        figures = {
            "overview": watch.until_painted(viewer, lambda: viewer.show_page("page", source)),
            "full": watch.until(viewer.sharp, lambda: viewer.zoom_to(1.0)),
        }
        if not store.reader.copy_path(source).exists():
            watch.until(store.copy_ready)
        watch.until(viewer.sharp, viewer.zoom_to_fit)
        there = QPointF(200, 200)
        figures["full_with_copy"] = watch.until(viewer.sharp, lambda: viewer.zoom_to(1.0, there))
        figures["growth"] = _peak() - before
        store.shut_down()
    return figures | {"stall": watch.longest_stall}


class _Watch:
    """Waits in the event loop and notes how long it did not turn."""

    def __init__(self) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        self._loop = QEventLoop()
        self._turns: list[float] = []
        self._heart, self._limit = QTimer(), QTimer()
        self._heart.timeout.connect(lambda: self._turns.append(time.perf_counter()))
        self._heart.start(1)
        self._limit.timeout.connect(lambda: self._loop.exit(1))
        self._limit.start(120_000)

    @property
    def longest_stall(self) -> float:
        """Seconds between two turns, at most."""
        return max(later - earlier for earlier, later in itertools.pairwise(self._turns))

    def until(self, signal: Any, action: Callable[[], None] | None = None) -> float:
        """Seconds from an action to a signal."""
        signal.connect(self._loop.quit)
        begun = time.perf_counter()
        if action is not None:
            action()
        if self._loop.exec():
            raise StepFailed(f"No {signal} within two minutes")
        signal.disconnect(self._loop.quit)
        return time.perf_counter() - begun

    def until_painted(self, viewer: PageViewer, action: Callable[[], None]) -> float:
        """Seconds from an action to the first painting with the overview."""
        from PySide6.QtCore import QEvent, QObject

        paintings: list[float] = []

        class Painting(QObject):
            def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
                if event.type() == QEvent.Type.Paint and viewer.overview() is not None and not paintings:
                    watched.event(event)
                    paintings.append(time.perf_counter())
                    return True
                return super().eventFilter(watched, event)

        painting = Painting()
        viewer.installEventFilter(painting)
        begun = time.perf_counter()
        action()
        while not paintings:
            if self._loop.processEvents(self._loop.ProcessEventsFlag.WaitForMoreEvents) and paintings:
                break
            if time.perf_counter() - begun > 120:  # noqa: PLR2004 - seconds
                raise StepFailed("No overview within two minutes")
        viewer.removeEventFilter(painting)
        return paintings[0] - begun


def _pillow(file: Path) -> dict[str, Any]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    before = _resident()
    begun = time.perf_counter()
    with Image.open(file) as image:
        image.load()
        image.thumbnail((OVERVIEW_SIDE, OVERVIEW_SIDE))
    return {"overview": time.perf_counter() - begun, "growth": _peak() - before}


def _copy(file: Path, finest: int = 1) -> dict[str, Any]:
    from archive.imaging.image_source import ImageSource
    from archive.imaging.viewing_pyramid import build_viewing_copy

    with work_folder(file.parent) as folder:
        build_viewing_copy(ImageSource.from_file(file), folder / "copy", finest=finest)
        return {"peak": _peak(), "size": (folder / "copy").stat().st_size}


def _whole_copy(file: Path) -> dict[str, Any]:
    return _copy(file, 0)


CHILDREN: dict[str, Callable[[Path], dict[str, Any]]] = {
    "thumbnails": _thumbnails,
    "viewer": _viewer,
    "pillow": _pillow,
    "copy": _copy,
    "whole_copy": _whole_copy,
}


def _resident() -> int:
    """Resident memory of this process (proc(5), statm)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
