# SPDX-License-Identifier: Apache-2.0
"""What a simulated scanner must be told: its kind, its paper, and what goes wrong on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from hardware.simulated.fault_record import FaultRecord
from hardware.simulated.faults import Fault
from hardware.simulated.features import EVERYDAY, Feature
from hardware.simulated.models import MODELS, SimulatedKind


@dataclass(frozen=True, slots=True)
class SimulatedDevice:
    """One simulated scanner.

    Attributes:
        name: Its name; the device's id is `simulated:<name>`.
        kind: "flatbed" for one page a scan, "feeder" for a stack of sheets, "duplex" for both sides of a
            stack and a flatbed, "book" for a cradle that turns the leaves of a book, "film" for 35 mm film.
        seed: What its pages grow from: the same seed, batch, item and page give the same pixels.
        glass: Folder of real images to scan instead of drawn pages: `<glass>/<item>/` where that
            folder exists, else the folder itself; page n is the n-th image by name.
        sheets: Sheets in a full feeder, or openings of the book. None: as many as a scan asks for, or 100 when it does not say.
        line_delay: Seconds a row takes.
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
    line_delay: float = 0.0
    warm_up: float = 0.0
    page_width: float = 148.0
    page_height: float = 210.0
    features: tuple[str, ...] = EVERYDAY
    faults: tuple[Fault, ...] = ()
    fault_record: Path | None = None
    replugged: int = 0

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("A simulated device needs a name")
        if self.kind not in MODELS:
            raise ValueError(f"A simulated device is one of {', '.join(MODELS)}, not a {self.kind!r}")
        if (self.sheets is not None and self.sheets < 0) or min(self.line_delay, self.warm_up) < 0:
            raise ValueError(f"Sheets and delays of a simulated device cannot be negative: {self}")
        if not (10 <= self.page_width <= 216 and 10 <= self.page_height <= 356):  # noqa: PLR2004  # the bed
            raise ValueError(f"A page is 10 to 216 mm wide and 10 to 356 mm high: {self}")
        for feature in self.features:
            if feature not in list(Feature):
                raise ValueError(f"There is no feature {feature!r} of pages; there are {', '.join(Feature)}")
        if self.fault_record is None and any(fault.times or fault.new_id for fault in self.faults):
            raise ValueError(f"Faults of {self.name} are counted, so it needs a fault_record")
        if len(set(self.faults)) != len(self.faults):
            raise ValueError(f"A fault of {self.name} stands there twice; say how many times it comes")

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
        paths = {"glass": self.glass, "fault_record": self.fault_record}
        return asdict(self) | {
            **{name: str(path.absolute()) if path else None for name, path in paths.items()},
            "features": [str(feature) for feature in self.features],
            "faults": [fault.to_json() for fault in self.faults],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The device that `to_json` described."""
        changed: dict[str, Any] = {
            name: Path(document[name]) if document[name] else None for name in ("glass", "fault_record")
        }
        changed["features"] = tuple(document["features"])
        changed["faults"] = tuple(Fault.from_json(fault) for fault in document["faults"])
        return cls(**{**document, **changed})
