# SPDX-License-Identifier: Apache-2.0
"""Aborting uploads that nobody will finish, now and then, in every storage target and preservation location."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from pathlib import Path
from urllib.parse import quote

import structlog

from archive.errors import StorageError
from archive.registry.copies import living_uploads
from archive.registry.institutions import all_institutions
from workers.errors import SettingsInvalid
from workers.node import Node

log = structlog.get_logger(__name__)

LONGEST_NAME = 200

SECONDS_BETWEEN = 3600.0
"""A target is swept at most so often: listing a bucket costs money."""


def sweep_orphans(node: Node) -> int:
    """Abort what is older than the settings say, in each target whose last sweep is an hour ago.

    An upload that a unit still counts on, or that a command of this station went on with lately, is
    left alone. A target that cannot be reached is told in the log, and keeps nobody waiting.

    Returns:
        How many uploads were aborted.
    """
    hours = node.settings.upload.orphan_hours
    if not hours:
        return 0
    aborted = 0
    spare = uploads_in_use(node, hours)
    for name in _swept(node):
        if not _is_due(node.settings.state_directory / "orphans" / _mark(name)):
            continue
        try:
            orphans = node.storage_target(name).abandon_orphans(dt.timedelta(hours=hours), spare=spare)
        except (StorageError, SettingsInvalid) as error:
            log.warning("orphans.not_swept", target=name, code=error.code, message=error.message)
            continue
        for orphan in orphans:
            log.warning("orphans.aborted", target=name, url=orphan.url, begun_at=orphan.begun_at)
        aborted += len(orphans)
    return aborted


def _swept(node: Node) -> list[str]:
    """The storage targets of the settings, and where depositors' bags are kept and restored.

    Not where bags arrive: what is begun there belongs to the depositors.
    """
    with node.registry.reading() as session:
        kept = {
            location
            for institution in all_institutions(session)
            for location in (*institution.locations, institution.restore)
            if location
        }
    return sorted({*node.settings.storage_targets(), *kept})


def _mark(name: str) -> str:
    """A file name for a target; addresses may be longer than one can be."""
    quoted = quote(name, safe="")
    return quoted if len(quoted) <= LONGEST_NAME else hashlib.sha256(name.encode()).hexdigest()


def uploads_in_use(node: Node, hours: float) -> set[str]:
    """Ids of uploads that must not be aborted, however long ago they were begun.

    Args:
        node: The process's settings and registry.
        hours: For how long an upload of a command counts as going on after its last part.
    """
    with node.registry.reading() as session:
        living = living_uploads(session)
    for path in (node.settings.state_directory / "uploads").glob("*.json"):
        living |= _upload_of(path, time.time() - hours * 3600)
    return living


def _upload_of(path: Path, after: float) -> set[str]:
    try:
        if path.stat().st_mtime < after:
            return set()
        state = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        # it ended, or is none: then it keeps nothing either
        return set()
    upload = state.get("upload_id") if isinstance(state, dict) else None
    return {upload} if isinstance(upload, str) else set()


def _is_due(mark: Path) -> bool:
    """Whether the last sweep is long enough ago; if so, this one counts from now."""
    try:
        age = time.time() - mark.stat().st_mtime
    except FileNotFoundError:
        age = SECONDS_BETWEEN
    # a mark from the future is a clock that was set back
    if 0 <= age < SECONDS_BETWEEN:
        return False
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    return True
