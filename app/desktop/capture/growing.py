# SPDX-License-Identifier: Apache-2.0
"""The page that grows on screen while it arrives: its rows are read from the file in the making, in a thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.desktop.operation import Operation, OperationContext, Operations
from hardware.scanner import PageStarted
from hardware.spool import part_path, raw_path

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SECONDS_BETWEEN_LOOKS = 0.1
"""Painting more often would cost and show nothing more."""

LONGEST_SIDE = 1400
"""Pixels of the picture that is shown while a page comes; the whole page is shown sharp when it is there."""

GUESSED_SHAPE = 1.42
"""Height to width of a page whose height the device does not know yet: that of A4."""

NOT_YET = 0x5A
"""What rows look like that have not come: the grey that surrounds images."""

_LANE = "growing page"


class RowsSoFar:
    """The rows of a page that have come so far, as a small picture.

    Args:
        started: What the device said when the page started.
        part: The file in the making.

    Raises:
        ValueError: The rows of this page cannot be shown before it is complete.
    """

    def __init__(self, started: PageStarted, part: Path) -> None:
        import numpy as np

        if not can_be_shown(started):
            raise ValueError(f"The rows of this page come in an order that cannot be shown: {started}")
        self._started = started
        self._part = part
        self._row_bytes = (started.width * started.samples_per_pixel * started.bits_per_sample + 7) // 8
        height = started.height or round(started.width * GUESSED_SHAPE)
        self._step = max(1, -(-max(height, started.width) // LONGEST_SIDE))
        rows, columns = -(-height // self._step), -(-started.width // self._step)
        self._picture: NDArray[np.uint8] = np.full(
            (rows, columns, started.samples_per_pixel), NOT_YET, np.uint8
        )
        self._shown = 0

    @property
    def share(self) -> float:
        """How much of the page is shown, from 0 to 1."""
        return self._shown / int(self._picture.shape[0])

    def read(self) -> bool:
        """Read the rows that have come since the last time.

        Returns:
            Whether there were any.

        Raises:
            OSError: The file cannot be read.
        """
        try:
            with self._part.open("rb", buffering=0) as file:
                here = file.seek(0, 2) - self._started.pixel_offset
                whole = max(0, here) // self._row_bytes
                wanted = min(-(-whole // self._step), self._picture.shape[0])
                before = self._shown
                while self._shown < wanted:
                    file.seek(self._started.pixel_offset + self._shown * self._step * self._row_bytes)
                    self._picture[self._shown] = self._samples(file.read(self._row_bytes))
                    self._shown += 1
        except FileNotFoundError:
            # complete or void by now: whoever started this hears of it
            return False
        return self._shown > before

    def _samples(self, row: bytes) -> NDArray[np.uint8]:
        import numpy as np

        started = self._started
        if started.bits_per_sample == 1:
            bits = np.unpackbits(np.frombuffer(row, np.uint8))[: started.width : self._step]
            ink = bits if started.photometric == "white_is_zero" else 1 - bits
            return (255 * (1 - ink)).astype(np.uint8)[:, None]
        samples = np.frombuffer(row, np.uint8)
        if started.bits_per_sample == 16:  # noqa: PLR2004  # bits
            # little-endian: the second byte is the one that can be seen
            samples = samples[1::2]
        return samples.reshape(started.width, started.samples_per_pixel)[:: self._step]

    def image(self) -> QImage:
        """The picture, in memory of its own; rows that have not come are grey."""
        height, width, samples = self._picture.shape
        form = QImage.Format.Format_RGB888 if samples == 3 else QImage.Format.Format_Grayscale8  # noqa: PLR2004
        return QImage(self._picture.tobytes(), width, height, width * samples, form).copy()


def can_be_shown(started: PageStarted) -> bool:
    """Whether the rows of a page can be shown before it is complete."""
    return started.bits_per_sample > 0 and started.samples_per_pixel > 0


class GrowingPage(QObject):
    """Follows the page that is being scanned; it reads in a thread and tells at most ten times a second.

    Args:
        operations: Where the reading runs.
        parent: Owner.
    """

    grown = Signal(QImage, float)
    """The picture as far as it has come, and its share from 0 to 1."""

    def __init__(self, operations: Operations, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._operations = operations
        self._operation: Operation | None = None

    def follow(self, started: PageStarted, spool: Path) -> None:
        """Show this page from now on, and no other."""
        self.stop()
        if can_be_shown(started):
            rows = RowsSoFar(started, part_path(raw_path(spool, started.number)))
            operation = self._operations.run(
                self.tr("Show the page as it arrives"),
                lambda context: _watch(rows, context),
                lane=_LANE,
                on_failure=lambda _failure: (
                    None
                ),  # a picture that cannot be shown yet is shown when it is whole
            )
            operation.told.connect(self._tell)
            self._operation = operation

    def stop(self) -> None:
        """The page is complete, or will not be."""
        if self._operation is not None:
            self._operation.cancel()
            self._operation.told.disconnect(self._tell)
            self._operation = None

    def _tell(self, told: tuple[QImage, float]) -> None:
        self.grown.emit(*told)


def _watch(rows: RowsSoFar, context: OperationContext) -> None:
    while not context.cancelled.is_set():
        if rows.read():
            context.tell((rows.image(), rows.share))
        context.cancelled.wait(SECONDS_BETWEEN_LOOKS)
