# SPDX-License-Identifier: Apache-2.0
"""Crashes of the whole program: where it was is written while it dies, and told at the next start."""

from __future__ import annotations

import faulthandler
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from workers.versions import package_version

LAST_CRASH_BYTES = 20_000


class CrashReport:
    """Notices that the last run did not end in order, and prepares for the same in this one.

    Args:
        folder: The desktop's folder in the state directory. Only the one desktop of a station may use it.
    """

    def __init__(self, folder: Path) -> None:
        self._mark = folder / "running.json"
        self._log = folder / "crash.log"
        self._last = folder / "crash-last.log"
        self._open: IO[bytes] | None = None

    def begin(self) -> dict[str, Any] | None:
        """Begin a run.

        Returns:
            A failure to report when the run before this one did not end in order, else None.

        Raises:
            OSError: The folder cannot be written to.
        """
        crash = self._describe_last()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        told = {"pid": os.getpid(), "begun": now, "recto": package_version("recto")}
        self._mark.write_text(json.dumps(told), encoding="utf-8")
        self._open = self._log.open("wb")
        faulthandler.enable(self._open, all_threads=True)
        return crash

    def end(self) -> None:
        """The run ends in order."""
        if self._open is not None:
            faulthandler.disable()
            self._open.close()
            self._open = None
        self._log.unlink(missing_ok=True)
        self._mark.unlink(missing_ok=True)

    def _describe_last(self) -> dict[str, Any] | None:
        if not self._mark.exists():
            return None
        if self._log.exists():
            self._log.replace(self._last)
        trace = (
            self._last.read_bytes()[-LAST_CRASH_BYTES:].decode(errors="replace")
            if self._last.exists()
            else ""
        )
        try:
            begun = json.loads(self._mark.read_text(encoding="utf-8"))["begun"]
        except (OSError, ValueError, KeyError, TypeError):
            begun = ""
        return {
            "code": "desktop.crashed",
            "message": "The desktop did not end in order when it ran last.",
            "consequence": "Captured pages are on the disk.",
            "remedy": "Go on working. If it happens again, save a report.",
            "retry": "never",
            "facts": {"begun": begun, "trace": trace},
        }
