# SPDX-License-Identifier: Apache-2.0
"""Whether the first run was shown at this station, in a file of the state directory."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from archive.durable import write_durably


def first_run_file(state_directory: Path) -> Path:
    """Where it is noted."""
    return state_directory / "desktop" / "first-run.json"


def was_shown(state_directory: Path) -> bool:
    """Whether somebody has seen it; what the file holds does not matter."""
    return first_run_file(state_directory).exists()


def note_shown(state_directory: Path) -> None:
    """Note that it was shown, so that it does not come again by itself.

    Raises:
        OSError: The state directory cannot be written.
    """
    shown = {"shown_at": datetime.now(UTC).isoformat(timespec="seconds")}
    write_durably(first_run_file(state_directory), json.dumps(shown).encode())
