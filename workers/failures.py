# SPDX-License-Identifier: Apache-2.0
"""How a failure is described: in three parts, also when it is the file system's or a defect of Recto."""

from __future__ import annotations

import traceback
from typing import Any

from archive.errors import ArchiveError
from hardware.errors import ScannerError
from workers.errors import TimeLimitReached


def describe_failure(error: Exception) -> dict[str, Any]:
    """An error as the ledger keeps it: its three parts, its retry class and, for a defect, its traceback."""
    if isinstance(error, (ArchiveError, ScannerError)):
        return error.to_json()
    document: dict[str, Any] = {
        "code": "unexpected",
        "message": f"{type(error).__name__}: {error}",
        "consequence": "The item stands still; its finished stages are kept.",
        "remedy": "Look at the details; after mending the cause: recto batch retry.",
        "retry": "never",
        "facts": {"traceback": "".join(traceback.format_exception(error))[-4000:]},
    }
    # by name: whoever describes a failure need not load Celery
    if type(error).__name__ == "SoftTimeLimitExceeded":
        ended = TimeLimitReached("The stage did not end within its time limit.").to_json()
        return ended | {"facts": document["facts"]}
    if isinstance(error, OSError):
        document |= {
            "code": "filesystem",
            "message": f"The file system refused: {error}.",
            "consequence": "What was finished before is kept; nothing half-written counts.",
            "remedy": "Check free space and rights of that folder, then run it again (batches: recto batch retry).",
            "retry": "after_operator",
        }
    return document
