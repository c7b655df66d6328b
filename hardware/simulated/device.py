# SPDX-License-Identifier: Apache-2.0
"""A simulated scanner inside the device process: a mechanism, and the faults that its script gives it."""

from __future__ import annotations

import threading
from dataclasses import replace

from hardware.driver import PageAddress
from hardware.errors import DeviceNotFound, ScanCancelled
from hardware.frames import FrameParameters
from hardware.options import OptionDescriptor, SetResult, Value
from hardware.scanner import DeviceInfo
from hardware.simulated.configuration import SimulatedDevice
from hardware.simulated.fault_record import FaultRecord
from hardware.simulated.faults import Fault, FaultKind
from hardware.simulated.mechanism import Mechanism
from hardware.simulated.mishaps import SLOW_BLOCK, carry_out
from hardware.simulated.models import MODELS


def simulated_info(device: SimulatedDevice) -> DeviceInfo:
    """What is known of a simulated device without opening it."""
    return DeviceInfo(
        id=device.id,
        backend="simulated",
        vendor="Recto",
        model=MODELS[device.kind].name,
        type=MODELS[device.kind].type,
        simulated=True,
        serial=device.serial,
    )


class SimulatedDriver:
    """One simulated device.

    Args:
        device: Which one.

    Raises:
        DeviceNotFound: It has come back under another id since.
    """

    def __init__(self, device: SimulatedDevice) -> None:
        self._device = device
        self._record = FaultRecord(device.fault_record)
        now = device.as_it_answers()
        if now.name != device.name:
            raise DeviceNotFound(
                f"{device.id} does not answer any more.",
                remedy=f"The same device, serial number {device.serial}, answers as {now.id}: open that.",
                device=device.id,
                serial=device.serial,
                candidates=[now.id],
            )
        self._mechanism = Mechanism(device)
        self._cancelled = threading.Event()
        self._page: PageAddress | None = None
        self._ahead: list[tuple[int, Fault]] = []
        self._sent = 0
        self._slow = 0.0
        self._extra = 0
        self._cancel_is_end = False

    @property
    def info(self) -> DeviceInfo:
        """The device that is open."""
        return simulated_info(self._device)

    @property
    def feeds(self) -> bool:
        """Whether the source chosen now is a feeder."""
        return self._mechanism.feeds

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        """All options, as they stand now."""
        return self._mechanism.descriptors()

    def get(self, name: str) -> Value:
        """The value of one option."""
        return self._mechanism.get(name)

    def set(self, name: str, value: Value) -> SetResult:
        """Set one option."""
        return self._mechanism.set(name, value)

    def load(self, pages: int | None) -> None:
        """Fill an empty feeder."""
        self._mechanism.load(pages)

    def start(self, page: PageAddress) -> None:
        """Take in the sheet, or look at the glass.

        Raises:
            FeederEmpty: There is no (further) sheet, or no image for this page on the glass.
            InputOutputFailure: The image on the glass cannot be read.
            ScannerError: Whatever the fault script wants here.
        """
        self._cancelled.clear()
        self._page, self._sent, self._slow, self._extra = page, 0, 0.0, 0
        self._cancel_is_end = False
        due = [fault for fault in self._device.faults if self._is_due(fault, page)]
        seen = page
        for fault in due:
            if fault.kind is FaultKind.DUPLICATE_PAGE:
                # the sheet before lies under the sensor still
                self._record.note(fault)
                seen = replace(page, number=page.number - 1)
            elif fault.line is None and fault.kind is not FaultKind.EARLY_EOF:
                self._happen(fault)
        self._mechanism.start(seen)
        frame = self._mechanism.parameters()
        self._ahead = sorted(
            (
                (fault.row(frame.lines) * frame.bytes_per_line, fault)
                for fault in due
                if fault.line is not None or fault.kind is FaultKind.EARLY_EOF
            ),
            key=lambda ahead: ahead[0],
        )

    def _is_due(self, fault: Fault, page: PageAddress) -> bool:
        here = fault.page in {None, page.number} and fault.item in {"", page.item}
        return here and (fault.times is None or self._record.times(fault) < fault.times)

    def _happen(self, fault: Fault) -> None:
        """Note a fault and carry it out.

        Raises:
            ScannerError: The fault is an error.
        """
        self._record.note(fault)
        match fault.kind:
            case FaultKind.SLOW:
                self._slow = SLOW_BLOCK if fault.seconds is None else fault.seconds
            case FaultKind.EXTRA_BYTES:
                self._extra = fault.extra
            case FaultKind.CANCEL_RETURNS_EOF:
                self._cancel_is_end = True
            case _:
                if fault.new_id:
                    self._record.note_replugged()
                carry_out(fault, self._device.id, self._page)

    def parameters(self) -> FrameParameters:
        """The frame that was started."""
        return self._mechanism.parameters()

    def read(self, size: int) -> bytes | memoryview | None:
        """At most `size` bytes of the page; None at its end.

        Raises:
            ScanCancelled: Somebody cancelled.
            ScannerError: Whatever the fault script wants here.
        """
        while self._ahead and self._ahead[0][0] <= self._sent:
            _, fault = self._ahead.pop(0)
            if fault.kind is FaultKind.EARLY_EOF:
                self._record.note(fault)
                return None
            self._happen(fault)
        self._cancelled.wait(self._slow)
        if self._ahead:
            size = min(size, self._ahead[0][0] - self._sent)
        try:
            block = self._mechanism.read(size)
        except ScanCancelled:
            if self._cancel_is_end:
                return None
            raise
        if block is None and self._extra:
            block, self._extra = memoryview(bytes(self._extra)[:size]), max(0, self._extra - size)
        self._sent += len(block or b"")
        return block

    def cancel(self) -> None:
        """Stop the page that runs."""
        self._cancelled.set()
        self._mechanism.cancel()

    def close(self) -> None:
        """Let the page go."""
        self._mechanism.close()
