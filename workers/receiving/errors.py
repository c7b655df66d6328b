# SPDX-License-Identifier: Apache-2.0
"""What may go wrong while a bag that arrived is ingested, and is no fault of the bag.

WorkflowError
├── WorkDelayed
│   ├── LocationAway      a place where bags arrive or files are kept cannot be reached now
│   ├── EarlierBagFirst   an earlier bag of the same object is still being stored
│   └── DeletionFirst     the object that a bag belongs to is being deleted just now
└── IngestContradicted    the registry and what lies in a location tell different things
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from archive.errors import Retry, StorageUnreachable
from workers.errors import WorkDelayed, WorkflowError


class LocationAway(WorkDelayed):
    """A place where bags arrive, or where files are kept, cannot be reached now."""

    code = "receiving.location_away"
    default_consequence = (
        "The ingest waits for this place and goes on by itself; copies elsewhere are made meanwhile."
    )
    default_remedy = "Nothing needs doing if the place comes back; otherwise check the network or the mount."


class EarlierBagFirst(WorkDelayed):
    """An earlier bag of the same object is still being stored, and becomes the version before this one."""

    code = "receiving.earlier_bag_first"
    default_consequence = "The ingest waits and goes on by itself once the earlier one has ended."
    default_remedy = (
        "See why the earlier one stands still with: recto receive show WORK_ITEM; retry or cancel it."
    )


class DeletionFirst(WorkDelayed):
    """The object that a bag belongs to is being deleted just now."""

    code = "receiving.deletion_first"
    default_consequence = "The ingest waits and goes on by itself once all old copies are gone."
    default_remedy = "See why the deletion has not ended with: recto object delete list --state executing"


class IngestContradicted(WorkflowError):
    """The registry tells of files or copies that are not there, or not of some that are."""

    code = "receiving.contradicted"
    retry = Retry.AFTER_OPERATOR
    default_consequence = (
        "No version was recorded and no receipt was given; the bag still lies where it arrived."
    )
    default_remedy = "Look for what changed files or registry meanwhile, then: recto receive retry WORK_ITEM"


@contextmanager
def waiting_for_places() -> Iterator[None]:
    """Let a unit wait, without counting the attempt, while a place is away.

    Raises:
        LocationAway: It cannot be reached now.
    """
    try:
        yield
    except StorageUnreachable as error:
        raise LocationAway(error.message, **error.facts) from error
