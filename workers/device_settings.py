# SPDX-License-Identifier: Apache-2.0
"""The settings of a station's devices: where they are, and how long each of them may take for what."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from workers.settings_table import Part


class SimulatedDeviceSettings(Part):
    """A simulated scanner."""

    name: str = Field(description="Its id is simulated:NAME")
    kind: Literal["flatbed", "feeder", "duplex", "book", "film", "described"] = Field(
        default="flatbed", description="flatbed, feeder, duplex, book, film or described"
    )
    description: Path | None = Field(
        default=None,
        description="Of the kind described: the file that `recto options DEVICE --dump` wrote of the real one",
    )
    seed: int = Field(default=1, description="The same seed, batch, item and page give the same pixels")
    glass: Path | None = Field(default=None, description="Folder of real images that lie on the glass")
    sheets: int | None = Field(default=None, description="Sheets in the feeder; unlimited when left out")
    warm_up_seconds: float = Field(
        default=0.0, ge=0, description="How long the lamp takes before the first page"
    )
    seconds_per_page: float = Field(default=0.0, ge=0, description="How long a page takes to be scanned")
    time_scale: float = Field(
        default=1.0,
        ge=0,
        description="Real seconds that one of its seconds takes, faults included; 0 for no time at all",
    )
    features: tuple[str, ...] = Field(
        default=("folio", "tint", "noise"),
        description="What its drawn pages have beside text, see simulator.md",
    )
    faults: Path | None = Field(
        default=None,
        description="YAML file with what goes wrong on it, see simulator.md; nothing when left out",
    )


class HotFolderSettings(Part):
    """A folder that other capture software writes page images into."""

    name: str = Field(description="Its id is folder:NAME")
    folder: Path = Field(description="Where it is; page n of an item is its n-th file")
    order: Literal["name", "time"] = Field(
        default="name", description="Whether files follow each other by name (2 before 10) or by time"
    )
    settle_seconds: float = Field(
        default=1.0, ge=0, description="How long a file must stay as it is before it counts as written"
    )
    patience_seconds: float = Field(
        default=60.0,
        description="How long to wait for a file that is still being written",
    )
    wait_seconds: float = Field(
        default=30.0,
        ge=0,
        description="How long to wait for the next file when a number of pages was asked for; with patience_seconds less than start_timeout_seconds",
    )
    poll: bool | Literal["auto"] = Field(
        default="auto",
        description="Look again and again instead of being told of new files; auto does so on network mounts",
    )
    vendor: str = Field(default="", description="Maker of the camera, for the metadata")
    model: str = Field(
        default="", description="Model of the camera, for the metadata; the folder when left out"
    )

    @field_validator("folder")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()


class ScannerProfileSettings(Part):
    """A scanner's own ICC profile, which its pages get instead of the one that the manifest declares."""

    device: str = Field(description="Id of the scanner; * stands for any letters, as in sane:epson2:*")
    profile: Path = Field(
        description="Its .icc file: one of RGB for its colour pages, one of gray for its gray ones; each in a table"
    )

    @field_validator("profile")
    @classmethod
    def _absolute(cls, profile: Path) -> Path:
        return profile.expanduser().absolute()


class DeviceSettings(Part):
    """How devices are found, and how long each phase may be silent before the driver counts as hung."""

    sane: bool = Field(default=True, description="Whether to look for SANE devices")
    sane_backends: tuple[str, ...] | None = Field(
        default=None, description="Only these SANE backends; the system's own configuration when left out"
    )
    sane_hosts: tuple[str, ...] = Field(
        default=(),
        description="Hosts that run saned, asked whatever `sane_backends` says; those of the system's net.conf when left out",
    )
    saned_passwords: Path | None = Field(
        default=None,
        description="File of user:password:resource lines that only its owner may read; `~/.sane/pass`, where there is one, when left out",
    )
    quirks: Path | None = Field(
        default=None, description="The site's own file of quirks beside the shipped one, see scanners.md"
    )
    known_devices: Path | None = Field(
        default=None,
        description="Folder with notes on which device answered to which id; devices in the state directory when left out",
    )
    discovery_seconds: float = Field(
        default=20.0, gt=0, description="Longest time to look for SANE devices in all"
    )
    backend_seconds: float = Field(
        default=10.0, gt=0, description="Longest time that one SANE backend may look for its devices"
    )
    open_timeout_seconds: float = Field(default=30.0, gt=0, description="Longest time to open a device")
    option_timeout_seconds: float = Field(
        default=15.0, gt=0, description="Longest time to read or set options"
    )
    probe_timeout_seconds: float = Field(
        default=120.0, gt=0, description="Longest time to try all sources and modes of a device"
    )
    start_timeout_seconds: float = Field(
        default=120.0, gt=0, description="Lamps may warm up inside sane_start"
    )
    read_timeout_seconds: float = Field(
        default=30.0, gt=0, description="Longest time without a byte within a page"
    )
    store_timeout_seconds: float = Field(
        default=300.0, gt=0, description="Longest time to bring a page that was read to disk"
    )
    cancel_timeout_seconds: float = Field(
        default=5.0, gt=0, description="Longest time a driver may take to stop before its process is killed"
    )
    busy_first_seconds: float = Field(
        default=0.5,
        gt=0,
        description="First pause before a busy device is asked again; each is twice the last",
    )
    busy_longest_seconds: float = Field(default=5.0, gt=0, description="No such pause is longer")
    busy_total_seconds: float = Field(
        default=60.0, ge=0, description="How long to wait for a busy device in all; 0 to give up at once"
    )
    sensor_interval_seconds: float = Field(
        default=0.2, gt=0, description="How often the buttons and sensors of an idle device are looked at"
    )
    simulated: tuple[SimulatedDeviceSettings, ...] = Field(
        default=(
            SimulatedDeviceSettings(name="flatbed", kind="flatbed"),
            SimulatedDeviceSettings(name="feeder", kind="feeder"),
        ),
        description="Simulated scanners; a flatbed and a feeder when none is named",
    )
    folders: tuple[HotFolderSettings, ...] = Field(default=(), description="Hot folders, see below")
    icc: tuple[ScannerProfileSettings, ...] = Field(
        default=(), description="Own ICC profiles of scanners, see below"
    )

    @field_validator("saned_passwords", "quirks", "known_devices")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path and path.expanduser().absolute()
