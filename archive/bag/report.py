# SPDX-License-Identifier: Apache-2.0
"""The report of a bag's check, in the form scripts rely on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from archive.bag.findings import Finding, Rule


@dataclass(frozen=True, slots=True)
class BagReport:
    """What a check of a bag found.

    Attributes:
        path: The bag, as it was asked for.
        valid: Whether there is no error.
        errors: All errors.
        warnings: What is odd but no error.
        profile: Name of the profile it was held against, "" for none.
        second_opinion: bagit-python's verdict: "valid", "invalid: ...", "not run: ..." or "not asked".
    """

    path: Path
    valid: bool
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    profile: str
    second_opinion: str

    @classmethod
    def unreadable(cls, path: Path, message: str) -> Self:
        """The report on what is no bag at all: absent, or not to be opened."""
        finding = Finding(Rule.BAG_UNREADABLE, "", message)
        return cls(
            path=path, valid=False, errors=(finding,), warnings=(), profile="", second_opinion="not asked"
        )

    def to_json(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return {
            "path": str(self.path),
            "valid": self.valid,
            "errors": [finding.to_json() for finding in self.errors],
            "warnings": [finding.to_json() for finding in self.warnings],
            "profile": self.profile,
            "second_opinion": self.second_opinion,
        }
