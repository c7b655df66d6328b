# SPDX-License-Identifier: Apache-2.0
"""What a check found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from archive.imaging.quality.profile import Verdict


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found.

    Attributes:
        check: Its name.
        verdict: "pass", "review" or "hold".
        measured: What was found: a number, a word, or None.
        threshold: What was allowed or expected.
        sentence: The finding in a sentence for the operator.
    """

    check: str
    verdict: Verdict
    measured: float | str | None
    threshold: float | str | None
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """The finding as a JSON object."""
        return asdict(self)
