# SPDX-License-Identifier: Apache-2.0
"""Fault scripts: what goes wrong on a simulated device, at which page and line, and how often."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Self


class FaultKind(StrEnum):
    """What can go wrong."""

    JAM = "jam"
    DOUBLE_FEED = "double_feed"
    COVER_OPEN = "cover_open"
    IO_ERROR = "io_error"
    NO_DOCS = "no_docs"
    CANCELLED = "cancelled"
    BUSY = "busy"
    WARMING_UP = "warming_up"
    DISCONNECT = "disconnect"
    HANG = "hang"
    CRASH = "crash"
    EXIT = "exit"
    SLOW = "slow"
    EARLY_EOF = "early_eof"
    EXTRA_BYTES = "extra_bytes"
    STATUS = "status"
    DUPLICATE_PAGE = "duplicate_page"
    CANCEL_RETURNS_EOF = "cancel_returns_eof"
    FLATBED_NEVER_EMPTY = "flatbed_never_empty"
    PREFETCH_DROPPED_ON_CANCEL = "prefetch_dropped_on_cancel"
    STALE_JAM = "stale_jam"
    PADDED_LINES = "padded_lines"
    UNKNOWN_HEIGHT = "unknown_height"


STATUSES = (
    "UNSUPPORTED",
    "CANCELLED",
    "DEVICE_BUSY",
    "INVAL",
    "EOF",
    "JAMMED",
    "NO_DOCS",
    "COVER_OPEN",
    "IO_ERROR",
    "NO_MEM",
    "ACCESS_DENIED",
    "WARMING_UP",
    "HW_LOCKED",
)
"""Names of the statuses that the fault `status` may answer with: those of SANE but GOOD."""


QUIRKS = frozenset(
    {
        FaultKind.DUPLICATE_PAGE,
        FaultKind.CANCEL_RETURNS_EOF,
        FaultKind.FLATBED_NEVER_EMPTY,
        FaultKind.PREFETCH_DROPPED_ON_CANCEL,
        FaultKind.UNKNOWN_HEIGHT,
    }
)
"""Faults by which a device goes on differently, and says nothing."""

WHOLE_PAGE = QUIRKS | {
    FaultKind.BUSY,
    FaultKind.WARMING_UP,
    FaultKind.EXTRA_BYTES,
    FaultKind.PADDED_LINES,
}
"""Faults that have no place within the page."""

_ONLY_FOR = {
    "seconds": frozenset({FaultKind.HANG, FaultKind.SLOW, FaultKind.BUSY, FaultKind.WARMING_UP}),
    "extra": frozenset({FaultKind.EXTRA_BYTES, FaultKind.PADDED_LINES}),
    "new_id": frozenset({FaultKind.DISCONNECT}),
    "status": frozenset({FaultKind.STATUS}),
}
"""Facts that mean something for these kinds alone."""


class FaultScriptInvalid(ValueError):
    """A fault script cannot be used; the message names every problem in it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        kind: What.
        page: At the page of this number; None for every page.
        line: In the page, at this row (40) or this part of its rows ("40%"); None for its start. A row
            below the foot of the page is its last. Early ends of data are in the middle when left out.
        item: Only in the item of this name; every item when empty.
        times: How often in all; None for always.
        seconds: How long a hang lasts (for ever when None), each block of a slow page takes, or a device
            stays busy or cold from when it is first asked.
        extra: Bytes too many, after the page or after each of its rows.
        new_id: Whether the device that was disconnected comes back under another id.
        status: With which of `STATUSES` the driver answers; written like `JAMMED`, `jammed` or
            `SANE_STATUS_JAMMED`.

    Raises:
        FaultScriptInvalid: The facts do not go together.
    """

    kind: FaultKind
    page: int | None = None
    line: int | str | None = None
    item: str = ""
    times: int | None = 1
    seconds: float | None = None
    extra: int = 1000
    new_id: bool = False
    status: str = ""

    def __post_init__(self) -> None:
        if self.kind not in list(FaultKind):
            raise FaultScriptInvalid(f"there is no fault {self.kind!r}{_meant(self.kind, FaultKind)}")
        object.__setattr__(self, "kind", FaultKind(self.kind))
        if isinstance(self.status, str):
            object.__setattr__(self, "status", self.status.upper().removeprefix("SANE_STATUS_"))
        if problems := list(self._problems()):
            raise FaultScriptInvalid("; ".join(problems))

    def _problems(self) -> Sequence[str]:
        checks = {
            f"page is a number from 0, not {self.page!r}": self.page is None or _whole(self.page, 0),
            f"line is a row such as 40 or a part such as 40%, not {self.line!r}": _is_line(self.line),
            f"{self.kind} has no line: it is about the whole page": (
                self.line is None or self.kind not in WHOLE_PAGE
            ),
            f"item is a name, not {self.item!r}": isinstance(self.item, str),
            f"times is a number from 1, or always, not {self.times!r}": (
                self.times is None or _whole(self.times, 1)
            ),
            f"seconds is a number from 0, not {self.seconds!r}": (
                self.seconds is None or (_is_number(self.seconds) and self.seconds >= 0)
            ),
            f"extra is a number of bytes from 1, not {self.extra!r}": _whole(self.extra, 1),
            f"new_id is true or false, not {self.new_id!r}": isinstance(self.new_id, bool),
        }
        if self.kind is FaultKind.STATUS:
            asked = self.status or "nothing"
            checks[f"status is one of {', '.join(STATUSES)}, not {asked!r}{_meant(asked, STATUSES)}"] = (
                self.status in STATUSES
            )
        defaults = {field.name: field.default for field in fields(self)}
        foreign = [
            f"{name} has no meaning for {self.kind}"
            for name, kinds in _ONLY_FOR.items()
            if getattr(self, name) != defaults[name] and self.kind not in kinds
        ]
        return [problem for problem, well in checks.items() if not well] + foreign

    def row(self, rows: int) -> int:
        """The row of a page of so many rows at which it happens."""
        if self.line is None:
            return rows // 2 if self.kind is FaultKind.EARLY_EOF else 0
        if isinstance(self.line, int):
            return min(self.line, rows - 1)
        return min(int(float(self.line.removesuffix("%")) / 100 * rows), rows - 1)

    def to_json(self) -> dict[str, Any]:
        """The fault as a JSON object."""
        return asdict(self) | {"kind": str(self.kind)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The fault that `to_json` described."""
        return cls(**document)


