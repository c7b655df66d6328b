# SPDX-License-Identifier: Apache-2.0
"""The page in view: which place of the item it is, its image, its growing while it comes, and its measures."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from app.desktop.capture.growing import GUESSED_SHAPE, GrowingPage
from app.desktop.operation import OperationContext
from app.desktop.thumbnails.row import PageState, ThumbnailRow, describe
from app.desktop.thumbnails.strip import ThumbnailStrip
from app.desktop.viewer.page_viewer import PageViewer
from app.desktop.workplace import Workplace
from archive.errors import ColorProfileUnknown, DamagedImage, UnsupportedImage
from archive.imaging.image_source import ImageSource
from archive.imaging.page_measures import PageMeasures, measure_page
from hardware.scanner import PageStarted
from workers.desk.places import DeskState, Place
from workers.page_profiles import page_profile
from workers.raw_pages import image_source_of, raw_page_of
from workers.settings import Settings

SECONDS_BETWEEN_HEADERS = 0.5
"""Each time that headers are told, the strip is gone through once."""


class PagePlace(QObject):
    """Keeps viewer and strip on one page of the item, and moves to the page that a change was about.

    Args:
        workplace: What the screens share.
        viewer: The big one.
        strip: The small ones.
        growing: The page that is arriving.
        parent: Owner.
    """

    moved = Signal()
    """Another page is in view, or the same one has changed."""
    profiles_read = Signal(object)
    """The ICC profiles of the batch's pages, by samples of a pixel."""
    measured = Signal(int, object)
    """A page was measured: the place's id, and PageMeasures or None."""

    def __init__(
        self,
        workplace: Workplace,
        viewer: PageViewer,
        strip: ThumbnailStrip,
        growing: GrowingPage,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._viewer = viewer
        self._strip = strip
        self._places: tuple[Place, ...] = ()
        self._current: int | None = None
        self._position = 0
        self._wanted: int | None = None
        self._started: PageStarted | None = None
        self._sources: dict[int, ImageSource] = {}
        self._rows: dict[int, tuple[Place, ThumbnailRow]] = {}
        self._asked: set[int] = set()
        self._unread: dict[int, Path] = {}
        self._measures: dict[str, PageMeasures | None] = {}
        self._shown: tuple[object, ...] = ()
        self._profile = ""
        self._icc: dict[int, bytes | None] = {}
        strip.chosen.connect(self._choose_key)
        growing.grown.connect(self._grow)

    @property
    def current(self) -> Place | None:
        """The place in view."""
        return next((place for place in self._places if place.id == self._current), None)

    @property
    def position(self) -> int:
        """Position of the place in view, from 1; 0 for none."""
        return self._position

    def measures(self, place: Place) -> PageMeasures | None:
        """The measures of a page, as far as they are there."""
        return self._measures.get(place.image_key)

    def show_state(self, state: DeskState | None) -> None:
        """Show the item as it is now; the page in view stays, or the next one takes its place."""
        self._places = state.places if state is not None else ()
        if not self._places:
            self._rows.clear()
        self._strip.set_rows(self._told_rows())
        ids = [place.id for place in self._places]
        if self._wanted is not None:
            self._position, self._wanted = min(self._wanted, len(ids)), None
        elif self._current in ids:
            self._position = ids.index(self._current) + 1
        else:
            self._position = min(max(self._position, 1), len(ids))
        self._show()

    def go_to(self, position: int) -> None:
        """Bring a page into view by its position, from 1; nearest where there is none such."""
        if self._places:
            self._position = min(max(position, 1), len(self._places))
            self._show()

    def go_to_when_there(self, position: int) -> None:
        """Bring a page into view when the item is told the next time."""
        self._wanted = position

    def step(self, by: int) -> None:
        """Go so many pages on."""
        self.go_to(self._position + by)

    def use_color_profile(self, name: str) -> None:
        """Show pages in the colours that their masters will state, by the manifest's name of the profile."""
        if name == self._profile:
            return
        self._profile, self._icc = name, {}

        def found(profiles: dict[int, bytes | None]) -> None:
            if name == self._profile:
                self._icc = profiles
                self._sources.clear()
                self._rows.clear()
                self._asked.clear()
                self._unread.clear()
                self.profiles_read.emit(profiles)
                self._strip.set_rows(self._told_rows())
                self._show(anew=True)

        settings = self._workplace.node.settings
        self._workplace.operations.run(
            self.tr("Read the colour profile"), lambda _context: _profiles(settings, name), on_success=found
        )

    def begin_page(self, started: PageStarted) -> None:
        """A page begins to arrive: it is shown from its first rows on."""
        self._started = started

    def end_page(self) -> None:
        """The page is complete, or came to nothing: the page in view is shown again."""
        self._started = None
        self._show(anew=True)

    def _grow(self, image: QImage, _share: float) -> None:
        started = self._started
        if started is not None:
            height = started.height or round(started.width * GUESSED_SHAPE)
            self._shown = ()
            self._viewer.show_growing(started.width, height, image)

    def _choose_key(self, key: str) -> None:
        ids = [str(place.id) for place in self._places]
        if key in ids:
            self.go_to(ids.index(key) + 1)

    def _show(self, *, anew: bool = False) -> None:
        place = self._places[self._position - 1] if self._position else None
        self._current = place.id if place is not None else None
        self._strip.set_current(str(place.id) if place is not None else "")
        if self._started is None:
            self._show_image(place, anew=anew)
        self.moved.emit()

    def _show_image(self, place: Place | None, *, anew: bool) -> None:
        source = self._source(place) if place is not None else None
        if place is None or source is None:
            self._shown = ()
            self._viewer.clear()
            return
        shown = (place.id, source.cache_name, place.rotation, place.verdict)
        if shown != self._shown or anew:
            self._shown = shown
            self._viewer.show_page(
                str(place.id), source, rotation=place.rotation, description=describe(self._row(place))
            )
            self._prefetch_next()
        self._measure(place)

    def _prefetch_next(self) -> None:
        """Have the page behind the one in view ready, should the operator go on to it."""
        if self._position < len(self._places):
            place = self._places[self._position]
            source = self._source(place)
            if source is not None:
                self._viewer.prefetch(source, rotation=place.rotation)

    def _told_rows(self) -> list[ThumbnailRow]:
        return [self._row(place) for place in self._places]

    def _row(self, place: Place) -> ThumbnailRow:
        # of a long item most places are the very same as they were told before
        known = self._rows.get(place.id)
        if known is None or known[0] is not place:
            known = self._rows[place.id] = (place, self._make_row(place))
        return known[1]

    def _make_row(self, place: Place) -> ThumbnailRow:
        state = PageState.MISSING if place.kind == "missing" else PageState.CAPTURED
        verdicts = {check["verdict"] for check in place.checks}
        if place.problem or "hold" in verdicts:
            state = PageState.HELD
        elif "review" in verdicts:
            state = PageState.LOOK
        return ThumbnailRow(
            key=str(place.id),
            label=place.label,
            name=place.name,
            state=state,
            verdict=place.verdict,
            source=self._source(place),
            turns=place.rotation,
        )

    def _source(self, place: Place) -> ImageSource | None:
        if place.path is None:
            return None
        # what was captured at a place never changes; of long items most places are known already
        known = self._sources.get(place.id)
        if known is not None and known.path == place.path:
            return known
        if place.page is not None:
            bilevel = place.page.bits_per_sample == 1
            icc = None if bilevel else self._icc.get(place.page.samples_per_pixel)
            self._sources[place.id] = image_source_of(place.page, icc)
        elif place.kind == "file":
            self._look_at_file(place)
        return self._sources.get(place.id)

    def _look_at_file(self, place: Place) -> None:
        """Have the header of a file that was taken in be read, together with those of others."""
        if place.id in self._asked or place.path is None:
            return
        self._asked.add(place.id)
        if not self._unread:
            QTimer.singleShot(0, self, self._look_at_files)
        self._unread[place.id] = place.path

    def _look_at_files(self) -> None:
        files, self._unread = self._unread, {}
        if not files:
            return
        name = next((path.name for path in files.values()), "")
        self._workplace.operations.run(
            self.tr("Look at {name}").format(name=name), partial(_read_headers, files), on_told=self._found
        )

    def _found(self, sources: dict[int, ImageSource]) -> None:
        self._sources.update(sources)
        for place in sources:
            self._rows.pop(place, None)
        self._strip.set_rows(self._told_rows())
        self._show()

    def _measure(self, place: Place) -> None:
        page = place.page
        if page is None or place.image_key in self._measures or min(page.dpi) <= 0:
            return
        self._measures[place.image_key] = None

        def work(_context: OperationContext) -> PageMeasures | None:
            return measure_page(raw_page_of(page))

        def done(measures: PageMeasures | None) -> None:
            self._measures[place.image_key] = measures
            self.measured.emit(place.id, measures)

        self._workplace.operations.run(
            self.tr("Measure a page"),
            work,
            on_success=done,
            on_failure=lambda _failure: None,  # an item that is handed over meanwhile takes its pages along
        )


def _read_headers(files: Mapping[int, Path], context: OperationContext) -> None:
    """Tell what files hold, some at a time: a thousand may be dropped at once.

    Raises:
        DamagedImage, UnsupportedImage, OSError: One of them cannot be read; all others were told.
    """
    found: dict[int, ImageSource] = {}
    unreadable: Exception | None = None
    told_at = 0.0
    for place, path in files.items():
        context.check()
        try:
            found[place] = ImageSource.from_file(path)
        except (DamagedImage, UnsupportedImage, OSError) as error:
            unreadable = error
        if found and time.monotonic() - told_at > SECONDS_BETWEEN_HEADERS:
            context.tell(found)
            found, told_at = {}, time.monotonic()
    context.tell(found)
    if unreadable is not None:
        raise unreadable


def _profiles(settings: Settings, name: str) -> dict[int, bytes | None]:
    """The profiles of gray and of colour pages of a batch, by samples of a pixel."""
    profiles: dict[int, bytes | None] = {}
    for samples in (1, 3):
        try:
            profiles[samples] = page_profile(settings, "", name, samples)
        except ColorProfileUnknown:
            # one of the site's own that is not here: the viewer says that colours may be wrong
            profiles[samples] = None
    return profiles


def positions(places: Sequence[Place], ids: Sequence[int]) -> list[int]:
    """Positions of places by their ids."""
    wanted = set(ids)
    return [place.position for place in places if place.id in wanted]
