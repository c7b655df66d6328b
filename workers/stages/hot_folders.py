# SPDX-License-Identifier: Apache-2.0
"""Whose files lie in a hot folder: those of one item never become pages of another."""

from __future__ import annotations

from archive.registry.batches import items_of
from workers.errors import CaptureRefused
from workers.work import Work


def require_own_folder(work: Work) -> None:
    """Refuse an item without a folder of its own in a hot folder that other items of its batch use, too.

    Raises:
        CaptureRefused: Its pages would be the same files as theirs.
    """
    hot = {f"folder:{each.name}": each.folder for each in work.node.settings.devices.folders}
    device = work.item["scanner_id"]
    if device not in hot:
        return
    with work.node.registry.reading() as session:
        sharing = [item.name for item in items_of(session, work.claim.batch) if item.device == device]
    own = hot[device] / work.claim.item_name
    if len(sharing) > 1 and not own.is_dir():
        raise CaptureRefused(
            f"{len(sharing)} items of this batch take their pages from {device}, and {work.claim.item_name} has no "
            f"folder of its own there.",
            remedy=f"Have its files written to {own}, then: recto batch retry {work.claim.batch}",
            folder=str(own),
            items=sharing,
        )
