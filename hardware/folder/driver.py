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

from hardware.driver import PageAddress
from hardware.errors import BadOption, FeederEmpty, IncompletePage, InputOutputFailure, ScanCancelled
from hardware.folder.configuration import HotFolder
from hardware.folder.sequence import natural_order
from hardware.frames import FrameFormat, FrameParameters
from hardware.options import OptionDescriptor, OptionType, Range, SetResult, Unit, Value, coerce, find_option
from hardware.scanner import DeviceInfo
from hardware.simulated.glass import Pixels, read_image

POLL = 0.2
"""Seconds between two looks at a file that may still be written."""

SUFFIXES = frozenset({".tif", ".tiff", ".jpg", ".jpeg", ".png"})
"""Files that count, whatever the case of their suffix; hidden ones do not."""

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
        self._pause = pause or self._cancelled.wait
        self._clock = clock
        self._resolution = 300
        self._seen: dict[Path, tuple[tuple[int, int], float]] = {}
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
        """Nothing to do: whoever writes the files loads the folder."""

    def start(self, page: PageAddress) -> None:
        """Wait for the file of a page to be written, and read it.

        Raises:
            FeederEmpty: There is no such file (yet).
            IncompletePage: It does not settle, or does not decode.
            BadOption: It states another resolution than the one that is set.
            ScanCancelled: Somebody cancelled while waiting.
        """
        self._cancelled.clear()
        deadline = self._clock() + self._hot.patience
        while True:
            path = self._file_of(page)
            problem = self._unsettled(path)
            if problem is None:
                try:
                    pixels, stated = read_image(path)
                    # the software may have gone on writing meanwhile
                    self._files(page.item)
                    problem = self._unsettled(path)
                except InputOutputFailure as error:
                    problem = error.message
                if problem is None:
                    break
            if self._clock() >= deadline:
                raise IncompletePage(
                    f"The file of page {page.number} is not whole after {self._hot.patience:g} seconds: {problem}",
                    remedy="Let the capture software write it again, or take it out of the folder.",
                    path=str(path),
                )
            if self._pause(POLL):
                raise ScanCancelled(f"The scan was cancelled while waiting for {path.name}.", by="recto")
        self._require_resolution(path, stated)
        self._pixels, self._rest = pixels, memoryview(pixels.tobytes())

    def _file_of(self, page: PageAddress) -> Path:
        files = self._files(page.item)
        if not 1 <= page.number <= len(files):
            raise FeederEmpty(
                f"There are {len(files)} files in {self._hot.info.id}, so there is no page {page.number} yet.",
                remedy="Capture the next pages into the folder and go on.",
                folder=str(self._hot.folder),
                files=len(files),
            )
        return files[page.number - 1]

    def _files(self, item: str) -> list[Path]:
        """The files that lie there for an item, in their order; takes note of how each looks now."""
        own = self._hot.folder / item
        # an item's name comes from a manifest: it must not lead out of the folder
        inside = bool(item) and own.resolve().is_relative_to(self._hot.folder.resolve())
        folder = own if inside and own.is_dir() else self._hot.folder
        looks: dict[Path, tuple[int, int]] = {}
        try:
            for path in folder.iterdir():
                if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file():
                    status = path.stat()
                    looks[path] = (status.st_mtime_ns, status.st_size)
        except OSError as error:
            raise InputOutputFailure(
                f"The hot folder {folder} cannot be read: {error.strerror}.",
                remedy="Make the folder, or make it readable, and scan again.",
                folder=str(folder),
            ) from error
        now = self._clock()
        for path, look in looks.items():
            if path not in self._seen or self._seen[path][0] != look:
                self._seen[path] = (look, now)
        if self._hot.order == "name":
            return sorted(looks, key=natural_order)
        return sorted(looks, key=lambda path: (looks[path][0], natural_order(path)))

    def _unsettled(self, path: Path) -> str | None:
        (_, size), since = self._seen[path]
        if size == 0:
            return f"{path.name} is empty."
        if self._clock() - since < self._hot.settle:
            return f"{path.name} is still being written."
        return None

    def _require_resolution(self, path: Path, stated: float | None) -> None:
        if stated is None or stated == _UNSTATED:
            return
        if abs(stated - self._resolution) > self._resolution * _SAME_DPI:
            raise BadOption(
                f"{path.name} states {stated:g} dpi, but {self._resolution} dpi were asked for.",
                remedy="Set the capture software, or the resolution of the batch, so that they agree.",
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

    def close(self) -> None:
        """Let the page go."""
        self._pixels, self._rest = None, memoryview(b"")
