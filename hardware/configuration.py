# SPDX-License-Identifier: Apache-2.0
"""What the hardware floor must be told: simulated devices, SANE backends, limits of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from hardware.credentials import Credentials
from hardware.folder.configuration import HotFolder
from hardware.sane.connection import NET
from hardware.simulated.configuration import SimulatedDevice
from hardware.waiting import BackOff

__all__ = ["HardwareConfiguration", "HotFolder", "SimulatedDevice"]


@dataclass(frozen=True, slots=True)
class HardwareConfiguration:
    """All that the hardware floor must be told. Times are in seconds.

    Attributes:
        simulated: The simulated devices of this station.
        folders: The hot folders of this station.
        sane: Whether to look for SANE devices at all.
        sane_backends: None for the system's own SANE configuration; else only these backends are
            asked, whatever the system's dll.conf lists.
        sane_library: The library to load.
        open_timeout: Longest time to open a device.
        option_timeout: Longest time to read or set options.
        probe_timeout: Longest time to try what a device can do with all of its sources and modes.
        start_timeout: Longest time until the first bytes of a page: lamps warm up.
        read_timeout: Longest time without a byte within a page.
        store_timeout: Longest time to bring a page that was read to disk.
        cancel_timeout: Longest time a driver may take to stop before its process is killed.
        discovery_deadline: Longest time to look for SANE devices in all.
        backend_deadline: Longest time that one SANE backend may look for its devices.
        busy: How long to wait for a device that is busy or warming up.
        known_devices: Folder in which to note which device answered to an id, so that it is found
            again under another name when it was plugged in anew; None to note nothing.
        capability_cache: Folder in which to remember what devices can do; None to try it each time.
        quirks: The site's own file of quirks, besides the shipped one.
        sane_hosts: Hosts on which saned offers scanners, instead of those in the system's net.conf. They
            are asked also where `sane_backends` does not list `net`.
        credentials: For network scanners that ask for a user name and a password.
        sensor_interval: Time between two looks at the buttons and sensors of an idle device.
    """

    simulated: tuple[SimulatedDevice, ...] = ()
    folders: tuple[HotFolder, ...] = ()
    sane: bool = True
    sane_backends: tuple[str, ...] | None = None
    sane_library: str = "libsane.so.1"
    open_timeout: float = 30.0
    option_timeout: float = 15.0
    probe_timeout: float = 120.0
    start_timeout: float = 120.0
    read_timeout: float = 30.0
    store_timeout: float = 300.0
    cancel_timeout: float = 5.0
    discovery_deadline: float = 20.0
    backend_deadline: float = 10.0
    busy: BackOff = field(default_factory=BackOff)
    known_devices: Path | None = None
    capability_cache: Path | None = None
    quirks: Path | None = None
    sane_hosts: tuple[str, ...] = ()
    credentials: tuple[Credentials, ...] = ()
    sensor_interval: float = 0.2

    def __post_init__(self) -> None:
        named = {
            "simulated devices": [device.name for device in self.simulated],
            "hot folders": [hot.name for hot in self.folders],
        }
        for kind, names in named.items():
            if len(set(names)) != len(names):
                raise ValueError(f"Two {kind} have the same name: {', '.join(sorted(names))}")
        for hot in self.folders:
            if hot.longest_start >= self.start_timeout:
                raise ValueError(
                    f"Hot folder {hot.name} must have less patience than the start timeout: it waits for "
                    f"{hot.wait:g} s, then for {hot.patience:g} s, of {self.start_timeout:g} s"
                )

    @property
    def chosen_backends(self) -> tuple[str, ...] | None:
        """The only SANE backends to use, `net` for hosts among them; None for all that the system lists."""
        if self.sane_backends is None or not self.sane_hosts or NET in self.sane_backends:
            return self.sane_backends
        return (*self.sane_backends, NET)
