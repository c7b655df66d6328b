# SPDX-License-Identifier: Apache-2.0
"""What a simulated device has gone through already: a fault that comes once must not come again.

The device process may die of a fault, and a station may start again, so the record is a file.
"""

from __future__ import annotations

import json
from pathlib import Path

from hardware.errors import InputOutputFailure
from hardware.simulated.faults import Fault

_REPLUGGED = "replugged"


class FaultRecord:
    """The record of one device.

    Args:
        path: Where it lies; None for a device that needs none, because all its faults come always.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def times(self, fault: Fault) -> int:
        """How often a fault has come."""
        return self._read().get(_key(fault), 0)

    def note(self, fault: Fault) -> None:
        """Count a fault, before it is carried out: many a fault leaves no time after it."""
        if fault.times is not None:
            self._count(_key(fault))

    @property
    def replugged(self) -> int:
        """How often the device has come back under a new id."""
        return self._read().get(_REPLUGGED, 0)

    def note_replugged(self) -> None:
        """Give the device its next id."""
        self._count(_REPLUGGED)

    def _count(self, key: str) -> None:
        if self._path is None:
            return
        counts = self._read()
        counts[key] = counts.get(key, 0) + 1
        part = self._path.with_name(self._path.name + ".part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(counts, indent=1), encoding="utf-8")
            part.replace(self._path)
        except OSError as error:
            raise self._unusable(error) from error

    def _read(self) -> dict[str, int]:
        if self._path is None:
            return {}
        try:
            counts = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise self._unusable(error) from error
        if isinstance(counts, dict) and all(isinstance(count, int) for count in counts.values()):
            return counts
        raise self._unusable("it holds no counts")

    def _unusable(self, why: object) -> InputOutputFailure:
        return InputOutputFailure(
            f"The fault record {self._path} of a simulated device cannot be used: {why}.",
            remedy="Remove the file: the device then goes through its fault script from the beginning.",
            path=str(self._path),
        )


def _key(fault: Fault) -> str:
    return json.dumps(fault.to_json(), sort_keys=True)
