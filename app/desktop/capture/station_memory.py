# SPDX-License-Identifier: Apache-2.0
"""What the capture workspace remembers from day to day on this station: scanner, pedal, sound, and what it shows."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

import structlog
from PySide6.QtCore import QObject, Signal

from app.desktop.workplace import Workplace
from archive.durable import write_durably

LANE = "capture memory"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class StationMemory:
    """Remembered in a file of the state directory; nothing in it is needed to work.

    Attributes:
        device: Id of the scanner that was chosen last.
        pedal: The pedal's key as text; "" for no pedal.
        armed: Whether the pedal captures.
        sound: Whether a sound tells of each page.
        panel: Whether the details are shown.
        one_sheet: Whether a press takes one sheet of a feeder, and not all.
    """

    device: str = ""
    pedal: str = ""
    armed: bool = True
    sound: bool = False
    panel: bool = True
    one_sheet: bool = False

    @classmethod
    def read(cls, path: Path) -> Self:
        """What was remembered; nothing where the file is missing or is none of ours."""
        try:
            document: Any = json.loads(path.read_bytes())
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError) as error:
            log.warning("capture.memory_unreadable", path=str(path), error=str(error))
            return cls()
        known = {field.name: type(field.default) for field in fields(cls)}
        told = document if isinstance(document, dict) else {}
        return cls(**{name: told[name] for name, kind in known.items() if type(told.get(name)) is kind})

    def write(self, path: Path) -> None:
        """Remember.

        Raises:
            OSError: The state directory cannot be written.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, json.dumps(asdict(self), indent=2).encode())


class MemoryKeeper(QObject):
    """Recalls what was remembered, and keeps what is new; reads and writes away from the window's thread.

    Args:
        workplace: What the screens share.
        parent: Owner.
    """

    recalled = Signal()

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._path = memory_path(workplace.settings.state_directory)
        self.now = StationMemory()

    def recall(self) -> None:
        """Read what was remembered."""
        path = self._path
        self._workplace.operations.run(
            self.tr("Recall the last shift"),
            lambda _context: StationMemory.read(path),
            lane=LANE,
            on_success=self._take,
        )

    def remember(self, **facts: Any) -> None:
        """Keep something for the next shift."""
        memory, path = replace(self.now, **facts), self._path
        if memory != self.now:
            self.now = memory
            self._workplace.operations.run(
                self.tr("Remember"), lambda _context: memory.write(path), lane=LANE
            )

    def _take(self, memory: StationMemory) -> None:
        self.now = memory
        self.recalled.emit()


def memory_path(state_directory: Path) -> Path:
    """Where it is remembered."""
    return state_directory / "desktop" / "capture.json"
