# SPDX-License-Identifier: Apache-2.0
"""What a simulated scanner must be told: its kind, its paper, and what goes wrong on it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from hardware.simulated.fault_record import FaultRecord
from hardware.simulated.faults import Fault
from hardware.simulated.features import EVERYDAY, Feature
from hardware.simulated.models import DESCRIBED, KINDS, SimulatedKind

_PATHS = ("glass", "description", "fault_record")


@dataclass(frozen=True, slots=True)
class SimulatedDevice:
    """One simulated scanner.

    Attributes:
        name: Its name; the device's id is `simulated:<name>`.
        kind: "flatbed" for one page a scan, "feeder" for a stack of sheets, "duplex" for both sides of a
            stack and a flatbed, "book" for a cradle that turns the leaves of a book, "film" for 35 mm film,
            "described" for the device of a description, see `hardware.device_description`.
        description: The file of that description.
        seed: What its pages grow from: the same seed, batch, item and page give the same pixels.
        glass: Folder of real images to scan instead of drawn pages: `<glass>/<item>/` where that
            folder exists, else the folder itself; page n is the n-th image by name.
        sheets: Sheets in a full feeder, or openings of the book. None: as many as a scan asks for, or 100 when it does not say.
        line_delay: Seconds a row takes.
        page_seconds: Seconds that the rows of a page take besides, however many they are.
        time_scale: Real seconds that one of its seconds takes: 1 for life, 0 for at once.
        warm_up: Seconds that the first page after opening waits for the lamp.
        page_width: Width of the drawn pages in mm.
        page_height: Height of the drawn pages in mm.
        features: What drawn pages have beside their text, see `hardware.simulated.features`.
        faults: What goes wrong, see `hardware.simulated.faults`.
        fault_record: File in which the device counts the faults it has had, so that those that come
            once come once, whatever happens to its process; needed by all faults but those that come always.
        replugged: How often it has come back under a new id; see `as_it_answers`.
    """

    name: str
    kind: SimulatedKind = "flatbed"
    seed: int = 1
    glass: Path | None = None
    sheets: int | None = None
    description: Path | None = None
    line_delay: float = 0.0
    page_seconds: float = 0.0
    time_scale: float = 1.0
    warm_up: float = 0.0
    page_width: float = 148.0
    page_height: float = 210.0
    features: tuple[str, ...] = EVERYDAY
    faults: tuple[Fault, ...] = ()
    fault_record: Path | None = None
    replugged: int = 0

    def __post_init__(self) -> None:
        if problems := list(self._problems()):
            raise ValueError("; ".join(problems))

    def _problems(self) -> Iterator[str]:
        if not self.name:
            yield "A simulated device needs a name"
        if self.kind not in KINDS:
            yield f"A simulated device is one of {', '.join(KINDS)}, not a {self.kind!r}"
        if (self.kind == DESCRIBED) != (self.description is not None):
            yield f"A device of kind {DESCRIBED}, and no other, needs a description: {self.name}"
        if self.sheets is not None and self.sheets < 0:
            yield f"Sheets of a simulated device cannot be negative: {self}"
        times = (self.line_delay, self.page_seconds, self.time_scale, self.warm_up)
        if not all(math.isfinite(seconds) and seconds >= 0 for seconds in times):
            yield f"Times of a simulated device cannot be negative, nor without end: {self}"
        if not (10 <= self.page_width <= 216 and 10 <= self.page_height <= 356):  # noqa: PLR2004  # the bed
            yield f"A page is 10 to 216 mm wide and 10 to 356 mm high: {self}"
        for feature in self.features:
            if feature not in list(Feature):
                yield f"There is no feature {feature!r} of pages; there are {', '.join(Feature)}"
        yield from self._problems_of_faults()

    def _problems_of_faults(self) -> Iterator[str]:
        if self.fault_record is None and any(fault.times or fault.new_id for fault in self.faults):
            yield f"Faults of {self.name} are counted, so it needs a fault_record"
        if len(set(self.faults)) != len(self.faults):
            yield f"A fault of {self.name} stands there twice; say how many times it comes"

    @property
    def id(self) -> str:
        """The device's id."""
        return f"simulated:{self.name}"

    @property
    def serial(self) -> str:
        """The device's serial number, which stays the same when its id changes."""
        first_name = self.name.removesuffix(f"-{self.replugged + 1}") if self.replugged else self.name
        return f"SIM-{first_name}"

    def as_it_answers(self) -> Self:
        """The device under the name it has now: "film-2" when "film" was disconnected and came back.

        Raises:
            InputOutputFailure: The fault record cannot be read.
        """
        replugged = FaultRecord(self.fault_record).replugged
        first_name = self.serial.removeprefix("SIM-")
        name = f"{first_name}-{replugged + 1}" if replugged else first_name
        return replace(self, name=name, replugged=replugged)

    def to_json(self) -> dict[str, Any]:
        """The device as a JSON object."""
        paths = {name: getattr(self, name) for name in _PATHS}
        return asdict(self) | {
            **{name: str(path.absolute()) if path else None for name, path in paths.items()},
            "features": [str(feature) for feature in self.features],
            "faults": [fault.to_json() for fault in self.faults],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The device that `to_json` described."""
        changed: dict[str, Any] = {name: Path(document[name]) if document[name] else None for name in _PATHS}
        changed["features"] = tuple(document["features"])
        changed["faults"] = tuple(Fault.from_json(fault) for fault in document["faults"])
        return cls(**{**document, **changed})
