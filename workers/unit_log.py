# SPDX-License-Identifier: Apache-2.0
"""What the workers' logs say of a unit: the newest lines that carry its key, read from the end of each file."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BLOCK = 1 << 16
FARTHEST = 32 << 20
"""Bytes read of each file at most; a station writes some 2 MB in a day of scanning."""
MOST_LINES = 400

_SHOWN_APART = frozenset({"event", "level", "timestamp", "unit", "batch", "item", "task", "logger"})


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a worker's log.

    Attributes:
        at: ISO 8601 in UTC.
        level: "debug", "info", "warning" or "error".
        event: What happened, in the program's words.
        worker: Which log it stands in: "capture", "compute", "io".
        facts: What else the line says.
    """

    at: str
    level: str
    event: str
    worker: str
    facts: dict[str, Any] = field(default_factory=dict)

    def as_text(self) -> str:
        """The line for reading and copying."""
        facts = " ".join(f"{name}={value}" for name, value in self.facts.items() if "\n" not in str(value))
        long = "".join(f"\n{value}" for value in self.facts.values() if "\n" in str(value))
        return f"{self.at} {self.level} {self.event} {facts}".rstrip() + long


def read_unit_log(folder: Path, units: Collection[int], *, most: int = MOST_LINES) -> list[LogLine]:
    """The newest lines of some units, the oldest of them first.

    Args:
        folder: Where the workers' logs are.
        units: Keys of the units.
        most: How many lines to give.

    Raises:
        OSError: A log is there and cannot be read.
    """
    if not units or not folder.is_dir():
        return []
    wanted = re.compile(rb'"unit": (?:' + b"|".join(str(unit).encode() for unit in units) + rb")[,}]")
    found: list[LogLine] = []
    for path in sorted(folder.glob("*.log")):
        found += _lines_of(path, wanted, most)
    return sorted(found, key=lambda line: line.at)[-most:]


def _lines_of(path: Path, wanted: re.Pattern[bytes], most: int) -> list[LogLine]:
    found: list[LogLine] = []
    for raw in _backwards(path):
        if wanted.search(raw) and (line := _parsed(raw, path.stem)) is not None:
            found.append(line)
            if len(found) == most:
                break
    return found


def _backwards(path: Path) -> Iterator[bytes]:
    """The lines of a file, the last one first."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        lowest = max(0, end - FARTHEST)
        rest = b""
        while end > lowest:
            begin = max(lowest, end - BLOCK)
            file.seek(begin)
            lines = (file.read(end - begin) + rest).split(b"\n")
            # the first may begin in the block before
            rest = lines[0]
            yield from reversed(lines[1:])
            end = begin
        if lowest == 0 and rest:
            yield rest


def _parsed(raw: bytes, worker: str) -> LogLine | None:
    try:
        document = json.loads(raw)
    except ValueError:
        # a line cut off by a crash; the ones around it tell enough
        return None
    if not isinstance(document, dict):
        return None
    facts = {name: value for name, value in document.items() if name not in _SHOWN_APART}
    return LogLine(
        at=str(document.get("timestamp", "")),
        level=str(document.get("level", "")),
        event=str(document.get("event", "")),
        worker=worker,
        facts=facts,
    )
