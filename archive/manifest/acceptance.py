# SPDX-License-Identifier: Apache-2.0
"""Warnings that a person has looked at and let stand, each with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from archive.manifest.problems import Problem


@dataclass(frozen=True, slots=True)
class AcceptedWarning:
    """One warning that somebody accepted.

    Attributes:
        problem: The warning, as it was reported.
        reason: Why it may stand, in the person's words.
    """

    problem: Problem
    reason: str

    def to_json(self) -> dict[str, Any]:
        """What the batch's history keeps: the warning and its place, its code and the reason."""
        told = {name: value for name, value in self.problem.to_json().items() if value is not None}
        return told | {"reason": self.reason}


def still_warned_of(
    accepted: Iterable[AcceptedWarning], problems: Iterable[Problem]
) -> list[AcceptedWarning]:
    """Those of the accepted warnings that a later reading of the file reports again, word for word."""
    there = {problem for problem in problems if problem.severity == "warning"}
    return [warning for warning in accepted if warning.problem in there]
