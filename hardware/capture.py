# SPDX-License-Identifier: Apache-2.0
"""Capturing pages from a driver into the spool: the loop that runs inside the device process.

A page is complete only when each of its frames ended by itself, with the rows that were announced,
and nobody cancelled: an end of data alone proves nothing, because drivers also report it after a cancel.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from hardware.driver import Driver, PageAddress
from hardware.errors import (
    Disconnected,
    FeederEmpty,
    IncompletePage,
    ScanCancelled,
    ScannerError,
    UnsupportedFrame,
)
from hardware.frames import (
    PASSES,
    FrameFormat,
    FrameParameters,
    FrameRows,
    PageLayout,
    page_layout,
)
from hardware.options import Value, read_values
from hardware.originals import Original, keep_original
from hardware.scanner import (
    BatchEnded,
    PageCompleted,
    PageEvent,
    PageFile,
    PageProgress,
    PageStarted,
    PageVoid,
    ScanRequest,
)
from hardware.spool import facts_path, raw_path, spool_errors, write_facts
from hardware.spool_file import PIXEL_OFFSET, SpoolFile
from hardware.waiting import NOT_READY, BackOff, Wait

BLOCK = 64 * 1024
"""Bytes asked of the driver at once: drivers are drained quickly, and small reads cost most."""

IDLE = 0.01
"""Seconds to wait after a read without bytes."""

PROGRESS = 0.1
"""Seconds between two reports of progress."""

Phase = Literal["open", "option", "start", "read", "store"]
"""What the driver is at; each phase has its own limit of time."""

Emit = Callable[[PageEvent], None]
EnterPhase = Callable[[Phase], None]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class ScanControl:
    """What a running scan listens and speaks to.

    Attributes:
        cancelled: Set by another thread to stop the scan.
        emit: Takes the events.
        enter: Is told each phase as it begins.
        read_timeout: Seconds without a byte after which the device counts as gone.
        busy: How long to wait for a device that is busy or warming up.
    """

    cancelled: threading.Event
    emit: Emit
    enter: EnterPhase
    read_timeout: float
    busy: BackOff = field(default_factory=BackOff)


def capture_batch(
    driver: Driver, request: ScanRequest, requested: dict[str, Value], control: ScanControl
) -> None:
    """Capture pages until the limit, the end of the feeder, a cancel or an error.

    Between the sheets of a feeder the driver is never cancelled: some would drop the sheet, or the
    reverse side, that they have already taken in. It is cancelled once at the end, as SANE asks.

    Raises:
        FeederEmpty: There was not even one sheet.
        ScannerError: Whatever ended the batch; a page in work was reported as void before.
    """
    # a flatbed would deliver the same sheet for ever
    limit = request.pages if driver.feeds else 1
    driver.load(limit)
    options = record_options(driver, requested)
    done = 0
    try:
        while limit is None or done < limit:
            number = request.first_page + done
            try:
                _Page(driver, request, number, options, control).capture()
            except FeederEmpty:
                if done == 0:
                    raise
                control.emit(BatchEnded("feeder_empty"))
                return
            except ScanCancelled:
                control.emit(BatchEnded("cancelled"))
                return
            done += 1
        control.emit(BatchEnded("limit"))
    finally:
        try:
            # a carriage that travels home may hold the driver for a while
            control.enter("start")
        finally:
            driver.cancel()


def record_options(driver: Driver, requested: dict[str, Value]) -> dict[str, dict[str, Value]]:
    """What was asked of each option and what the device has; vectors only when they were asked for."""
    actual = read_values(driver)
    scalar = {option.name for option in driver.descriptors() if option.length == 1}
    names = [name for name in actual if name in scalar or name in requested]
    names += [name for name in requested if name not in actual]
    return {name: {"requested": requested.get(name), "actual": actual.get(name)} for name in names}


def _resolution(options: dict[str, dict[str, Value]]) -> tuple[float, float]:
    """Horizontal and vertical dpi: devices have one option for both, one for each, or one and the other."""
    both = _number(options, "resolution")
    return _number(options, "x-resolution") or both, _number(options, "y-resolution") or both


def _number(options: dict[str, dict[str, Value]], name: str) -> float:
    actual = options.get(name, {}).get("actual")
    return float(actual) if isinstance(actual, (int, float)) else 0.0


class _Page:
    """One page on its way from the driver to the spool."""

    def __init__(
        self,
        driver: Driver,
        request: ScanRequest,
        number: int,
        options: dict[str, dict[str, Value]],
        control: ScanControl,
    ) -> None:
        self._driver = driver
        self._request = request
        self._number = number
        self._options = options
        self._control = control
        self._received = 0
        self._reported = 0.0
        self._started = False
        self._planes: dict[FrameFormat, SpoolFile] = {}
        self._original: Original | None = None

    def capture(self) -> None:
        """Capture the page; on an error nothing of it stays in the spool."""
        destination = raw_path(self._request.spool, self._number)
        # the facts of an earlier scan of this page must never stand beside the pixels of this one
        earlier = facts_path(self._request.spool, self._number)
        with spool_errors(earlier):
            earlier.unlink(missing_ok=True)
        started_at = _now()
        with ExitStack() as stack:
            stack.callback(self._discard_planes)
            try:
                frame = self._start()
                spool = SpoolFile(destination, PIXEL_OFFSET)
                stack.callback(spool.discard)
                rows = self._receive(frame, spool)
                self._control.enter("store")
                layout = page_layout(frame)
                self._merge(spool, layout, rows)
                self._refuse_cancelled()
                self._original = keep_original(self._driver, self._request.spool, self._number)
                spool.commit()
                page = self._page_file(destination, spool, layout, rows, started_at)
                self._write_facts(page)
            except ScannerError as error:
                if self._started:
                    self._control.emit(PageVoid(self._number, error))
                raise
        self._control.emit(PageCompleted(page))

    def _write_facts(self, page: PageFile) -> None:
        try:
            write_facts(self._request.spool, self._number, page.to_json())
        except ScannerError:
            # pixels without facts count for nothing
            page.path.unlink(missing_ok=True)
            raise

    def _page_file(
        self, path: Path, spool: SpoolFile, layout: PageLayout, rows: int, started_at: str
    ) -> PageFile:
        return PageFile(
            path=path,
            number=self._number,
            width=layout.width,
            height=rows,
            bits_per_sample=layout.bits_per_sample,
            samples_per_pixel=layout.samples_per_pixel,
            photometric=layout.photometric,
            pixel_sha256=spool.sha256,
            dpi=_resolution(self._options),
            options=self._options,
            device=self._driver.info,
            started_at=started_at,
            finished_at=_now(),
            bytes_received=self._received,
            complete=True,
            original=self._original,
            pixel_offset=spool.offset,
        )

    def _start(self) -> FrameParameters:
        self._refuse_cancelled()
        self._control.enter("start")
        try:
            self._start_when_ready(PageAddress(self._request.batch, self._request.item, self._number))
            frame = self._driver.parameters()
        except ScannerError:
            # whatever a driver says when it is cancelled while it starts, it was cancelled
            self._refuse_cancelled()
            raise
        self._refuse_cancelled()
        return frame

    def _start_when_ready(self, page: PageAddress) -> None:
        wait = Wait(self._control.busy)
        while True:
            try:
                return self._driver.start(page)
            except NOT_READY as error:
                self._refuse_cancelled()
                waiting = wait.after(error)
            self._control.emit(waiting)
            self._control.cancelled.wait(waiting.pause)
            self._refuse_cancelled()

    def _refuse_cancelled(self) -> None:
        if self._control.cancelled.is_set():
            raise ScanCancelled(
                f"The scan was cancelled at page {self._number}.", by="recto", page=self._number
            )

    def _receive(self, first: FrameParameters, spool: SpoolFile) -> int:
        """All frames of the page; returns its rows. Passes of a three-pass page go to files of their own."""
        if first.format in {FrameFormat.GRAY, FrameFormat.RGB}:
            return self._receive_frame(first, spool)
        rows: set[int] = set()
        frame = first
        while True:
            if frame.format not in PASSES or frame.format in self._planes or not _alike(frame, first):
                raise UnsupportedFrame(
                    f"Page {self._number} came in frames that do not make one picture.",
                    frames=[*map(str, self._planes), str(frame.format)],
                )
            plane = SpoolFile(spool.destination.with_suffix(f".raw.{frame.format}"))
            self._planes[frame.format] = plane
            rows.add(self._receive_frame(frame, plane))
            plane.flush()
            if len(self._planes) == len(PASSES):
                break
            if frame.last_frame:
                raise IncompletePage(
                    f"Page {self._number} ended after {len(self._planes)} of three colours.",
                    frames=[*map(str, self._planes)],
                )
            frame = self._start()
        if len(rows) > 1:
            raise IncompletePage(f"The colours of page {self._number} differ in height.", rows=sorted(rows))
        return rows.pop()

    def _receive_frame(self, frame: FrameParameters, spool: SpoolFile) -> int:
        rows = FrameRows(frame, spool.write)
        silent_since: float | None = None
        while True:
            try:
                block = self._driver.read(BLOCK)
            except ScannerError:
                self._refuse_cancelled()
                raise
            self._refuse_cancelled()
            if block is None:
                return rows.finish()
            if len(block):
                silent_since = None
                if rows.received == 0:
                    self._control.enter("read")
                self._report(frame, len(block))
                rows.feed(block)
            else:
                silent_since = silent_since or time.monotonic()
                self._wait_for_bytes(silent_since)

    def _wait_for_bytes(self, silent_since: float) -> None:
        # a lost network scanner answers "good, no bytes" for ever: that is not life
        if time.monotonic() - silent_since > self._control.read_timeout:
            raise Disconnected(
                f"The device sent nothing for {self._control.read_timeout:g} seconds "
                f"after {self._received} bytes of page {self._number}.",
                page=self._number,
                bytes_received=self._received,
            )
        self._control.cancelled.wait(IDLE)

    def _report(self, frame: FrameParameters, count: int) -> None:
        self._received += count
        total = frame.total_bytes
        if total is not None and frame.format in PASSES:
            total *= len(PASSES)
        if not self._started:
            self._started = True
            self._control.emit(self._page_started(frame))
        elif time.monotonic() - self._reported < PROGRESS:
            return
        self._reported = time.monotonic()
        self._control.emit(PageProgress(self._number, self._received, total))

    def _page_started(self, frame: FrameParameters) -> PageStarted:
        height = None if frame.lines < 0 else frame.lines
        if frame.format in PASSES:
            # the passes lie in files of their own until all have come
            return PageStarted(self._number, frame.pixels_per_line, height)
        layout = page_layout(frame)
        return PageStarted(
            number=self._number,
            width=layout.width,
            height=height,
            bits_per_sample=layout.bits_per_sample,
            samples_per_pixel=layout.samples_per_pixel,
            photometric=layout.photometric,
            pixel_offset=PIXEL_OFFSET,
        )

    def _merge(self, spool: SpoolFile, layout: PageLayout, rows: int) -> None:
        if not self._planes:
            return
        from hardware.samples import interleave

        paths = {colour: plane.part for colour, plane in self._planes.items()}
        with spool_errors(spool.part):
            for block in interleave(paths, layout, rows):
                self._refuse_cancelled()
                spool.write(block)

    def _discard_planes(self) -> None:
        for plane in self._planes.values():
            with suppress(OSError):
                plane.discard()


def _alike(frame: FrameParameters, first: FrameParameters) -> bool:
    return (frame.pixels_per_line, frame.depth) == (first.pixels_per_line, first.depth)
