# SPDX-License-Identifier: Apache-2.0
"""libsane as a whole: started once a process, and asked which devices there are."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

from hardware.credentials import Credentials
from hardware.errors import DriverMissing
from hardware.sane import binding
from hardware.sane.authorization import authorization_callback
from hardware.sane.binding import Status, Word, decode, status_error
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
        version = Word()
        # the library keeps only its address
        self._authorize = authorization_callback(credentials)
        callback = ctypes.cast(self._authorize, ctypes.c_void_p)
        status = self.calls.sane_init(ctypes.byref(version), callback)
        if status != Status.GOOD:
            raise DriverMissing(
                f"{library} does not start: status {status}.", library=library, sane_status=status
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
            devices.append(_device_info(found[len(devices)].contents))
        return devices


def _device_info(device: binding.Device) -> DeviceInfo:
    name = decode(device.name)
    return DeviceInfo(
        id=f"sane:{name}",
        backend=backend_of(name),
        vendor=decode(device.vendor),
        model=decode(device.model),
        type=decode(device.type),
        simulated=False,
    )


def backend_of(name: str) -> str:
    """The backend in a SANE device name: what stands before the first colon."""
    return name.partition(":")[0]
