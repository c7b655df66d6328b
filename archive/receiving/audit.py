# SPDX-License-Identifier: Apache-2.0
"""The audit of one copy: read whole and compared; a difference is read again, a refusal is never called damage."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from archive.errors import (
    DamagedInTransit,
    StorageError,
    StorageUnreachable,
    StoredBytesDiffer,
    StoredObjectMissing,
)
from archive.progress import ProgressCallback, no_progress
from archive.receiving.keys import OBJECTS
from archive.storage.place import Place


class Finding(StrEnum):
    """What an audit says of a copy."""

    GOOD = "good"
    DAMAGED = "damaged"
    MISSING = "missing"
    UNREACHABLE = "unreachable"

    @property
    def is_bad(self) -> bool:
        """Whether the copy is known not to be what it must be; one that cannot be reached is not."""
        return self in {Finding.DAMAGED, Finding.MISSING}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a copy must be.

    Attributes:
        key: Where it lies below its place.
        size: Bytes.
        sha256: Of all of them, hexadecimal.
    """

    key: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit found of a copy.

    Attributes:
        finding: The verdict.
        proof: What was proved of a good one (`archive.storage.target.Proof`); "" of others.
        readings: How often it was read, or tried to.
        detail: What was found instead of a good copy (JSON): `found` and `size` of damaged bytes, an `error`.
    """

    finding: Finding
    proof: str = ""
    readings: int = 1
    detail: dict[str, Any] = field(default_factory=dict)


def audit_copy(
    place: Place, wanted: Wanted, progress: ProgressCallback = no_progress, *, may_be_empty: bool = False
) -> Audited:
    """Prove a copy by reading all of it.

    Other bytes than recorded are read a second time before anybody calls them damaged: what memory, cable
    or network did to the first reading is no fault of the copy. A copy that is not there is missing only
    if its place has anything at all: an empty one is a disk that is not mounted, until a person says otherwise.

    Args:
        place: The preservation location.
        wanted: What must be there.
        progress: Told of bytes; what it raises stops the audit.
        may_be_empty: Whether a person has said that the location is new and holds nothing yet.
    """
    differing: StorageError | None = None
    for reading in (1, 2):
        try:
            proof = place.prove(wanted.key, size=wanted.size, sha256=wanted.sha256, progress=progress)
        except (StoredBytesDiffer, DamagedInTransit) as error:
            # rot in a storage that keeps a checksum looks like damage on the way, but does so each time
            differing = error
        except StoredObjectMissing as error:
            return _missing(place, error, reading, may_be_empty=may_be_empty)
        except StorageError as error:
            return unreachable(error, reading)
        else:
            detail = {} if differing is None else {"first_reading": differing.to_json()}
            return Audited(Finding.GOOD, str(proof), reading, detail)
    return _damaged(place, wanted, differing)


def unreachable(error: StorageError, readings: int = 1) -> Audited:
    """What is said of a copy that cannot be read now: nothing about its bytes."""
    return Audited(Finding.UNREACHABLE, readings=readings, detail={"error": error.to_json()})


def _damaged(place: Place, wanted: Wanted, error: StorageError | None) -> Audited:
    detail: dict[str, Any] = {
        "found": error.facts.get("found", "") if error else "",
        "wanted_size": wanted.size,
    }
    try:
        seen = place.look(wanted.key)
    except StorageError:
        # its size would only have explained what is certain already
        seen = None
    if seen is not None:
        detail["size"] = seen.size
    return Audited(Finding.DAMAGED, readings=2, detail=detail)


def require_mounted(place: Place) -> None:
    """Take a place that holds nothing at all for one that is not mounted.

    Raises:
        StorageUnreachable: It is empty, or cannot be reached.
        StorageError: It cannot be listed.
    """
    if next(iter(place.objects(f"{OBJECTS}/")), None) is None:
        raise StorageUnreachable(
            f"{place.url} holds nothing at all, so it is taken for a place that is not mounted.",
            consequence="None of its copies was called missing, and nothing was written there.",
            remedy="Mount it; or, if it is new and shall be filled again, run: recto fixity --refill LOCATION",
        )


def _missing(place: Place, error: StoredObjectMissing, reading: int, *, may_be_empty: bool) -> Audited:
    try:
        if not may_be_empty:
            require_mounted(place)
    except StorageError as refusal:
        return unreachable(refusal, reading)
    return Audited(Finding.MISSING, readings=reading, detail={"error": error.to_json()})
