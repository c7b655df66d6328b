# SPDX-License-Identifier: Apache-2.0
"""A simulated scanner inside the device process: a mechanism, and the faults that its script gives it."""

from __future__ import annotations

import threading
from dataclasses import replace

from hardware.device_description import load_description
from hardware.driver import PageAddress
from hardware.errors import DeviceNotFound, ScanCancelled
from hardware.frames import FrameParameters
from hardware.options import OptionDescriptor, SetResult, Value
from hardware.scanner import DeviceInfo
from hardware.simulated.clock import Clock, ScaledClock
from hardware.simulated.configuration import SimulatedDevice
from hardware.simulated.controls import Controls
from hardware.simulated.described import DescribedOptions
from hardware.simulated.fault_record import FaultRecord
from hardware.simulated.faults import QUIRKS, Fault, FaultKind, ends_data
from hardware.simulated.handle import Handle
from hardware.simulated.mechanism import Mechanism
from hardware.simulated.mishaps import SLOW_BLOCK, carry_out
from hardware.simulated.models import MODELS
from hardware.simulated.options import SimulatedOptions


def simulated_info(device: SimulatedDevice) -> DeviceInfo:
    """What is known of a simulated device without opening it.

    Raises:
        DescriptionInvalid: It is described by a file that is no description.
    """
    described = stands_for(device)
    return DeviceInfo(
        id=device.id,
        backend="simulated",
        vendor=described.vendor if described else "Recto",
        model=described.model if described else MODELS[device.kind].name,
        type=described.type if described else MODELS[device.kind].type,
        simulated=True,
        serial=device.serial,
    )


def stands_for(device: SimulatedDevice) -> DeviceInfo | None:
    """The device that a described one stands for; None for all others.

    Raises:
        DescriptionInvalid: Its file is no description.
    """
    return load_description(device.description).device if device.description else None


def quirky(device: SimulatedDevice) -> DeviceInfo | None:
    """The real device whose quirks a described one has; simulated ones have none.

    Raises:
        DescriptionInvalid: Its file is no description.
    """
    described = stands_for(device)
    return described if described and not described.simulated else None


def _controls(device: SimulatedDevice) -> Controls:
    if device.description is None:
        return SimulatedOptions(device)
    return DescribedOptions(load_description(device.description))


