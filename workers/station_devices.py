# SPDX-License-Identifier: Apache-2.0
"""The devices of a station, from its settings, as the hardware floor wants them described."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import structlog

from hardware.configuration import HardwareConfiguration, HotFolder, SimulatedDevice
from hardware.credentials import Credentials, credentials_from_environment, credentials_from_file
from hardware.device_description import load_description
from hardware.errors import DescriptionInvalid
from hardware.simulated.faults import read_faults
from hardware.waiting import BackOff
from workers.device_settings import DeviceSettings, HotFolderSettings, SimulatedDeviceSettings
from workers.errors import SettingsInvalid
from workers.settings import Settings

log = structlog.get_logger(__name__)


def station_devices(settings: Settings) -> HardwareConfiguration:
    """All that the hardware floor must be told.

    Raises:
        SettingsInvalid: A device cannot be used as it is described, or passwords lie open to others.
    """
    devices = settings.devices
    simulated = tuple(_simulated(device, settings) for device in devices.simulated)
    folders = tuple(_hot_folder(hot) for hot in devices.folders)
    credentials = _credentials(devices)
    try:
        return HardwareConfiguration(
            simulated=simulated,
            folders=folders,
            sane=devices.sane,
            sane_backends=devices.sane_backends,
            sane_hosts=devices.sane_hosts,
            quirks=devices.quirks,
            known_devices=devices.known_devices or settings.state_directory / "devices",
            capability_cache=settings.state_directory / "capabilities",
            open_timeout=devices.open_timeout_seconds,
            option_timeout=devices.option_timeout_seconds,
            probe_timeout=devices.probe_timeout_seconds,
            start_timeout=devices.start_timeout_seconds,
            read_timeout=devices.read_timeout_seconds,
            store_timeout=devices.store_timeout_seconds,
            cancel_timeout=devices.cancel_timeout_seconds,
            discovery_deadline=devices.discovery_seconds,
            backend_deadline=devices.backend_seconds,
            busy=BackOff(
                devices.busy_first_seconds, devices.busy_longest_seconds, devices.busy_total_seconds
            ),
            sensor_interval=devices.sensor_interval_seconds,
            credentials=credentials,
        )
    except ValueError as error:
        raise SettingsInvalid(f"The settings of the devices cannot be used: {error}") from error


def _simulated(device: SimulatedDeviceSettings, settings: Settings) -> SimulatedDevice:
    record = settings.state_directory / "faults" / f"{quote(device.name, safe='')}.json"
    try:
        return SimulatedDevice(
            name=device.name,
            kind=device.kind,
            seed=device.seed,
            glass=device.glass,
            sheets=device.sheets,
            description=_described(device),
            page_seconds=device.seconds_per_page,
            time_scale=device.time_scale,
            warm_up=device.warm_up_seconds,
            features=device.features,
            faults=read_faults(device.faults) if device.faults else (),
            fault_record=record if device.faults else None,
        ).as_it_answers()
    except (ValueError, DescriptionInvalid) as error:
        raise SettingsInvalid(f"The simulated device {device.name!r} cannot be used: {error}") from error


def _described(device: SimulatedDeviceSettings) -> Path | None:
    """The file of a described device; it is looked into now, so that the settings are blamed and no scan.

    Raises:
        DescriptionInvalid: It is no description.
    """
    path = device.description and device.description.expanduser().absolute()
    if path is not None:
        load_description(path)
    return path


def _hot_folder(hot: HotFolderSettings) -> HotFolder:
    try:
        return HotFolder(
            name=hot.name,
            folder=hot.folder,
            order=hot.order,
            settle=hot.settle_seconds,
            patience=hot.patience_seconds,
            wait=hot.wait_seconds,
            poll=None if hot.poll == "auto" else hot.poll,
            vendor=hot.vendor,
            model=hot.model,
        )
    except ValueError as error:
        raise SettingsInvalid(f"The hot folder {hot.name!r} cannot be used: {error}") from error


def _credentials(devices: DeviceSettings) -> tuple[Credentials, ...]:
    """Those of the environment first, then those of the file."""
    try:
        return credentials_from_environment() + credentials_from_file(devices.saned_passwords)
    except (OSError, ValueError) as error:
        if devices.saned_passwords is None:
            # scanimage's file, which nobody named here: it passes such a file over, too
            log.warning("passwords for saned are passed over", reason=str(error))
            return credentials_from_environment()
        raise SettingsInvalid(f"The passwords for saned cannot be used: {error}") from error
