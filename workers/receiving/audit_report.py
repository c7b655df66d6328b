# SPDX-License-Identifier: Apache-2.0
"""What an audit is to do, and what it did and found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

MOST_TOLD = 1000
"""Bad copies that a report names; it counts all of them."""


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """What an audit is to do.

    Attributes:
        object: Identifier of the one object to audit; "" for all.
        older_than: Copies proved longer ago than this, in seconds; None for what the policy says, 0.0 for all.
        share: Of all bytes, as many as are read at the most; None for what the policy says.
        most_bytes: The same in bytes; None for what the policy says.
        most_seconds: How long it may go on; None for without end.
        repair: Whether bad copies are mended.
        refill: Locations that a person calls new and empty: what is not there is missing. All of their copies are
            looked for, due or not, and no others.
    """

    object: str = ""
    older_than: float | None = None
    share: float | None = None
    most_bytes: int | None = None
    most_seconds: float | None = None
    repair: bool = True
    refill: frozenset[str] = frozenset()

    @property
    def is_by_policy(self) -> bool:
        """Whether it takes on what the schedule would, and no more."""
        return not self.object and self.older_than is None and not self.refill


@dataclass(frozen=True, slots=True)
class BadCopy:
    """A copy that was found damaged or missing.

    Attributes:
        object: The object's identifier.
        found: "damaged" or "missing".
        mended: Whether it is good again.
        source: The location that it was made from; "" where it was not.
        aside: Key of the damaged bytes, in the same location; "" where none were kept.
        reason: Why it was not mended; "" where it was.
    """

    object: str
    location: str
    sha256: str
    found: str
    mended: bool
    source: str = ""
    aside: str = ""
    reason: str = ""


@dataclass(slots=True)
class AuditReport:
    """What an audit did and found.

    Attributes:
        copies: How many were read or tried.
        bytes: How many bytes were proved good.
        good: Copies that were proved, those among them that were good only at the second reading too.
        reread: How many of the good ones were good only at the second reading.
        damaged: Copies with other bytes.
        missing: Copies that were not there.
        mended: How many of the damaged and missing ones are good again.
        unreachable: Copies of which nothing could be told.
        away: Locations that were given up after several refusals, each with the error.
        left: Copies that were due and were not come to, those of locations that are away among them.
        overdue: Copies that are overdue at the end.
        complete: Whether the audit came to the end of what was due.
        seconds: How long it took.
        bad: The damaged and missing ones.
    """

    copies: int = 0
    bytes: int = 0
    good: int = 0
    reread: int = 0
    damaged: int = 0
    missing: int = 0
    mended: int = 0
    unreachable: int = 0
    away: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    left: int = 0
    overdue: int = 0
    complete: bool = False
    seconds: float = 0.0
    bad: list[BadCopy] = field(default_factory=list)

    @property
    def found_bad(self) -> int:
        """Damaged and missing copies, mended or not."""
        return self.damaged + self.missing

    @property
    def outcome(self) -> Literal["success", "warning", "fail"]:
        """How the run went: "fail" where a copy stays bad, "warning" where one was mended or could not be reached."""
        if self.found_bad > self.mended:
            return "fail"
        return "warning" if self.found_bad or self.unreachable or self.away else "success"

    def add_bad(self, copy: BadCopy) -> None:
        """Count a bad copy, and remember it while there are not too many."""
        if copy.found == "missing":
            self.missing += 1
        else:
            self.damaged += 1
        self.mended += int(copy.mended)
        if len(self.bad) < MOST_TOLD:
            self.bad.append(copy)

    def to_json(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return {**asdict(self), "outcome": self.outcome, "seconds": round(self.seconds, 3)}
