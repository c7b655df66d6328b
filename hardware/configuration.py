# SPDX-License-Identifier: Apache-2.0
"""What the hardware floor must be told: simulated devices, SANE backends, limits of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

SimulatedKind = Literal["flatbed", "feeder"]


@dataclass(frozen=True, slots=True)
class SimulatedDevice:
    """One simulated scanner.

    Attributes:
        name: Its name; the device's id is `simulated:<name>`.
        kind: "flatbed" for one page a scan, "feeder" for a stack of sheets.
        seed: What its pages grow from: the same seed, batch, item and page give the same pixels.
        glass: Folder of real images to scan instead of drawn pages: `<glass>/<item>/` where that
            folder exists, else the folder itself; page n is the n-th image by name.
        sheets: Sheets in a full feeder. None: as many as a scan asks for, or 100 when it does not say.
        line_delay: Seconds a row takes.
        page_width: Width of the drawn pages in mm.
        page_height: Height of the drawn pages in mm.
    """

    name: str
    kind: SimulatedKind = "flatbed"
    seed: int = 1
    glass: Path | None = None
    sheets: int | None = None
    line_delay: float = 0.0
    page_width: float = 148.0
    page_height: float = 210.0

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("A simulated device needs a name")
        if self.kind not in {"flatbed", "feeder"}:
            raise ValueError(f"A simulated device is a flatbed or a feeder, not a {self.kind!r}")
        if (self.sheets is not None and self.sheets < 0) or self.line_delay < 0:
            raise ValueError(f"Sheets and delays of a simulated device cannot be negative: {self}")
        if not (10 <= self.page_width <= 216 and 10 <= self.page_height <= 356):  # noqa: PLR2004  # the bed
            raise ValueError(f"A page is 10 to 216 mm wide and 10 to 356 mm high: {self}")

    @property
    def id(self) -> str:
        """The device's id."""
        return f"simulated:{self.name}"

    def to_json(self) -> dict[str, Any]:
        """The device as a JSON object."""
        return asdict(self) | {"glass": str(self.glass.absolute()) if self.glass else None}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The device that `to_json` described."""
        glass = document["glass"]
        return cls(**{**document, "glass": Path(glass) if glass else None})


@dataclass(frozen=True, slots=True)
class HardwareConfiguration:
    """All that the hardware floor must be told. Times are in seconds.

    Attributes:
        simulated: The simulated devices of this station.
        sane: Whether to look for SANE devices at all.
        sane_backends: None for the system's own SANE configuration; else only these backends are
            asked, whatever the system's dll.conf lists.
        sane_library: The library to load.
        open_timeout: Longest time to open a device.
        option_timeout: Longest time to read or set options.
        start_timeout: Longest time until the first bytes of a page: lamps warm up.
        read_timeout: Longest time without a byte within a page.
        store_timeout: Longest time to bring a page that was read to disk.
        cancel_timeout: Longest time a driver may take to stop before its process is killed.
        discovery_deadline: Longest time to look for SANE devices.
    """

    simulated: tuple[SimulatedDevice, ...] = ()
    sane: bool = True
    sane_backends: tuple[str, ...] | None = None
    sane_library: str = "libsane.so.1"
    open_timeout: float = 30.0
    option_timeout: float = 15.0
    start_timeout: float = 120.0
    read_timeout: float = 30.0
    store_timeout: float = 300.0
    cancel_timeout: float = 5.0
    discovery_deadline: float = 20.0

    def __post_init__(self) -> None:
        names = [device.name for device in self.simulated]
        if len(set(names)) != len(names):
            raise ValueError(f"Two simulated devices have the same name: {', '.join(sorted(names))}")