def ends_data(fault: Fault) -> bool:
    """Whether a fault within a page is that its data end."""
    return fault.kind is FaultKind.EARLY_EOF or (fault.status == "EOF" and fault.line is not None)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_line(value: object) -> bool:
    if not isinstance(value, str):
        return value is None or _whole(value, 0)
    try:
        part = float(value.removesuffix("%"))
    except ValueError:
        return False
    return value.endswith("%") and 0 <= part <= 100  # noqa: PLR2004  # percent


def _meant(name: object, known: Sequence[str] | type[FaultKind]) -> str:
    nearest = difflib.get_close_matches(str(name), [str(word) for word in known], n=1)
    return f"; did you mean {nearest[0]}?" if nearest else ""


# Scripts in YAML

_IN_ENTRY = ("fault", "at", "times", "seconds", "extra", "new_id", "status")
_IN_AT = ("page", "line", "item")


def read_faults(path: Path) -> tuple[Fault, ...]:
    """Read a fault script: YAML with one key `faults`, a list of entries like these.

        faults:
          - {fault: jam, at: {page: 7, line: 40%}}
          - {fault: busy, at: {page: 3}, times: 5}
          - {fault: status, status: HW_LOCKED, at: {page: 4}}
          - {fault: slow, seconds: 0.2, times: always}

    Raises:
        FaultScriptInvalid: The file cannot be read or is no such script; every problem is named.
    """
    import yaml

    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, RecursionError, yaml.YAMLError) as error:
        raise FaultScriptInvalid(f"The fault script {path} cannot be read: {error}") from error
    entries = document.get("faults") if isinstance(document, dict) and set(document) == {"faults"} else None
    if not isinstance(entries, list):
        raise FaultScriptInvalid(f"The fault script {path} needs one key, faults, with a list of faults.")
    faults: list[Fault] = []
    problems: list[str] = []
    for place, entry in enumerate(entries, 1):
        try:
            faults.append(_fault(entry))
        except FaultScriptInvalid as error:
            problems.append(f"fault {place}: {error}")
    if problems:
        raise FaultScriptInvalid(f"The fault script {path} cannot be used: {'; '.join(problems)}.")
    return tuple(faults)


def _fault(entry: object) -> Fault:
    if not isinstance(entry, dict) or "fault" not in entry:
        raise FaultScriptInvalid(f"it needs the key fault, which names what goes wrong, not {entry!r}")
    at = entry.get("at", {})
    if not isinstance(at, dict):
        raise FaultScriptInvalid(f"at needs keys such as page and line, not {at!r}")
    problems = [
        f"there is no key {key!r}{_meant(key, known)}"
        for keys, known in ((entry, _IN_ENTRY), (at, _IN_AT))
        for key in keys
        if key not in known
    ]
    facts = {name: entry[name] for name in _IN_ENTRY if name in entry and name not in {"fault", "at"}}
    if facts.get("times") == "always":
        facts["times"] = None
    elif facts.get("times", 1) is None:
        problems.append("times is a number from 1, or always, not None")
    try:
        fault = Fault(kind=entry["fault"], **{name: at[name] for name in _IN_AT if name in at}, **facts)
    except FaultScriptInvalid as error:
        problems.append(str(error))
    if problems:
        raise FaultScriptInvalid("; ".join(problems))
    return fault
