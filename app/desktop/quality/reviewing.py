# SPDX-License-Identifier: Apache-2.0
"""The item that is looked at: its pages as the registry has them, the page in view, and every verdict given."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.desktop.operation import OperationContext
from app.desktop.quality.words import Filter
from app.desktop.undo import LANE, UndoStacks
from app.desktop.workplace import Workplace
from archive.imaging.image_source import ImageSource
from archive.registry.review import ReviewItem, review_list
from workers.desk.change import Change
from workers.desk.places import Verdict
from workers.desk.review import ItemReview, Review, ReviewPage
from workers.operations import accept_batch


class Reviewing(QObject):
    """Keeps to what the registry says: nothing is shown as decided that is not on disk.

    Args:
        workplace: What the screens share.
        parent: Owner.
    """

    listed = Signal(list)
    """ReviewItem of the batch, in order."""
    changed = Signal()
    """The item, the page in view, or which pages are shown."""
    was_read = Signal(str, str)
    """An item was read from the registry: batch and item."""
    released = Signal(str)
    """An item that was held may go on: its name."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._undo = UndoStacks.of(workplace)
        self._at: ItemReview | None = None
        self._current: int | None = None
        self._wanted: int | None = None
        self._telling = False
        self.is_watched = True
        """Whether anybody sees the pages; what happens meanwhile is read when somebody does again."""
        self.batch = ""
        self.items: tuple[ReviewItem, ...] = ()
        self.review: Review | None = None
        self.filter = Filter.ALL
        self.left = 0
        """How many pages still need a look."""
        self._by_id: dict[int, ReviewPage] = {}
        self._passing: list[ReviewPage] = []
        workplace.item_changed.connect(self._hear_of)
        self._undo.affected.connect(self._view_affected)

    # What is looked at

    def open(self, batch: str, item: str | None = None, position: int | None = None) -> None:
        """Look at a batch, and at this item of it; else at the most urgent one."""
        self.batch = batch

        def show(items: list[ReviewItem]) -> None:
            if self.batch != batch:
                return
            self.items = tuple(items)
            self.listed.emit(items)
            named = item if item in {listed.name for listed in items} else None
            chosen = named or next(iter(sorted(items, key=_urgency)), None)
            name = chosen if isinstance(chosen, str) else chosen.name if chosen is not None else None
            self.choose(name, position)

        self._list(batch, show)

    def choose(self, item: str | None, position: int | None = None) -> None:
        """Look at another item of the batch, or at none."""
        self._at = ItemReview(self._workplace.node, self.batch, item) if item else None
        self.review, self._current, self._wanted = None, None, position
        self._count()
        self._workplace.choose_work(self.batch, item)
        self.changed.emit()
        self.refresh()

    def look_again(self) -> None:
        """Read the item and the list of items again; the page in view stays."""
        self.refresh()
        self._list_again()

    def refresh(self) -> None:
        """Read the item again."""
        at = self._at
        if at is None:
            return

        known = self._by_id

        def show(review: Review) -> None:
            if self._at is at:
                self._show(review)
                self.was_read.emit(review.batch, review.item)

        self._workplace.operations.run(
            self.tr("Read the pages"),
            lambda _context: _with_known(at.read(), known),
            lane=LANE,
            on_success=show,
        )

    def _list(self, batch: str, then: Callable[[list[ReviewItem]], None]) -> None:
        def work(_context: OperationContext) -> list[ReviewItem]:
            with self._workplace.node.registry.reading() as session:
                return review_list(session, batch)

        self._workplace.operations.run(self.tr("Read the items"), work, lane=LANE, on_success=then)

    def _list_again(self) -> None:
        def show(items: list[ReviewItem]) -> None:
            self.items = tuple(items)
            self.listed.emit(items)

        self._list(self.batch, show)

    def _show(self, review: Review) -> None:
        first = self.review is None
        self.review = review
        if first and self._wanted is None:
            # what needs a look comes first, as long as there is any
            self.filter = Filter.OPEN if any(map(review.needs_a_look, review.pages)) else Filter.ALL
        self._count()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            page = next((page for page in review.pages if page.position == wanted), None)
            if page is not None:
                self._bring(page)
        shown = self.pages
        if self.page is None and shown:
            self._current = shown[0].id
        self.changed.emit()

    def _count(self) -> None:
        """Note which pages are shown, once for each reading: an item may have thousands."""
        review = self.review
        pages = review.pages if review is not None else ()
        self._by_id = {page.id: page for page in pages}
        self._passing = [page for page in pages if review is not None and self._passes(review, page)]
        self.left = sum(map(review.needs_a_look, pages)) if review is not None else 0

    # The page in view

    @property
    def pages(self) -> list[ReviewPage]:
        """The pages that the filter lets through, and the one in view; the same list while they are the same."""
        page = self.page
        if page is not None and self.review is not None and not self._passes(self.review, page):
            place = bisect(self._passing, page.position, key=lambda passing: passing.position)
            return [*self._passing[:place], page, *self._passing[place:]]
        return self._passing

    def _passes(self, review: Review, page: ReviewPage) -> bool:
        if self.filter is Filter.OPEN:
            return review.needs_a_look(page)
        return self.filter is Filter.ALL or page.verdict == self.filter

    @property
    def page(self) -> ReviewPage | None:
        """The page in view."""
        return self._by_id.get(self._current) if self._current is not None else None

    def neighbour(self, page: ReviewPage) -> ReviewPage | None:
        """The page before another, or behind it where it is the first; of those whose image is here."""
        others = [other for other in self._by_id.values() if other.source is not None and other.id != page.id]
        before = [other for other in others if other.position < page.position]
        return before[-1] if before else next(iter(others), None)

    @property
    def has_pages(self) -> bool:
        """Whether the item has any page."""
        return bool(self._by_id)

    def show_filter(self, chosen: Filter) -> None:
        """Show other pages."""
        self.filter = chosen
        self._count()
        review = self.review
        if review is not None and (self.page is None or not self._passes(review, self.page)):
            self._current = self._passing[0].id if self._passing else None
        self.changed.emit()

    def go_to(self, page: int) -> None:
        """Bring a page into view by its id."""
        self._current = page
        self.changed.emit()

    def _bring(self, page: ReviewPage) -> None:
        if self.review is not None and not self._passes(self.review, page):
            self.filter = Filter.ALL
            self._count()
        self._current = page.id

    def step(self, by: int) -> None:
        """Go so many of the shown pages on."""
        pages = self.pages
        ids = [page.id for page in pages]
        if ids:
            at = ids.index(self._current) if self._current in ids else 0
            self.go_to(ids[min(max(at + by, 0), len(ids) - 1)])

    def next_open(self) -> None:
        """Go to the next page that needs a look, round to the first one."""
        review, page = self.review, self.page
        if review is None:
            return
        behind = page.position if page is not None else 0
        waiting = [page for page in review.pages if review.needs_a_look(page)]
        following = [page for page in waiting if page.position > behind] or waiting
        if following:
            self._bring(following[0])
            self.changed.emit()

    def step_item(self, by: int) -> None:
        """Look at the item so many places further in the batch."""
        names = [item.name for item in self.items]
        name = self.review.item if self.review is not None else ""
        if name in names and 0 <= names.index(name) + by < len(names):
            self.choose(names[names.index(name) + by])

    # Verdicts

    def judge(self, verdict: Verdict, reason: str = "") -> None:
        """Say what is thought of the page in view; then the next one comes, where there is one."""
        at, page = self._at, self.page
        if at is None or page is None or page.kind == "missing":
            return
        ids = [shown.id for shown in self.pages]
        following = ids[ids.index(page.id) + 1 :] if page.id in ids else []

        def done(change: Change) -> None:
            if self._at is at and self.review is not None:
                # what is on disk now, without reading a thousand other pages again
                judged = replace(page, verdict=verdict, reason=reason)
                pages = tuple(judged if shown.id == page.id else shown for shown in self.review.pages)
                self._show(replace(self.review, pages=pages))
            self._remember(at, change)

        if verdict and following:
            # the glance goes on at once; the registry follows
            self._current = following[0]
            self.changed.emit()
        operation = self._workplace.operations.run(
            self.tr("Judge page {page}").format(page=page.position),
            lambda _context: at.judge([page.id], verdict, reason),
            lane=LANE,
            lasts=True,
            on_success=done,
        )
        self._undo.settling.watch(operation)

    def _remember(self, at: ItemReview, change: Change) -> None:
        self._undo.push(at, change)
        self._telling = True
        try:
            self._workplace.item_changed.emit(change.batch, change.item)
        finally:
            self._telling = False
        self._list_again()

    def look_for_earlier(self, page: ReviewPage, then: Callable[[ImageSource | None], None]) -> None:
        """Look for the capture that a page has replaced; `then` is called while the page is in view."""
        at = self._at
        if at is None:
            return

        def found(source: ImageSource | None) -> None:
            if self._at is at and self._current == page.id:
                then(source)

        self._workplace.operations.run(
            self.tr("Look for the earlier capture"),
            lambda _context: at.earlier(page),
            lane=LANE,
            on_success=found,
        )

    def release(self, reason: str) -> None:
        """Let the held item go on, with a reason that is kept for good."""
        review, node = self.review, self._workplace.node
        if review is None:
            return

        def work(_context: OperationContext) -> int:
            return accept_batch(node, review.batch, item=review.item, reason=reason)

        def done(_units: int) -> None:
            self.released.emit(review.item)
            self._workplace.item_changed.emit(review.batch, review.item)
            self._list_again()

        self._workplace.operations.run(
            self.tr("Accept {item}").format(item=review.item), work, lane=LANE, on_success=done
        )

    def _hear_of(self, batch: str, item: str) -> None:
        review = self.review
        if (
            self.is_watched
            and not self._telling
            and review is not None
            and (review.batch, review.item) == (batch, item)
        ):
            self.refresh()
            self._list_again()

    def _view_affected(self, batch: str, item: str, positions: Sequence[int]) -> None:
        review: Any = self.review
        if review is not None and (review.batch, review.item) == (batch, item) and positions:
            self._wanted = positions[0]


def _with_known(review: Review, known: Mapping[int, ReviewPage]) -> Review:
    """The pages that are as they were are the same objects again, so that nothing of them is made anew."""
    pages = tuple(
        before if (before := known.get(page.id)) is not None and before == page else page
        for page in review.pages
    )
    return replace(review, pages=pages)


def _urgency(item: ReviewItem) -> int:
    return list(type(item.standing)).index(item.standing)
