# SPDX-License-Identifier: Apache-2.0
"""A hot folder as a device: overhead cameras and other capture software write files, Recto takes them as pages.

Page n of an item is the n-th file of `<folder>/<item>`, or of the folder itself where there is none: what was
interrupted goes on with the same file, and a page that is scanned again comes from the same file again.
Nothing in the folder is moved, changed or removed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from hardware.driver import PageAddress
from hardware.errors import BadOption, FeederEmpty, IncompletePage, InputOutputFailure, ScanCancelled
from hardware.folder.arrivals import Arrivals
from hardware.folder.configuration import HotFolder
from hardware.folder.rendition import Rendition, render
from hardware.folder.shots import Shot
from hardware.folder.watch import FolderWatch
from hardware.frames import FrameFormat, FrameParameters
from hardware.options import OptionDescriptor, OptionType, Range, SetResult, Unit, Value, coerce, find_option
from hardware.originals import SourceFile
from hardware.scanner import DeviceInfo
from hardware.simulated.glass import Pixels

SETTLING = 0.2
"""Seconds between two looks at a file that may still be written."""

WATCHING = 5.0
"""Seconds between two looks at a folder that is watched: even a kernel drops what comes too fast."""

_UNSTATED = 72.0
"""Dots per inch that cameras write when they know nothing: EXIF 2.32, section 4.6.5, default of XResolution."""

_SAME_DPI = 0.01
"""Part by which a stated resolution may differ: PNG stores it in whole pixels a metre."""

_RESOLUTION = OptionDescriptor(
    index=1,
    name="resolution",
    title="Resolution",
    description="What the capture software is set to; files that state another resolution are refused.",
    type=OptionType.INT,
    unit=Unit.DPI,
    constraint=Range(50, 4800, 1),
)


class FolderDriver:
    """One hot folder inside the device process.

    Args:
        hot: Which one.
        pause: Waits for so many seconds; returns whether somebody cancelled.
        clock: Seconds, always forward.
    """

    def __init__(
        self,
        hot: HotFolder,
        pause: Callable[[float], bool] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hot = hot
        self._cancelled = threading.Event()
        self._pause = pause or self._watched_pause
        self._clock = clock
        self._arrivals = Arrivals(hot, clock)
        self._woken = threading.Event()
        self._watch: FolderWatch | None = None
        self._resolution = 300
        self._counted = False
        self._unreadable: tuple[tuple[Shot, tuple[tuple[int, int], ...]], str] | None = None
        self._source: SourceFile | None = None
        self._pixels: Pixels | None = None
        self._rest = memoryview(b"")

    @property
    def info(self) -> DeviceInfo:
        """The device that is open."""
        return self._hot.info

    @property
    def feeds(self) -> bool:
        """A folder goes on by itself until there is no further file."""
        return True

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        """The only option: the resolution that files must have."""
        return (_RESOLUTION,)

    def get(self, name: str) -> Value:
        """The value of one option."""
        find_option(self.descriptors(), name)
        return self._resolution

    def set(self, name: str, value: Value) -> SetResult:
        """Set one option.

        Raises:
            BadOption: There is no such option, or the value is impossible.
        """
        option = find_option(self.descriptors(), name)
        wanted = coerce(option, value)
        limits = option.constraint
        if not isinstance(wanted, int) or not isinstance(limits, Range):
            raise BadOption(f"Option {name!r} takes a whole number.", option=name, value=value)
        self._resolution = int(min(max(wanted, limits.minimum), limits.maximum))
        return SetResult(self._resolution, self._resolution != wanted, reload_parameters=True)

    def load(self, pages: int | None) -> None:
        """Be told whether a certain number of pages is wanted: only then is there a next file to wait for."""
        self._counted = pages is not None

    def start(self, page: PageAddress) -> None:
        """Wait for the file of a page to be written, and read it.

        Raises:
            FeederEmpty: There is no such file (yet).
            IncompletePage: It does not settle, or does not decode.
            BadOption: It states another resolution than the one that is set.
            DriverMissing: It is a raw file, and what reads these is not installed.
            ScanCancelled: Somebody cancelled while waiting.
        """
        self._cancelled.clear()
        self._source, self._pixels, self._rest = None, None, memoryview(b"")
        self._await_shot(page)
        deadline = self._clock() + self._hot.patience
        while True:
            shot = self._shot_of(page)
            rendition, problem = self._read_if_whole(shot)
            if rendition is not None:
                break
            if self._clock() >= deadline:
                raise IncompletePage(
                    f"The file of page {page.number} is not whole after {self._hot.patience:g} seconds: {problem}",
                    remedy="Let the capture software write it again, or take it out of the folder.",
                    path=str(shot.image),
                )
            self._rest_for(SETTLING, shot.image.name)
        self._require_resolution(shot.image, rendition.dpi)
        self._source = _original(shot, rendition)
        self._pixels = np.ascontiguousarray(rendition.pixels)
        self._rest = self._pixels.data.cast("B")

    def _await_shot(self, page: PageAddress) -> None:
        deadline = self._clock() + (self._hot.wait if self._counted else 0.0)
        while True:
            try:
                self._shot_of(page)
            except FeederEmpty:
                left = deadline - self._clock()
                if left <= 0:
                    raise
                self._rest_for(min(left, WATCHING), f"file {page.number}")
            else:
                return

    def _shot_of(self, page: PageAddress) -> Shot:
        found = self._arrivals.look(page.item)
        if not 1 <= page.number <= len(found):
            raise FeederEmpty(
                f"There are {len(found)} files in {self._hot.info.id}, so there is no page {page.number} yet.",
                remedy="Capture the next pages into the folder and go on.",
                folder=str(self._hot.folder),
                files=len(found),
            )
        return found[page.number - 1]

    def _read_if_whole(self, shot: Shot) -> tuple[Rendition | None, str]:
        """What a page's file holds, or why it is not whole yet."""
        problem = self._arrivals.unsettled(shot)
        if problem is not None:
            return None, problem
        looks = self._arrivals.looks(shot)
        if self._unreadable is not None and self._unreadable[0] == (shot, looks):
            # not again before somebody writes it: raw files take seconds
            return None, self._unreadable[1]
        try:
            rendition = render(shot.image)
        except InputOutputFailure as error:
            self._unreadable = (shot, looks), error.message
            return None, error.message
        # the software may have gone on writing meanwhile
        if self._arrivals.changed(shot):
            return None, f"{shot.image.name} is still being written."
        return rendition, ""

    def _rest_for(self, seconds: float, awaited: str) -> None:
        if self._pause(seconds):
            raise ScanCancelled(f"The scan was cancelled while waiting for {awaited}.", by="recto")

    def _watched_pause(self, seconds: float) -> bool:
        """Wait until something was written, or so many seconds; returns whether somebody cancelled."""
        if self._watch is None:
            self._watch = FolderWatch(self._hot.folder, self._woken.set, poll=self._hot.poll)
            # what was written before the watch began must be looked for once more
            return self._cancelled.is_set()
        if seconds > SETTLING:
            self._woken.wait(seconds)
            self._woken.clear()
            return self._cancelled.is_set()
        # a file that grows would wake us all the time
        return self._cancelled.wait(seconds)

    def original(self) -> SourceFile | None:
        """The file behind the page that was started, when its pixels do not say all that it says."""
        return self._source

    def _require_resolution(self, path: Path, stated: float | None) -> None:
        if stated is None or stated == _UNSTATED:
            return
        if abs(stated - self._resolution) > self._resolution * _SAME_DPI:
            raise BadOption(
                f"{path.name} states {stated:g} dpi, but {self._resolution} dpi were asked for.",
                remedy=f"Ask for a resolution of {round(stated)}, or set the capture software to {self._resolution} dpi.",
                path=str(path),
                stated=stated,
            )

    def parameters(self) -> FrameParameters:
        """The frame that was started: the pixels of the file as they are."""
        if self._pixels is None:
            raise InputOutputFailure("No page was started.")
        height, width = self._pixels.shape[:2]
        colour = self._pixels.ndim == 3  # noqa: PLR2004  # axes
        depth = self._pixels.itemsize * 8
        bytes_per_line = width * (3 if colour else 1) * depth // 8
        return FrameParameters(
            FrameFormat.RGB if colour else FrameFormat.GRAY, True, bytes_per_line, width, height, depth
        )

    def read(self, size: int) -> memoryview | None:
        """At most `size` bytes of the page; None at its end.

        Raises:
            ScanCancelled: Somebody cancelled.
        """
        if self._cancelled.is_set():
            raise ScanCancelled(f"The scan of {self._hot.info.id} was cancelled.", by="recto")
        block, self._rest = self._rest[:size], self._rest[size:]
        return block or None

    def cancel(self) -> None:
        """Stop waiting, or reading."""
        self._cancelled.set()
        self._woken.set()

    def close(self) -> None:
        """Let the page go, and watch no longer."""
        self._source, self._pixels, self._rest = None, None, memoryview(b"")
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()


def _original(shot: Shot, rendition: Rendition) -> SourceFile | None:
    if shot.raw is not None:
        return SourceFile(shot.raw, f"the capture software wrote {shot.image.name}", None)
    if rendition.how:
        return SourceFile(shot.image, rendition.how, rendition.sha256, rendition.color_space)
    return None
