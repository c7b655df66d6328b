# SPDX-License-Identifier: Apache-2.0
"""Colour targets that were scanned and measured, and which of them speaks for a page."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.registry.tables import TargetScanRow

TARGET_HOURS = 24.0
"""How long a target speaks for its scanner where nothing else is said: one each day, as FADGI wants it."""


def known_target_scans(session: Session, device: str, sha256: str) -> list[TargetScanRow]:
    """What is recorded of one file for a device, the newest record first: judged anew, or with another time."""
    query = select(TargetScanRow).where(TargetScanRow.device == device, TargetScanRow.sha256 == sha256)
    return list(session.scalars(query.order_by(TargetScanRow.id.desc())))


def record_target_scan(session: Session, scan: TargetScanRow) -> TargetScanRow:
    """Record a scan of a target; the same file with the same time and figures is recorded once for each device.

    Returns:
        The scan; where it is known already, the one that was recorded then.
    """
    for known in known_target_scans(session, scan.device, scan.sha256):
        if (known.scanned_at, known.standard, known.measured) == (
            scan.scanned_at,
            scan.standard,
            scan.measured,
        ):
            return known
    session.add(scan)
    session.flush()
    return scan


def target_scans(session: Session, device: str | None = None, *, limit: int = 100) -> list[TargetScanRow]:
    """The newest scans of targets, of one device or of all, the newest first."""
    query = select(TargetScanRow).order_by(TargetScanRow.scanned_at.desc(), TargetScanRow.id.desc())
    if device is not None:
        query = query.where(TargetScanRow.device == device)
    return list(session.scalars(query.limit(limit)))


def last_target_scans(session: Session) -> dict[str, TargetScanRow]:
    """The newest scan of a target of each device that has one."""
    devices = session.scalars(select(TargetScanRow.device).distinct())
    return {device: target_scans(session, device, limit=1)[0] for device in devices}


def target_scan_for(session: Session, device: str, captured_at: str, *, hours: float) -> TargetScanRow | None:
    """The scan that speaks for a page: the last one before it, else the first one after it.

    Args:
        session: A session for reading.
        device: The scanner that captured the page.
        captured_at: When, as ISO 8601 in UTC.
        hours: How long before or after it a target may have been scanned.

    Returns:
        The scan; None where there is none within that time.
    """
    moment, reach = datetime.fromisoformat(captured_at), timedelta(hours=hours)
    # moments are compared, for texts may spell the same time zone in two ways
    near = [
        (datetime.fromisoformat(scan.scanned_at) - moment, scan)
        for scan in target_scans(session, device, limit=1000)
    ]
    before = [(age, scan) for age, scan in near if -reach <= age <= timedelta(0)]
    after = [(age, scan) for age, scan in near if timedelta(0) < age <= reach]
    if before:
        return max(before, key=lambda pair: pair[0])[1]
    return min(after, key=lambda pair: pair[0])[1] if after else None
