# SPDX-License-Identifier: Apache-2.0
"""What the operator does to pages that are captured; each step can be taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.desktop.capture.item_desk import ItemDesk
from app.desktop.capture.labels_dialog import LabelsDialog
from app.desktop.capture.page_place import PagePlace
from app.desktop.theme.theme import Theme
from app.desktop.thumbnails.strip import ThumbnailStrip
from workers.desk.places import Place

NEIGHBOURS = 100
"""So many of the pages behind tell where files belong that are being added."""

IMAGES = "*.tif *.tiff *.jpg *.jpeg *.png *.jp2"


class PageCommands(QObject):
    """Works on the pages that are selected in the strip, or on the one in view.

    Args:
        desk: The item.
        place: The page in view.
        strip: Where pages are selected.
        theme: Colours of dialogs.
        window: Above which dialogs stand.
    """

    def __init__(
        self, desk: ItemDesk, place: PagePlace, strip: ThumbnailStrip, theme: Theme, window: QWidget
    ) -> None:
        super().__init__(window)
        self._desk = desk
        self._place = place
        self._strip = strip
        self._theme = theme
        self._window = window
        strip.moved.connect(self.move)

    @property
    def chosen(self) -> list[Place]:
        """The pages that a command is about."""
        places = self._desk.places
        rows = [row for row in self._strip.selected_rows() if row < len(places)]
        current = self._place.current
        if len(rows) > 1 and current is not None and current.position - 1 in rows:
            return [places[row] for row in rows]
        return [current] if current is not None else []

    def discard(self) -> None:
        """Put pages aside."""
        self._desk.when_settled(self._discard)

    def _discard(self) -> None:
        chosen = _ids(self.chosen)
        if chosen:
            self._desk.change(self.tr("Discard"), lambda desk: desk.discard(chosen))

    def rotate(self, quarter_turns: int) -> None:
        """Turn the view of pages clockwise."""
        self._desk.when_settled(partial(self._rotate, quarter_turns))

    def _rotate(self, quarter_turns: int) -> None:
        chosen = _ids(self.chosen)
        if chosen:
            self._desk.change(self.tr("Turn the view"), lambda desk: desk.rotate(chosen, quarter_turns))

    def shift(self, step: int) -> None:
        """Move pages one place earlier (-1) or later (1)."""
        self._desk.when_settled(partial(self._shift, step))

    def _shift(self, step: int) -> None:
        chosen = self.chosen
        if not chosen:
            return
        first, last = chosen[0].position, chosen[-1].position
        count = len(self._desk.places)
        if (step < 0 and first == 1) or (step > 0 and last == count):
            return
        row = first - 2 if step < 0 else last + 1
        self.move([place.position - 1 for place in chosen], row if row < count else None)

    def move(self, rows: Sequence[int], before: int | None) -> None:
        """Move pages before another, by their rows from 0; None for the end."""
        places = self._desk.places
        chosen = [places[row].id for row in rows if row < len(places)]
        target = places[before].id if before is not None and before < len(places) else None
        if chosen and target not in chosen:
            self._desk.change(self.tr("Move"), lambda desk: desk.reorder(chosen, target))

    def mark_missing(self, count: int = 1, *, at_end: bool = False) -> None:
        """Say that pages are missing in the original: behind the page in view, or at the end of the item."""
        self._desk.when_settled(partial(self._mark_missing, count, at_end=at_end))

    def _mark_missing(self, count: int, *, at_end: bool) -> None:
        places, position = self._desk.places, self._place.position
        before = places[position].id if not at_end and 0 < position < len(places) else None
        for _ in range(count):
            self._desk.change(
                self.tr("Mark a missing page"), lambda desk: desk.mark_missing(before=before), then=self._view
            )

    def interleave(self) -> None:
        """Put the backs of a stack, scanned after its fronts, each behind its front.

        The page in view is the first back; where it is the first of all, the backs begin in the middle.
        """
        places, position = self._desk.places, self._place.position
        first_back = position if position > 1 else len(places) // 2 + 1
        if len(places) < 2:  # noqa: PLR2004  # a front and a back
            return
        reverse = self.ask_for_order(first_back)
        if reverse is not None:
            back = places[first_back - 1].id
            self._desk.change(self.tr("Interleave"), lambda desk: desk.interleave(back, reverse=reverse))

    def ask_for_order(self, first_back: int) -> bool | None:
        """Ask in which order the backs came: whether the last came first; None to leave it."""
        box = QMessageBox(self._window)
        box.setWindowTitle(self.tr("Interleave fronts and backs"))
        box.setText(self.tr("The backs begin with page {page}.").format(page=first_back))
        box.setInformativeText(
            self.tr("Was the whole stack turned over, so that the back of the last sheet came first?")
        )
        turned = box.addButton(self.tr("Turned as a stack"), QMessageBox.ButtonRole.AcceptRole)
        same = box.addButton(self.tr("In the order of the fronts"), QMessageBox.ButtonRole.ActionRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(turned)
        box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        if clicked is turned:
            return True
        return False if clicked is same else None

    def label(self) -> None:
        """Label pages as they are numbered in print, from the page in view on."""
        if not self._desk.places:
            return
        answer = LabelsDialog.ask(self._theme, self._desk.places, max(self._place.position, 1), self._window)
        if answer is not None:
            places, scheme, start = answer
            self._desk.change(self.tr("Label"), lambda desk: desk.relabel(places, scheme, start))

    def take_in(self) -> None:
        """Add image files behind the page in view."""
        if self._desk.desk is not None:
            self.take_in_files(self.ask_for_files())

    def ask_for_files(self) -> list[Path]:
        """Ask for image files."""
        kinds = self.tr("Page images ({kinds})").format(kinds=IMAGES)
        names, _ = QFileDialog.getOpenFileNames(self._window, self.tr("Add image files"), "", kinds)
        return [Path(name) for name in names]

    def take_in_files(self, paths: Sequence[Path]) -> None:
        """Add image files behind the page in view, in the order of their names: page 2 before page 10."""
        files = sorted(paths, key=_by_name)
        places, position = self._desk.places, self._place.position
        # copying takes its time, in which any of them may be discarded
        before = _ids(places[position : position + NEIGHBOURS]) if position else []
        if files:
            self._desk.take_in(self.tr("Add image files"), files, before, self._view)

    def _view(self, change: object) -> None:
        numbers = getattr(change, "numbers", ())
        if numbers:
            self._place.go_to(numbers[-1])


def _by_name(path: Path) -> list[tuple[int, str]]:
    """Sorts names as people do: numbers in them count as numbers."""
    return [
        (int(part), "") if part.isdecimal() else (-1, part.casefold())
        for part in re.split(r"(\d+)", path.name)
    ]


def _ids(places: Sequence[Place]) -> list[int]:
    return [place.id for place in places]
