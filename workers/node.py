# SPDX-License-Identifier: Apache-2.0
"""What a process needs to do a unit's work: settings, registry, folders and devices."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from archive.registry import Registry, open_registry
from archive.storage.target import StorageTarget
from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.credentials import credentials_from_environment
from hardware.simulated.faults import read_faults
from workers.errors import SettingsInvalid
from workers.settings import Settings, SimulatedDeviceSettings, load_settings


class Node:
    """A process of a station or a compute node.

    Args:
        settings: The settings this process runs with.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def registry(self) -> Registry:
        """The registry, opened at first use."""
        return open_registry(self.settings.registry_url)

    def item_folder(self, batch: str, item: str) -> Path:
        """Where an item's files lie."""
        return self.settings.batches / batch / "items" / item

    def bag_folder(self, batch: str) -> Path:
        """Where a batch's bags lie until their copies are confirmed."""
        return self.settings.batches / batch / "bags"

    def hardware(self) -> HardwareConfiguration:
        """The devices of this station, as the hardware floor wants them described."""
        devices = self.settings.devices
        return HardwareConfiguration(
            simulated=tuple(self._simulated(device) for device in devices.simulated),
            sane=devices.sane,
            sane_backends=devices.sane_backends,
            open_timeout=devices.open_timeout_seconds,
            start_timeout=devices.start_timeout_seconds,
            read_timeout=devices.read_timeout_seconds,
            known_devices=self.settings.state_directory / "devices",
            credentials=credentials_from_environment(),
        )

    def _simulated(self, device: SimulatedDeviceSettings) -> SimulatedDevice:
        record = self.settings.state_directory / "faults" / f"{quote(device.name, safe='')}.json"
        try:
            return SimulatedDevice(
                name=device.name,
                kind=device.kind,
                seed=device.seed,
                glass=device.glass,
                sheets=device.sheets,
                warm_up=device.warm_up_seconds,
                features=device.features,
                faults=read_faults(device.faults) if device.faults else (),
                fault_record=record if device.faults else None,
            ).as_it_answers()
        except ValueError as error:
            raise SettingsInvalid(f"The simulated device {device.name!r} cannot be used: {error}") from error

    def storage_target(self, name: str) -> StorageTarget:
        """A storage target by its name in the settings, or by its URL.

        Raises:
            SettingsInvalid: There is no target of that name.
        """
        from archive.storage.open_target import open_target

        known = self.settings.storage_targets()
        if name in known:
            target = known[name]
            return open_target(target.url, endpoint=target.endpoint, region=target.region)
        if "/" in name:
            return open_target(name)
        raise SettingsInvalid(f"There is no storage target {name!r}; known are: {', '.join(sorted(known))}.")


_nodes: dict[int, Node] = {}


def this_node() -> Node:
    """The node of this process; a forked child gets one of its own, for it may not share its parent's database."""
    process = os.getpid()
    if process not in _nodes:
        _nodes.clear()
        _nodes[process] = Node(load_settings())
    return _nodes[process]
