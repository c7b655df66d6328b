# SPDX-License-Identifier: Apache-2.0
"""What is told of files that were looked through for a manifest: what was left out, and what keeps it from being made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody should know.

    Attributes:
        severity: An "error" keeps the manifest from being written; a "note" tells of what was left out or assumed.
        code: What kind of thing it is.
        name: The file, the folder or the value that it is about; "" for the whole.
        message: What was found, in one sentence.
        remedy: What to do; "" where nothing needs doing.
    """

    severity: Literal["error", "note"]
    code: str
    name: str
    message: str
    remedy: str = ""

    def to_json(self) -> dict[str, Any]:
        """The finding as a JSON object, with every key present."""
        return {
            "severity": self.severity,
            "code": self.code,
            "name": self.name,
            "message": self.message,
            "remedy": self.remedy,
        }
