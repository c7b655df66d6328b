# SPDX-License-Identifier: Apache-2.0
"""What may go wrong while page files come to a node and go from it.

WorkflowError
├── WorkDelayed
│   └── StagingDelayed    the staging place or the registry cannot be reached now
│       └── FileNotStaged a file that is recorded has not come to the staging place yet
└── CacheTooSmall         an item does not fit into the room for other stations' files
"""

from __future__ import annotations

from archive.errors import Retry
from workers.errors import WorkDelayed, WorkflowError


class StagingDelayed(WorkDelayed):
    """Page files cannot be fetched or handed on now; the unit waits, and no attempt is counted."""

    code = "staging.delayed"
    retry = Retry.AUTO
    default_consequence = "The unit waits and is tried again by itself; nothing that was finished is lost."
    default_remedy = (
        "Nothing needs doing if the network comes back; otherwise check the network and the staging place."
    )


class FileNotStaged(StagingDelayed):
    """A file that is recorded lies neither here nor in the staging place."""

    code = "staging.not_staged"
    default_consequence = "The unit waits until the host that has the file puts it there."
    default_remedy = (
        "Start the station of this batch and the host that made the file; if that is gone for good, have the file "
        "made again: recto batch retry BATCH --stage characterise."
    )


class CacheTooSmall(WorkflowError):
    """An item does not fit into the room for other stations' files."""

    code = "staging.cache_too_small"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The unit was not begun; nothing was fetched."
    default_remedy = (
        "Raise staging.cache_bytes on this host, or put the cache on a larger disk, then: recto batch retry."
    )
