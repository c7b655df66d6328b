# SPDX-License-Identifier: Apache-2.0
"""The tree of errors of the archive floor, each class named by the state it describes.

    ArchiveError
    ├── ManifestError         a manifest cannot be read at all
    ├── ImagingError          an image is not what it must be
    ├── TextError             OCR, PDF/A or language data
    ├── BagError              a bag cannot be written or read
    ├── StorageError          a storage target refuses or cannot be reached
    └── RegistryError         the registry refuses or cannot be reached

Every error speaks in three parts: what happened (the message), what it means for the work
(`consequence`) and what to do (`remedy`). It survives pickle and JSON, so that a worker's error
reads the same at the station.
"""

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


# Manifests


class ManifestError(ArchiveError):
    """A manifest cannot be read at all."""

    code = "manifest.unreadable"


# Images


class ImagingError(ArchiveError):
    """An image is not what it must be."""

    code = "imaging.error"


# Text


class TextError(ArchiveError):
    """OCR, PDF/A or language data failed."""

    code = "text.error"


# Bags


class BagError(ArchiveError):
    """A bag cannot be written or read."""

    code = "bag.error"


# Storage


class StorageError(ArchiveError):
    """A storage target refuses or cannot be reached."""

    code = "storage.error"
    retry = Retry.AUTO


# Registry


class RegistryError(ArchiveError):
    """The registry refuses or cannot be reached."""

    code = "registry.error"


class RegistryUnreachable(RegistryError):
    """The database is locked, full, read-only or away."""

    code = "registry.unreachable"
    retry = Retry.AUTO
    default_consequence = "No state was changed; work that was running comes back when its lease ends."
    default_remedy = "Check the disk's free space and rights, or the database server, then run the command again."


class RegistryTooNew(RegistryError):
    """A newer Recto has upgraded the registry."""

    code = "registry.too_new"
    default_consequence = "Nothing was read or written, so that nothing written by the newer Recto is harmed."
    default_remedy = "Install the newer Recto on this machine too."


class BatchUnknown(RegistryError):
    """No batch of that name is in the registry."""

    code = "registry.batch_unknown"
    default_consequence = "Nothing was changed."
    default_remedy = "See the names with: recto batch status"


class BatchExists(RegistryError):
    """Another batch of that name is in the registry already."""

    code = "registry.batch_exists"
    default_consequence = "Nothing was created; the batch in the registry is untouched."
    default_remedy = "Give the new batch an id of its own, or go on with the old one: recto batch resume"


class ChainBroken(RegistryError):
    """An event of the chain was altered, inserted or removed."""

    code = "registry.chain_broken"
    default_consequence = "The history of this batch can no longer be proved from here on."
    default_remedy = "Restore the registry from its backup and compare; tell whoever answers for the archive."


class LeaseLost(RegistryError):
    """Another worker has taken over the unit: what this one found no longer counts."""

    code = "registry.lease_lost"
    default_consequence = "This worker's result was dropped; the unit's new owner carries on."
    default_remedy = "Nothing to do; if it happens often, raise lease_seconds in the settings."
