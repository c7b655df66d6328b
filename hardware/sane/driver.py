# SPDX-License-Identifier: Apache-2.0
"""A SANE device inside the device process."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from hardware.driver import PageAddress
from hardware.errors import BadOption, DeviceNotFound, Disconnected, UnsupportedFrame
from hardware.frames import FrameFormat, FrameParameters
from hardware.identity import candidates, same_model
from hardware.options import (
    OptionDescriptor,
    OptionType,
    SetResult,
    Value,
    coerce,
    find_option,
)
from hardware.sane import binding
from hardware.sane.binding import Action, Info, Status, Word, status_error
from hardware.sane.connection import NET, connection_stands
from hardware.sane.descriptors import new_buffer, read_descriptor, read_value, write_value
from hardware.sane.library import SaneLibrary, backend_of, loaded_backend
from hardware.scanner import DeviceInfo
from hardware.sources import is_feeder

_FORMATS = (FrameFormat.GRAY, FrameFormat.RGB, FrameFormat.RED, FrameFormat.GREEN, FrameFormat.BLUE)


def _not_found(device_id: str) -> DeviceNotFound:
    return DeviceNotFound(
        f"No SANE device named {device_id.removeprefix('sane:')} answers.", device=device_id
    )


def _moved(
    device_id: str, known: DeviceInfo | None, listed: Sequence[DeviceInfo], claimed: Collection[str]
) -> DeviceInfo:
    """The known device under its name of today.

    Raises:
        DeviceNotFound: It is not there, or it is one of several that cannot be told apart.
    """
    # a name that is listed and does not open is not a place that the device has moved to
    found = candidates(known, [device for device in listed if device.id != device_id]) if known else []
    if not found:
        raise _not_found(device_id)
    free = [device for device in found if device.id not in claimed]
    if len(free) != 1:
        names = [device.id for device in found]
        raise DeviceNotFound(
            f"No SANE device named {device_id.removeprefix('sane:')} answers; "
            f"{len(found)} of the same model {'does' if len(found) == 1 else 'do'}.",
            remedy=f"Choose the one that is meant: {' or '.join(names)}",
            device=device_id,
            candidates=names,
        )
    return free[0]


class SaneDriver:
    """One open SANE device.

    Args:
        library: libsane.
        name: The SANE name of the device, without `sane:`.
        known: The device that had this name before: when it is not there, or another has taken its
            name, it is looked for under other names.
        claimed: Ids of other devices that were opened before: none of them is taken for the known one.

    Raises:
        DeviceNotFound: No device of that name answers, or several may be the known one.
        ScannerError: It answers, but cannot be opened.
    """

    def __init__(
        self,
        library: SaneLibrary,
        name: str,
        known: DeviceInfo | None = None,
        claimed: Collection[str] = (),
    ) -> None:
        self._calls = library.calls
        self._library_version = library.version
        self._handle = ctypes.c_void_p()
        listed = {device.id: device for device in library.devices()}
        self._info = listed.get(f"sane:{name}") or DeviceInfo(
            f"sane:{name}", backend_of(name), "", "", "", simulated=False, driver=f"SANE {library.version}"
        )
        taken = known is not None and bool(self._info.model) and not same_model(known, self._info)
        if taken or not self._open():
            self._info = _moved(self._info.id, known, [*listed.values()], claimed)
            if not self._open():
                raise _not_found(self._info.id)
        self._cancelling = threading.Lock()
        self._descriptors: tuple[OptionDescriptor, ...] = ()
        self._block = bytearray(64 * 1024)
        self._buffer = (ctypes.c_char * len(self._block)).from_buffer(self._block)
        self._reload()

    def _open(self) -> bool:
        """Open the device; returns false when none of that name answers."""
        name = self._info.id.removeprefix("sane:").encode()
        status = self._calls.sane_open(name, ctypes.byref(self._handle))
        if status in {Status.INVAL, Status.UNSUPPORTED}:
            return False
        self._check(status, "sane_open")
        return True

    def version(self) -> str:
        """The versions of libsane and of the file that it loaded for the device's backend; empty without that."""
        backend = loaded_backend(self._info.backend)
        return backend and f"SANE {self._library_version}, {backend}"

    @property
    def info(self) -> DeviceInfo:
        """The device that is open."""
        return self._info

    @property
    def feeds(self) -> bool:
        """Whether the source chosen now is a feeder."""
        source = next((option for option in self._descriptors if option.name == "source"), None)
        if source is not None and source.readable:
            return is_feeder(str(self.get("source")))
        return is_feeder(self._info.type)

    def _check(self, status: int, call: str) -> None:
        if status != Status.GOOD:
            raise status_error(status, self._info.id, call)

    @contextmanager
    def _connection(self) -> Iterator[None]:
        """Around each call that a saned answers: no cancel may speak into it, and its connection must stand."""
        if self._info.backend != NET:
            yield
            return
        # the backend has one connection for all calls, and does not keep the threads apart on it
        with self._cancelling:
            if not connection_stands():
                raise Disconnected(f"The connection to {self._info.id} has ended.", device=self._info.id)
            yield

    # Options

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        """All options, as they stand now."""
        return self._descriptors

    def _reload(self) -> None:
        # option 0 holds the number of options; after RELOAD_OPTIONS a driver refuses every option
        # whose descriptor was not fetched anew
        count = Word()
        self._raw(0)
        status = self._calls.sane_control_option(self._handle, 0, Action.GET_VALUE, ctypes.byref(count), None)
        self._check(status, "sane_control_option")
        options: list[OptionDescriptor] = []
        group = ""
        for index in range(1, count.value):
            options.append(read_descriptor(index, self._raw(index), group))
            if options[-1].type is OptionType.GROUP:
                group = options[-1].title
        self._descriptors = tuple(options)

    def _raw(self, index: int) -> binding.OptionDescriptor:
        pointer = self._calls.sane_get_option_descriptor(self._handle, index)
        if not pointer:
            raise BadOption(f"{self._info.id} does not describe its option {index}.", index=index)
        raw: binding.OptionDescriptor = pointer.contents
        return raw

    def get(self, name: str) -> Value:
        """The value of one option.

        Raises:
            BadOption: There is no such option, or it cannot be read now.
        """
        option = find_option(self._descriptors, name)
        if not option.readable:
            state = "has no value" if option.active else "is inactive with the other settings"
            raise BadOption(f"Option {name!r} {state}.", option=name)
        buffer = new_buffer(option)
        self._control(option, Action.GET_VALUE, buffer)
        return read_value(option, buffer)

    def set(self, name: str, value: Value) -> SetResult:
        """Set one option, press a button, or choose the automatic setting with None.

        Raises:
            BadOption: There is no such option, it cannot be set now, or the value is impossible.
        """
        option = find_option(self._descriptors, name)
        if not (option.active and option.settable):
            state = "is read-only or set by hand" if option.active else "is inactive with the other settings"
            raise BadOption(f"Option {name!r} {state}.", option=name, value=value)
        wanted = coerce(option, value)
        buffer = new_buffer(option)
        automatic = wanted is None and option.type is not OptionType.BUTTON
        if wanted is not None:
            write_value(option, self._raw(option.index), wanted, buffer)
        info = self._control(option, Action.SET_AUTO if automatic else Action.SET_VALUE, buffer)
        actual = read_value(option, buffer) if wanted is not None else None
        if info & Info.RELOAD_OPTIONS:
            self._reload()
        if automatic and option.readable:
            actual = self.get(name)
        return SetResult(
            actual,
            bool(info & Info.INEXACT),
            bool(info & Info.RELOAD_OPTIONS),
            bool(info & Info.RELOAD_PARAMS),
        )

    def _control(self, option: OptionDescriptor, action: Action, buffer: ctypes.Array[ctypes.c_char]) -> Info:
        info = Word()
        value = None if action is Action.SET_AUTO else ctypes.byref(buffer)
        with self._connection():
            status = self._calls.sane_control_option(
                self._handle, option.index, action, value, ctypes.byref(info)
            )
        if status in {Status.INVAL, Status.UNSUPPORTED}:
            raise BadOption(
                f"The device {self._info.id} refuses {action.name} of option {option.name!r}.",
                option=option.name,
                sane_status=status,
            )
        self._check(status, "sane_control_option")
        return Info(info.value & 0b111)

    # Scanning

    def load(self, pages: int | None) -> None:
        """Nothing to do: what lies in a real scanner lies there."""

    def start(self, page: PageAddress) -> None:  # noqa: ARG002  # a real scanner takes what lies there
        """Start the next frame."""
        with self._connection():
            status = self._calls.sane_start(self._handle)
        self._check(status, "sane_start")

    def parameters(self) -> FrameParameters:
        """The frame that was started: only now are its parameters exact (section 4.3.8)."""
        raw = binding.Parameters()
        with self._connection():
            status = self._calls.sane_get_parameters(self._handle, ctypes.byref(raw))
        self._check(status, "sane_get_parameters")
        if not 0 <= raw.format < len(_FORMATS):
            raise UnsupportedFrame(
                f"The device {self._info.id} sends frames of the unknown format {raw.format}.",
                format=raw.format,
            )
        return FrameParameters(
            format=_FORMATS[raw.format],
            last_frame=bool(raw.last_frame),
            bytes_per_line=raw.bytes_per_line,
            pixels_per_line=raw.pixels_per_line,
            lines=raw.lines,
            depth=raw.depth,
        )

    def read(self, size: int) -> memoryview | None:
        """At most `size` bytes of the frame; none when none are there yet; None at its end."""
        length = Word()
        size = min(size, len(self._buffer))
        status = self._calls.sane_read(self._handle, self._buffer, size, ctypes.byref(length))
        if status == Status.EOF:
            return None
        self._check(status, "sane_read")
        return memoryview(self._block)[: max(0, min(length.value, size))]

    def cancel(self) -> None:
        """Stop the frame that runs, or end the batch; never two at once, nor after `close`."""
        with self._cancelling:
            if self._handle:
                self._calls.sane_cancel(self._handle)

    def close(self) -> None:
        """Let the device go."""
        with self._cancelling:
            handle, self._handle = self._handle, ctypes.c_void_p()
        if handle:
            self._calls.sane_close(handle)
