# SPDX-License-Identifier: Apache-2.0
"""libsane as a whole: started once a process, and asked which devices there are."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path

from hardware.credentials import Credentials
from hardware.errors import DriverMissing
from hardware.sane import binding
from hardware.sane.authorization import authorization_callback
from hardware.sane.binding import Status, Word, decode, status_error
from hardware.sane.usb_serial import usb_serial
from hardware.scanner import DeviceInfo


class SaneLibrary:
    """libsane, initialised. One a process; it is never ended, because ending crashes some drivers.

    Args:
        library: Path or name of the library.
        credentials: For network scanners that ask for a user name and a password.

    Raises:
        DriverMissing: libsane is missing or does not start.
    """

    def __init__(self, library: str, credentials: Sequence[Credentials] = ()) -> None:
        self.calls = binding.load(library)
        code = Word()
        # the library keeps only its address
        self._authorize = authorization_callback(credentials)
        callback = ctypes.cast(self._authorize, ctypes.c_void_p)
        status = self.calls.sane_init(ctypes.byref(code), callback)
        if status != Status.GOOD:
            raise DriverMissing(
                f"{library} does not start: status {status}.", library=library, sane_status=status
            )

        # SANE_VERSION_MAJOR, _MINOR and _BUILD (section 4.4.1)
        self.version = ".".join(
            str(part) for part in (code.value >> 24 & 0xFF, code.value >> 16 & 0xFF, code.value & 0xFFFF)
        )

    def devices(self) -> list[DeviceInfo]:
        """All devices that the configured backends find, also on the network.

        Raises:
            ScannerError: libsane could not look.
        """
        found = ctypes.POINTER(ctypes.POINTER(binding.Device))()
        status = self.calls.sane_get_devices(ctypes.byref(found), 0)
        if status != Status.GOOD:
            raise status_error(status, "SANE", "sane_get_devices")
        devices: list[DeviceInfo] = []
        while found and found[len(devices)]:
            devices.append(_device_info(found[len(devices)].contents, f"SANE {self.version}"))
        return devices


def _device_info(device: binding.Device, driver: str) -> DeviceInfo:
    name = decode(device.name)
    return DeviceInfo(
        id=f"sane:{name}",
        backend=backend_of(name),
        vendor=decode(device.vendor),
        model=decode(device.model),
        type=decode(device.type),
        simulated=False,
        serial=usb_serial(name),
        driver=driver,
    )


def backend_of(name: str) -> str:
    """The backend in a SANE device name: what stands before the first colon."""
    return name.partition(":")[0]


def loaded_backend(backend: str, maps: Path = Path("/proc/self/maps")) -> str:
    """Name, size and time of the file that this process has loaded for a backend; empty when none is seen.

    Backends do not tell their versions through libsane, and most vendors change nothing but the file.
    """
    for line in maps.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        file = Path(line.split(maxsplit=5)[-1])
        if file.name.startswith(f"libsane-{backend}.so"):
            try:
                status = file.stat()
            except FileNotFoundError:
                # replaced by another version while this process runs
                return ""
            return f"{file.name} {status.st_size} {status.st_mtime_ns}"
    return ""
