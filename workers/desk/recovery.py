# SPDX-License-Identifier: Apache-2.0
"""What a program that died left at the desk: runs that were begun and not ended, with the pages in their folders."""

from __future__ import annotations

from dataclasses import dataclass

from archive.registry import desk
from workers.desk.desk import Desk
from workers.desk.handing_over import finish_hand_overs
from workers.desk.replacing import finish_replacements
from workers.desk.runs import Run, lives, pages_in_folder, run_of
from workers.node import Node


@dataclass(frozen=True, slots=True)
class Recovery:
    """A run that nobody ended.

    Attributes:
        run: The run.
        title: The item's title.
        begun_at: UTC, ISO 8601: when the scanner was about to be started.
        pages: How many whole pages it gave.
        unseen: How many of them are not in the item yet.
    """

    run: Run
    title: str
    begun_at: str
    pages: int
    unseen: int

    @property
    def batch(self) -> str:
        """The batch."""
        return self.run.batch

    @property
    def item(self) -> str:
        """The item."""
        return self.run.item


def recoverable(node: Node) -> list[Recovery]:
    """What can be recovered on this station, the oldest first; to be called when the desktop starts.

    Hand-overs and replacements that were interrupted are finished first: nobody need be asked about them.
    """
    finish_hand_overs(node)
    finish_replacements(node)
    found: list[Recovery] = []
    with node.registry.reading() as session:
        for row, item in desk.open_runs(session, node.settings.station):
            if lives(row.owner):
                continue
            run = run_of(row, item, node.item_folder(item.batch, item.name))
            known = {place.page for place in desk.pages_of_run(session, row.id)}
            numbers = {page.number for page in pages_in_folder(run.folder)} | known
            found.append(
                Recovery(run, item.description["title"], row.begun_at, len(numbers), len(numbers - known))
            )
    return found


def recover(node: Node, recovery: Recovery, *, keep: bool) -> int:
    """Take up a run that nobody ended: its pages into the item, or aside, and what it replaced back.

    Args:
        node: The process's settings, registry and folders.
        recovery: What was found.
        keep: Whether its pages are kept in the item.

    Returns:
        How many pages that concerned.
    """
    at = Desk(node, recovery.batch, recovery.item)
    changes = at.end_run(recovery.run, discard=not keep)
    if not keep:
        return len(changes) + at.discard_run(recovery.run)
    return recovery.pages
