# SPDX-License-Identifier: Apache-2.0
"""Has pages checked as soon as they are captured, in the image process, which every capture comes before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from app.desktop.capture.item_desk import ItemDesk
from app.desktop.operation import OperationContext
from app.desktop.workplace import Workplace
from hardware.scanner import PageFile
from workers.desk.change import Change
from workers.desk.desk import Desk
from workers.desk.quick_checks import Checks, keep_checks, profile_at_desk
from workers.raw_pages import image_source_of


@dataclass(frozen=True, slots=True)
class _Captured:
    """A page that was captured at a desk, with the place that it has in the item."""

    desk: Desk
    batch: str
    place: int
    page: PageFile


class QuickChecks(QObject):
    """Asks for one page at a time, the newest first, and keeps what was found when nothing else is being kept.

    Nothing here can fail the capture: what could not be checked now is checked by the workers.

    Args:
        workplace: What the screens share.
        desk: The item that is captured.
        parent: Owner.
    """

    def __init__(self, workplace: Workplace, desk: ItemDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._item = desk
        self._waiting: list[_Captured] = []
        self._asked: _Captured | None = None
        self._found: list[tuple[_Captured, Checks]] = []
        self._keeping = False
        self._profiles: dict[str, str] = {}
        workplace.images.checked.connect(self._hear)

    @property
    def is_busy(self) -> bool:
        """Whether pages are still to be checked, or what was found to be kept."""
        return bool(self._waiting or self._asked or self._found or self._keeping)

    def page_kept(self, page: PageFile, change: Change) -> None:
        """A page has come into the item that is open: check it when there is time."""
        desk, state = self._item.desk, self._item.state
        if desk is None or state is None or (state.batch, state.item) != (change.batch, change.item):
            return
        for place in state.places:
            if place.id in change.places and place.page is not None and place.image_key == page.pixel_sha256:
                self._waiting.append(_Captured(desk, change.batch, place.id, place.page))
        self._learn_profile(change.batch)

    def _learn_profile(self, batch: str) -> None:
        if batch in self._profiles:
            self._ask()
            return

        def learned(profile: str) -> None:
            self._profiles[batch] = profile
            self._ask()

        def learn(_context: OperationContext) -> str:
            return profile_at_desk(self._workplace.node, batch)

        self._workplace.operations.run(self.tr("Read the quality profile"), learn, on_success=learned)

    def _ask(self) -> None:
        if self._asked is None and self._waiting:
            self._asked = self._waiting.pop()
            profile = self._profiles[self._asked.batch]
            self._workplace.images.check(image_source_of(self._asked.page), profile)

    def _hear(self, key: str, checks: list[dict[str, Any]] | None) -> None:
        asked = self._asked
        if asked is None or asked.page.pixel_sha256 != key:
            return
        self._asked = None
        if checks is not None:
            self._found.append((asked, checks))
        self._keep()
        self._ask()

    def _keep(self) -> None:
        """Keep all that was found meanwhile at once: a feeder is quicker than a registry on a slow disk."""
        if self._keeping or not self._found:
            return
        desk, batch = self._found[0][0].desk, self._found[0][0].batch
        found = {page.place: checks for page, checks in self._found if page.desk is desk}
        self._found = [(page, checks) for page, checks in self._found if page.desk is not desk]
        self._keeping = True

        def kept(_result: object) -> None:
            self._keeping = False
            self._keep()

        self._item.run(
            self.tr("Keep what checks found"),
            partial(keep_checks, found=found, profile=self._profiles[batch]),
            then=kept,
            # an item that has gone on meanwhile is checked by the workers
            failed=kept,
            at=desk,
            lasts=False,
        )