class SimulatedDriver:
    """One simulated device.

    Args:
        device: Which one.
        clock: What it waits by; real time, scaled as the device says, when left out.

    Raises:
        DeviceNotFound: It has come back under another id since.
        DescriptionInvalid: It is described by a file that is no description.
    """

    def __init__(self, device: SimulatedDevice, clock: Clock | None = None) -> None:
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
        self._info = simulated_info(device)
        self._clock = clock or ScaledClock(device.time_scale)
        controls = _controls(device)
        self._handle = Handle(controls)
        self._mechanism = Mechanism(device, controls, self._clock)
        self._cancelled = threading.Event()
        self._page: PageAddress | None = None
        self._armed: set[FaultKind] = set()
        self._ahead: list[tuple[int, Fault]] = []
        self._ready_after: dict[Fault, float] = {}
        self._same: PageAddress | None = None
        self._stuck: Fault | None = None
        self._lost = 0
        self._sent = 0
        self._slow = 0.0
        self._extra = 0
        self._padding = 0
        self._ended = False

    @property
    def info(self) -> DeviceInfo:
        """The device that is open."""
        return self._info

    @property
    def feeds(self) -> bool:
        """Whether the source chosen now is a feeder."""
        return self._mechanism.feeds

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        """All options, as they stand now."""
        return self._handle.descriptors()

    def get(self, name: str) -> Value:
        """The value of one option."""
        return self._handle.get(name)

    def set(self, name: str, value: Value) -> SetResult:
        """Set one option."""
        return self._handle.set(name, value)

    def load(self, pages: int | None) -> None:
        """Fill an empty feeder."""
        if not self._mechanism.sheet_waits:
            self._lost = 0
        self._same = None
        self._mechanism.load(pages)

    def start(self, page: PageAddress) -> None:
        """Take in the sheet, or look at the glass.

        Raises:
            FeederEmpty: There is no (further) sheet, or no image for this page on the glass.
            InputOutputFailure: The image on the glass cannot be read.
            ScannerError: Whatever the fault script wants here.
        """
        self._cancelled.clear()
        self._page, self._sent, self._slow, self._extra, self._padding = page, 0, 0.0, 0, 0
        self._armed, self._ended = set(), False
        if self._stuck:
            carry_out(self._stuck, self._device.id, page, self._clock)
        self._refuse_until_ready()
        due = [fault for fault in self._device.faults if self._is_due(fault, page)]
        for fault in due:
            if fault.line is None and fault.kind is not FaultKind.EARLY_EOF:
                self._happen(fault)
        height_known = FaultKind.UNKNOWN_HEIGHT not in self._armed
        self._mechanism.start(self._seen(page), padding=self._padding, height_known=height_known)
        self._handle.begin_scan()
        bytes_per_line = self._mechanism.parameters().bytes_per_line
        self._ahead = sorted(
            (
                (fault.row(self._mechanism.rows) * bytes_per_line, fault)
                for fault in due
                if fault.line is not None or fault.kind is FaultKind.EARLY_EOF
            ),
            key=lambda ahead: ahead[0],
        )

    def _seen(self, page: PageAddress) -> PageAddress:
        """The page that really lies under the sensor when this one is asked for."""
        seen = replace(page, number=page.number + self._lost)
        if FaultKind.DUPLICATE_PAGE in self._armed:
            seen = replace(seen, number=seen.number - 1)
        if FaultKind.FLATBED_NEVER_EMPTY in self._armed:
            self._mechanism.keep_sheet()
            seen = self._same = self._same or seen
        return seen

    def _is_due(self, fault: Fault, page: PageAddress) -> bool:
        here = fault.page in {None, page.number} and fault.item in {"", page.item}
        return here and (fault.times is None or self._record.times(fault) < fault.times)

    def _refuse_until_ready(self) -> None:
        """Let a device that is busy or cold for some seconds be that until they are over."""
        for fault, moment in [*self._ready_after.items()]:
            if not self._clock.reached(moment):
                carry_out(fault, self._device.id, self._page, self._clock)
            del self._ready_after[fault]

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
            case FaultKind.PADDED_LINES:
                self._padding = fault.extra
            case kind if kind in QUIRKS:
                self._armed.add(kind)
            case kind:
                if kind is FaultKind.STALE_JAM:
                    self._stuck = fault
                if fault.new_id:
                    self._record.note_replugged()
                if fault.seconds is not None and kind is not FaultKind.HANG:
                    self._ready_after[fault] = self._clock.after(fault.seconds)
                carry_out(fault, self._device.id, self._page, self._clock)

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
            if ends_data(fault):
                self._record.note(fault)
                return None
            self._happen(fault)
        self._clock.wait(self._slow, self._cancelled)
        if self._ahead:
            size = min(size, self._ahead[0][0] - self._sent)
        try:
            block = self._mechanism.read(size)
        except ScanCancelled:
            if FaultKind.CANCEL_RETURNS_EOF in self._armed:
                return None
            raise
        if block is None and self._extra:
            block, self._extra = memoryview(bytes(self._extra)[:size]), max(0, self._extra - size)
        self._ended = block is None
        self._sent += len(block or b"")
        return block

    def cancel(self) -> None:
        """Stop the page that runs, or end the batch."""
        self._cancelled.set()
        self._mechanism.cancel()
        self._handle.end_scan()
        dropped = self._ended and FaultKind.PREFETCH_DROPPED_ON_CANCEL in self._armed
        if dropped and self._mechanism.sheet_waits:
            # it was taken in already while the page before was read
            self._ended = False
            self._lost += 1
            self._mechanism.lose_sheet()

    def close(self) -> None:
        """Let the page go."""
        self._mechanism.close()
