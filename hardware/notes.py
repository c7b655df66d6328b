# SPDX-License-Identifier: Apache-2.0
"""Notes on devices that outlast a session: one JSON file a device id, replaced whole, passed over when unreadable."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hardware.logs import Logger

log = Logger(__name__)


def read_note(folder: Path, device_id: str) -> dict[str, Any] | None:
    """What was noted of a device; None when nothing was, or nobody can read it any more."""
    try:
        return _read(_path(folder, device_id))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("record of a device is unreadable", device=device_id, reason=str(error))
        return None


def all_notes(folder: Path) -> Iterator[dict[str, Any]]:
    """All notes that can be read."""
    for path in sorted(folder.glob("*.json")):
        try:
            yield _read(path)
        except (OSError, ValueError) as error:
            log.warning("record of a device is unreadable", file=str(path), reason=str(error))


def write_note(folder: Path, device_id: str, document: Mapping[str, Any]) -> None:
    """Note something of a device in place of what was noted before.

    What cannot be written is logged, and only not noted: no scan may fail for that.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(document, file)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(_path(folder, device_id))
        finally:
            Path(part).unlink(missing_ok=True)
        directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except OSError as error:
        log.warning("device is not remembered", device=device_id, reason=str(error))


def _read(path: Path) -> dict[str, Any]:
    document = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(document, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004  # rubbish of another kind is rubbish
    return document


def _path(folder: Path, device_id: str) -> Path:
    # ids hold slashes and colons
    return folder / f"{hashlib.sha256(device_id.encode()).hexdigest()[:24]}.json"
