# SPDX-License-Identifier: Apache-2.0
"""What notifications are about, and how much each kind matters; settings read this, and need no database for it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What a notification is about; each has a template."""

    BATCH_DONE = "batch done"
    ITEM_HELD = "item held"
    UPLOAD_FAILED = "upload failed"
    INGEST_DONE = "ingest done"
    INGEST_REFUSED = "ingest refused"
    FIXITY_MISMATCH = "fixity mismatch"
    FIXITY_OVERDUE = "fixity overdue"
    DISK_LOW = "disk low"
    WORKER_GONE = "worker gone"
    DELETION_REQUESTED = "deletion requested"
    DELETION_EXECUTED = "deletion executed"
    RESTORE_DONE = "restore done"
    DRILL_FAILED = "drill failed"
    BACKUP_FAILED = "backup failed"


class Severity(StrEnum):
    """How much a kind matters, the least first."""

    INFO = "info"
    WARNING = "warning"
    FAILURE = "failure"

    @property
    def rank(self) -> int:
        """Its place among them, from 0."""
        return list(Severity).index(self)


SEVERITIES: Mapping[Kind, Severity] = {
    Kind.BATCH_DONE: Severity.INFO,
    Kind.ITEM_HELD: Severity.WARNING,
    Kind.UPLOAD_FAILED: Severity.FAILURE,
    Kind.INGEST_DONE: Severity.INFO,
    Kind.INGEST_REFUSED: Severity.WARNING,
    Kind.FIXITY_MISMATCH: Severity.FAILURE,
    Kind.FIXITY_OVERDUE: Severity.WARNING,
    Kind.DISK_LOW: Severity.WARNING,
    Kind.WORKER_GONE: Severity.WARNING,
    Kind.DELETION_REQUESTED: Severity.WARNING,
    Kind.DELETION_EXECUTED: Severity.WARNING,
    Kind.RESTORE_DONE: Severity.INFO,
    Kind.DRILL_FAILED: Severity.FAILURE,
    Kind.BACKUP_FAILED: Severity.FAILURE,
}
