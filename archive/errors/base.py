# SPDX-License-Identifier: Apache-2.0
"""What every error of the archive floor is: three sentences, a code, a retry class, and JSON of itself."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar, Self


class Retry(StrEnum):
    """Who can make the work go on after an error."""

    AUTO = "auto"
    AFTER_OPERATOR = "after_operator"
    REOPEN = "reopen"
    NEVER = "never"


class ArchiveError(Exception):
    """Base of all errors of the archive floor.

    Args:
        message: What happened, in one sentence that names the file, item or address.
        consequence: What it means for the work; the class's own sentence when left out.
        remedy: What to do; the class's own sentence when left out.
        facts: JSON-able details for logs and diagnostics.
    """

    code: ClassVar[str] = "archive.error"
    retry: ClassVar[Retry] = Retry.NEVER
    default_consequence: ClassVar[str] = "This step did not finish; nothing was changed by it."
    default_remedy: ClassVar[str] = "Look at the details, mend the cause and run the step again."

    def __init__(self, message: str, *, consequence: str = "", remedy: str = "", **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.consequence = consequence or self.default_consequence
        self.remedy = remedy or self.default_remedy
        self.facts = facts

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.to_json())

    def to_json(self) -> dict[str, Any]:
        """The error as a JSON object with code, message, consequence, remedy, retry and facts."""
        return {
            "code": self.code,
            "message": self.message,
            "consequence": self.consequence,
            "remedy": self.remedy,
            "retry": str(self.retry),
            "facts": self.facts,
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """The error that `to_json` described, of this class."""
        return cls(
            document["message"],
            consequence=document["consequence"],
            remedy=document["remedy"],
            **document["facts"],
        )


def _rebuild(error_class: type[ArchiveError], document: dict[str, Any]) -> ArchiveError:
    return error_class.from_json(document)
