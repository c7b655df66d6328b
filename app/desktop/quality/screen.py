# SPDX-License-Identifier: Apache-2.0
"""Quality: look at one page after the other, accept it or reject it with a reason, and settle what is held."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import pairwise
from typing import Any, ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSplitter,
    QStackedLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.board.reason_dialog import ReasonDialog
from app.desktop.quality.item_list import ItemList
from app.desktop.quality.page_images import PageImages
from app.desktop.quality.page_panel import PagePanel
from app.desktop.quality.reject_bar import RejectBar
from app.desktop.quality.retaking import PageRetake, page_lies_ready
from app.desktop.quality.reviewing import Reviewing
from app.desktop.quality.suggesting import Suggesting
from app.desktop.quality.words import FILTERS, Filter, word
from app.desktop.screen import Screen
from app.desktop.thumbnails.row import PageState, ThumbnailRow, describe
from app.desktop.thumbnails.strip import ThumbnailStrip
from app.desktop.undo import LANE
from app.desktop.viewer.linked_viewers import LinkedViewers
from app.desktop.viewer.page_viewer import PageViewer
from app.desktop.widgets.elided_label import ElidedLabel
from app.desktop.widgets.empty_place import EmptyPlace
from app.desktop.widgets.head_line import HeadLine
from app.desktop.workplace import Workplace
from archive.imaging.image_source import ImageSource
from archive.registry.capture_list import batch_names
from workers.desk.review import ReviewPage

LOW = 850
"""Pixels of height below which thumbnails are smaller."""
TOOLS = (
    "quality.compare",
    "quality.link",
    "quality.loupe",
    "quality.fit",
    "quality.zoom_full",
    "quality.grid",
)
FAR = 1 << 30
"""More pages than any item has."""


class QualityScreen(Screen):
    """Review by key: the page in the middle, its checks beside it, the next one at once."""

    screen_id: ClassVar[str] = "quality"

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        theme = workplace.theme
        self._is_low = False
        self.reviewing = Reviewing(workplace, self)
        self.suggesting = Suggesting(workplace, self.reviewing)
        self.items = ItemList(theme)
        self.viewer = PageViewer(workplace.images, theme)
        self.linked = LinkedViewers(workplace.images, theme)
        self.images = PageImages(workplace, self)
        self.again = PageRetake(workplace, self)
        self.strip = ThumbnailStrip(workplace.thumbnails, theme)
        self.panel = PagePanel(workplace)
        self.reject_bar = RejectBar(theme)
        self.title = HeadLine("", 1.4)
        self.position = ElidedLabel()
        self.batches = QComboBox()
        self.filters = QComboBox()
        self._is_comparing = False
        self._shown: tuple[object, ...] = ()
        self._listed: list[ReviewPage] = []
        self._rows: dict[int, tuple[ReviewPage, ThumbnailRow]] = {}
        self._bind()
        self._lay_out()
        self._connect()

    # Building

    def _bind(self) -> None:
        actions, at = self.workplace.actions, self.reviewing

        def has_page() -> bool:
            return at.page is not None and at.page.kind != "missing"

        def has_pages() -> bool:
            return at.has_pages

        actions.bind("quality.accept", partial(at.judge, "accepted"), when=has_page)
        actions.bind("quality.reject", self.reject_bar.ask, when=has_page)
        actions.bind(
            "quality.take_back",
            partial(at.judge, ""),
            when=lambda: at.page is not None and bool(at.page.verdict),
        )
        actions.bind("quality.retake", self.retake, when=lambda: at.page is not None and not self.again.runs)
        actions.bind(
            "quality.release", self.release, when=lambda: at.review is not None and bool(at.review.held)
        )
        for name, step in (("next", 1), ("previous", -1)):
            actions.bind(f"quality.{name}_page", partial(at.step, step), when=has_pages)
            actions.bind(f"quality.{name}_item", partial(at.step_item, step), when=lambda: bool(at.items))
        actions.bind("quality.first_page", partial(at.step, -FAR), when=has_pages)
        actions.bind("quality.last_page", partial(at.step, FAR), when=has_pages)
        actions.bind("quality.next_open", at.next_open, when=lambda: at.left > 0)
        actions.bind("quality.filter", self._next_filter, when=lambda: at.review is not None)
        actions.bind("quality.compare", self.compare, when=has_page)
        actions.bind("quality.link", self._link, when=lambda: self._is_comparing)
        actions.bind("quality.grid", self._turn_strip, when=has_pages)
        actions.bind("quality.loupe", self._loupe, when=has_page)
        actions.bind("quality.fit", self._fit, when=has_page)
        actions.bind("quality.zoom_full", partial(self._zoom, 1.0), when=has_page)
        actions.bind("quality.zoom_half", partial(self._zoom, 0.5), when=has_page)
        actions.bind("quality.zoom_pointer", self._zoom_at_pointer, when=has_page)
        self.panel.suggestions.bind(self.suggesting)
        actions.bind("quality.choose_batch", self.batches.showPopup, when=lambda: self.batches.count() > 0)

    def _lay_out(self) -> None:
        self.batches.setAccessibleName(self.tr("Batch"))
        self.filters.setAccessibleName(self.tr("Which pages are shown"))
        for box in (self.batches, self.filters):
            box.setMinimumHeight(36)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for shown, text in FILTERS.items():
            self.filters.addItem(word(text), shown)
        self.middle = QStackedWidget()
        self.no_page = EmptyPlace(
            self.tr("No page to look at"),
            self.tr("No page of this item is here yet, or none that is shown with this choice."),
            self.workplace.actions.action("quality.filter"),
        )
        self.missing_page = EmptyPlace(
            self.tr("This page is missing"), self.tr("Its number stays free, should it turn up."), None
        )
        self.no_image = EmptyPlace(
            self.tr("The image is not here"),
            self.tr("Its master was released, or lies on another machine."),
            None,
        )
        for widget in (self.viewer, self.linked, self.no_page, self.missing_page, self.no_image):
            self.middle.addWidget(widget)
        self.nothing = EmptyPlace(
            self.tr("Nothing to look at yet"),
            self.tr("Pages come here as soon as they are captured. Start with the first item."),
            self.workplace.actions.action("general.go_to_capture"),
        )
        self._space = self._make_space()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(self._space)

    def _make_space(self) -> QWidget:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.middle, 1)
        column.addWidget(self.reject_bar)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for widget in (self.items, centre, self.panel):
            self.splitter.addWidget(widget)
            self.splitter.setStretchFactor(self.splitter.count() - 1, int(widget is centre))
        self.splitter.setSizes([180, 700, 400])
        self.splitter.setCollapsible(1, False)
        space = QWidget()
        outer = QVBoxLayout(space)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._make_head())
        outer.addWidget(self.splitter, 1)
        outer.addWidget(self.strip)
        # from the choice of pages to the page, what is known of it, and on to the others
        chain = (self.filters, self.batches, self.items, self.viewer, self.linked.left, self.linked.right)
        for before, behind in pairwise((*chain, *self.panel.stops, self.strip)):
            QWidget.setTabOrder(before, behind)
        return space

    def _make_head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.position)
        row.addLayout(names, 1)
        for action_id in TOOLS:
            button = QToolButton()
            button.setDefaultAction(self.workplace.actions.action(action_id))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setIconSize(QSize(24, 24))
            button.setMinimumSize(36, 36)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self.filters)
        row.addWidget(self.batches)
        return head

    def _connect(self) -> None:
        at = self.reviewing
        at.changed.connect(self._show)
        at.listed.connect(self._show_items)
        self.images.read.connect(lambda: self._show_image(at.page))
        at.released.connect(self._released)
        self.items.opened.connect(at.choose)
        self.strip.chosen.connect(lambda key: at.go_to(int(key)))
        self.strip.opened.connect(lambda _key: self._turn_strip() if self.strip.isWrapping() else None)
        self.reject_bar.chosen.connect(partial(at.judge, "rejected"))
        self.reject_bar.put_away.connect(self._look_at_page)
        self.filters.activated.connect(lambda row: at.show_filter(Filter(self.filters.itemData(row))))
        self.batches.activated.connect(lambda row: at.open(str(self.batches.itemData(row))))
        self.workplace.batches_changed.connect(self._list_batches)
        self.workplace.work_changed.connect(self._work_changed)

    # Entering

    def entered(self, arguments: Mapping[str, Any]) -> None:
        """Show the batch, item and page that are asked for, else those that are worked on."""
        self.reviewing.is_watched = True
        batch = str(arguments.get("batch") or self.workplace.batch or "")
        item = arguments.get("item") or self.workplace.item
        self._list_batches(batch)
        page, review = arguments.get("page"), self.reviewing.review
        if review is not None and page is None and (review.batch, review.item) == (batch, item):
            # whoever was elsewhere comes back to the page that was in view
            self.reviewing.look_again()
        elif batch:
            self.reviewing.open(batch, item, page)
        self._look_at_page()

    def left(self) -> None:
        """Another screen is shown: nothing is read that nobody sees."""
        self.reviewing.is_watched = False
        self.reject_bar.hide()

    def shut_down(self) -> None:
        """Every verdict is on disk; only a page that is taken again is stopped."""
        self.reject_bar.hide()
        self.again.stop()

    def _list_batches(self, wanted: str = "") -> None:
        def work(_context: object) -> list[str]:
            with self.workplace.node.registry.reading() as session:
                return [name for name, _, _ in batch_names(session)]

        def show(names: list[str]) -> None:
            self.batches.clear()
            for name in names:
                self.batches.addItem(name, name)
            chosen = wanted or self.reviewing.batch
            self.batches.setCurrentIndex(self.batches.findData(chosen))
            if names and not chosen:
                self.batches.setCurrentIndex(0)
                self.reviewing.open(names[0])
            self._stack.setCurrentWidget(self._space if names else self.nothing)
            self.workplace.actions.refresh()

        self.workplace.operations.run(self.tr("Read the batches"), work, lane=LANE, on_success=show)

    def _work_changed(self, batch: str, item: str) -> None:
        at = self.reviewing
        if (
            self.isVisible()
            and batch
            and (batch != at.batch or (at.review is not None and item != at.review.item))
        ):
            at.open(batch, item or None)

    def _look_at_page(self) -> None:
        self._looking.setFocus()

    # What is shown

    @property
    def _looking(self) -> PageViewer:
        return self.linked.right if self._is_comparing else self.viewer

    def _show_items(self, items: list[Any]) -> None:
        self.items.show_items(items)
        review = self.reviewing.review
        self.items.show_current(review.item if review is not None else self.workplace.item or "")

    def _show(self) -> None:
        at = self.reviewing
        review, page = at.review, at.page
        if review is None:
            self._rows.clear()
        self.title.setText(review.title if review is not None else "")
        self.position.setText(self._where(page))
        self.items.show_current(review.item if review is not None else "")
        self.filters.setCurrentIndex(list(Filter).index(at.filter))
        pages = at.pages
        if pages != self._listed:
            self._listed = pages
            self.strip.set_rows([self._row(shown) for shown in pages])
        self.strip.set_current(str(page.id) if page is not None else "")
        self.panel.show_page(review, page)
        self._show_image(page)
        self.workplace.actions.refresh()

    def _where(self, page: ReviewPage | None) -> str:
        review = self.reviewing.review
        if review is None or page is None:
            return ""
        where = self.tr("{item} · page {position} of {pages} · {name}").format(
            item=review.item, position=page.position, pages=review.pages[-1].position, name=page.name
        )
        left = self.tr("%n page(s) need a look", "", self.reviewing.left)
        return f"{where} · {left}"

    def _row(self, page: ReviewPage) -> ThumbnailRow:
        """The page in the strip; made anew only where the page is another one than before."""
        known = self._rows.get(page.id)
        if known is None or known[0] is not page:
            known = self._rows[page.id] = (page, self._make_row(page))
        return known[1]

    def _make_row(self, page: ReviewPage) -> ThumbnailRow:
        state = PageState.MISSING if page.kind == "missing" else PageState.CAPTURED
        if page.flagged:
            state = PageState.HELD if page.holds else PageState.LOOK
        return ThumbnailRow(
            key=str(page.id),
            label=page.label,
            name=page.name,
            state=state,
            verdict=page.verdict,
            source=page.source,
            turns=page.rotation,
        )

    def _show_image(self, page: ReviewPage | None) -> None:
        if page is None or page.source is None:
            self._shown = ()
            self.viewer.clear()
            empty = self.no_page if page is None else self.no_image
            self.middle.setCurrentWidget(self.missing_page if page and page.kind == "missing" else empty)
            return
        self.middle.setCurrentWidget(self.linked if self._is_comparing else self.viewer)
        shown = (page.id, page.source.key, page.rotation, page.verdict, self._is_comparing)
        if shown != self._shown:
            there = self._put(self._looking, page)
            if self._is_comparing:
                there = self._put_beside(page) and there
            # what could not be shown yet is tried again when its header is known
            self._shown = shown if there else ()

    def _put_beside(self, page: ReviewPage) -> bool:
        """Put what a page has replaced to its left; the page before it where it has replaced nothing."""
        self.reviewing.look_for_earlier(page, partial(self._put_earlier, page))
        other = self.reviewing.neighbour(page)
        return other is None or self._put(self.linked.left, other)

    def _put_earlier(self, page: ReviewPage, source: ImageSource | None) -> None:
        if source is not None and self._is_comparing:
            words = self.tr("earlier capture of page {label}").format(label=page.label)
            self.linked.left.show_page(
                f"earlier {page.id}", source, rotation=page.rotation, description=words
            )
            self.workplace.say(self.tr("Left: {page}").format(page=words))

    def _put(self, viewer: PageViewer, page: ReviewPage) -> bool:
        return self.images.show(viewer, page, describe(self._row(page)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a low display the page gets the room, not the strip."""
        super().resizeEvent(event)
        low = event.size().height() < LOW
        if low != self._is_low and not self.strip.isWrapping():
            self.strip.set_arrangement("strip", QSize(66, 84) if low else None)
        self._is_low = low

    # What the operator does

    def compare(self) -> None:
        """Put the page in view beside its earlier capture, or the page before it; or end comparing."""
        self._is_comparing = not self._is_comparing
        self._show()
        self._look_at_page()

    def _link(self) -> None:
        self.linked.set_linked(linked=not self.linked.is_linked)
        self.workplace.say(
            self.tr("Both pages move together") if self.linked.is_linked else self.tr("Each page moves alone")
        )

    def _loupe(self) -> None:
        self._looking.set_loupe(shown=not self._looking.has_loupe)

    def _fit(self) -> None:
        self._looking.zoom_to_fit()

    def _zoom(self, scale: float) -> None:
        self._looking.zoom_to(scale)

    def _zoom_at_pointer(self) -> None:
        self._looking.zoom_at_pointer()

    def _turn_strip(self) -> None:
        """Show all pages as a grid in the place of the one in view, or that one again."""
        grid = not self.strip.isWrapping()
        small = QSize(66, 84) if self._is_low and not grid else None
        self.strip.set_arrangement("grid" if grid else "strip", small)
        self.splitter.setVisible(not grid)
        if grid:
            self.strip.setFocus()
        else:
            self._look_at_page()

    def _next_filter(self) -> None:
        order = list(Filter)
        self.reviewing.show_filter(order[(order.index(self.reviewing.filter) + 1) % len(order)])

    def release(self) -> None:
        """Let the held item go on, with a reason that is asked for."""
        review = self.reviewing.review
        if review is None:
            return
        title = self.tr("Accept {item}").format(item=review.item)
        reason = ReasonDialog.ask(self, title, review.held, needed=True)
        if reason:
            self.reviewing.release(reason)

    def _released(self, item: str) -> None:
        self.workplace.say(self.tr("{item} goes on").format(item=item))
        link = self.workplace.station_link
        if link is not None:
            link.dispatch(self.reviewing.batch)

    def retake(self) -> None:
        """Take the page in view again in its place: at the desk in the capture workspace, later on from here."""
        at = self.reviewing
        review, page = at.review, at.page
        if review is None or page is None:
            return
        if review.at_desk:
            if page.verdict != "rejected" and page.kind != "missing":
                at.judge("rejected")
            self.workplace.go_to("capture", batch=review.batch, item=review.item, retake=page.id)
        elif page_lies_ready(page, self):
            self.again.begin(review, page)

    def unfinished(self) -> str | None:
        """A page that is taken again would be stopped."""
        return self.tr("A page is being captured again.") if self.again.runs else None
