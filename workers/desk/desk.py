# SPDX-License-Identifier: Apache-2.0
"""The desk of one item: what a person may do with its pages until it is handed over."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive.registry import Session, desk
from archive.registry.clock import now_iso
from archive.registry.tables import BatchRow, DeskPlaceRow, DeskRunRow, ItemRow
from hardware.scanner import PageFile
from workers.back_pressure import require_room_now
from workers.desk import arranging
from workers.desk.change import Change, Recording, put_back
from workers.desk.errors import DeskClosed, DeskError, PlaceUnknown
from workers.desk.handing_over import hand_over
from workers.desk.labels import LabelScheme
from workers.desk.places import DeskState, Place, Verdict, describe_desk, path_of
from workers.desk.runs import Run, make_folder, pages_in_folder, run_of
from workers.desk.taking_in import TakenIn, copy_in
from workers.errors import CaptureRefused
from workers.node import Node
from workers.owners import owner_name
from workers.stages.capture_requirements import Requirements


class Desk:
    """An item that a person captures. Places are named by their `id`; each call is one transaction.

    Args:
        node: The process's settings, registry and folders.
        batch: The batch.
        item: The item.
    """

    def __init__(self, node: Node, batch: str, item: str) -> None:
        self._node = node
        self._batch = batch
        self._item = item
        self._facts: dict[int, dict[str, Any]] = {}
        self._told: dict[int, Place] = {}

    @property
    def folder(self) -> Path:
        """The item's folder."""
        return self._node.item_folder(self._batch, self._item)

    def state(self) -> DeskState:
        """The item as it stands; also after it was handed over.

        Raises:
            DeskClosed: It was never at the desk.
            ItemUnknown: There is no such item.
        """
        with self._node.registry.reading() as session:
            item = desk.item_of(session, self._batch, self._item)
            if item.desk is None:
                raise DeskClosed(f"Item {self._batch}/{self._item} is not captured at the desk.")
            self._facts |= desk.facts_of_places(session, item.id, self._facts)
            state = describe_desk(session, item, self.folder, self._facts, self._told)
        self._told = {place.id: place for place in state.places}
        return state

    def earlier_capture(self, place: int) -> PageFile | None:
        """The page that was replaced by the page of a place, to be compared with it; None where there is none.

        Raises:
            DeskClosed, PlaceUnknown: See `begin_run`.
        """
        with self._node.registry.reading() as session:
            item = self._require_open(desk.item_of(session, self._batch, self._item))
            replaced = desk.replaced_by(session, self._placed(session, item, place))
            if replaced is None or replaced.facts is None:
                return None
            run = session.get_one(DeskRunRow, replaced.run)
            path = path_of(replaced, run.number, self.folder)
            return PageFile.from_json({**replaced.facts, "path": str(path)})

    def begin_run(
        self,
        *,
        before: int | None = None,
        replaces: int | None = None,
        pages: int | None = 1,
        first_page: int | None = None,
    ) -> Run:
        """Write down that a scan is about to begin, and make the folder for its pages.

        Args:
            before: The place that its pages come to stand before; None for the end.
            replaces: The place that its first page takes; further pages come behind it.
            pages: How many pages at most; None for all that the feeder holds.
            first_page: The number of its first page, when it shall not be the one after its position.

        Raises:
            DeskClosed: The item is handed over.
            PlaceUnknown: `before` or `replaces` is not in the item.
            DiskLow: The disk is nearly full; nothing was begun.
            OSError: The folder cannot be made; then the run is ended.
        """
        require_room_now(self._node.settings)
        with self._open() as (session, item):
            place = self._place(session, item, replaces if replaces is not None else before)
            if first_page is None:
                last = desk.count_in_order(session, item.id) + 1
                first_page = desk.position_of(session, place) if place else last
            row = DeskRunRow(
                item=item.id,
                number=desk.last_run_number(session, item.id) + 1,
                before=before,
                replaces=replaces,
                pages=pages,
                first_page=first_page,
                owner=owner_name("desk"),
                begun_at=now_iso(),
            )
            session.add(row)
            session.flush()
            run = run_of(row, item, self.folder)
            # within the transaction: a run in the registry has its folder
            make_folder(run)
        return run

    def add(self, run: Run, page: PageFile) -> Change:
        """Put a page that the scanner delivered into the item; a second call for it changes nothing.

        Raises:
            DeskError: The page does not lie in the run's folder.
            DeskClosed: The item is handed over.
        """
        if page.path.absolute().parent != run.folder.absolute():
            raise DeskError(f"Page {page.number} lies in {page.path.parent}, not in {run.folder}.")
        with self._open() as (session, item):
            return self._add(session, item, session.get_one(DeskRunRow, run.id), page)

    def _add(
        self, session: Session, item: ItemRow, run: DeskRunRow, page: PageFile, *, aside: str | None = None
    ) -> Change:
        known = desk.page_of_run(session, run.id, page.number)
        if known is not None:
            return Change(self._batch, self._item, "capture", (desk.position_of(session, known),))
        facts = page.to_json()
        row = DeskPlaceRow(
            item=item.id,
            rank="",
            aside=aside,
            kind="captured",
            run=run.id,
            page=page.number,
            facts=facts,
            problem=self._problem(session, item, page),
            captured_at=page.finished_at,
        )
        recording = Recording()
        if aside is not None:
            row.rank = desk.rank_before(session, item.id, None)
            session.add(row)
            kind = "discard"
        else:
            kind = arranging.put_captured(session, run, row, recording)
        session.flush()
        recording.added(row)
        return recording.change(self._batch, self._item, kind, [desk.position_of(session, row)])

    def _problem(self, session: Session, item: ItemRow, page: PageFile) -> str:
        manifest = session.get_one(BatchRow, item.batch).manifest
        try:
            Requirements.of(manifest, item.description.get("settings") or {}).refuse_page(page)
        except CaptureRefused as error:
            return error.message
        return ""

    def end_run(self, run: Run, *, discard: bool = False) -> tuple[Change, ...]:
        """Note that the scanner has finished; whole pages that nobody heard of are taken into the item too.

        Args:
            run: The run; ending it twice does nothing more.
            discard: Whether those pages go aside instead.

        Returns:
            The pages that were taken in now.
        """
        with self._open() as (session, item):
            row = session.get_one(DeskRunRow, run.id)
            known = {place.page for place in desk.pages_of_run(session, row.id)}
            late = [page for page in pages_in_folder(run.folder) if page.number not in known]
            aside = "discarded" if discard else None
            changes = tuple(self._add(session, item, row, page, aside=aside) for page in late)
            row.ended_at = row.ended_at or now_iso()
            return changes

    def discard_run(self, run: Run) -> int:
        """Put the pages of a run aside that are in the item, and what they replaced back.

        Returns:
            How many pages that were.
        """
        with self._open() as (session, item):
            rows = [row for row in desk.pages_of_run(session, run.id) if row.aside is None]
            arranging.set_aside(session, rows, "discarded", Recording())
            for replaced in desk.places_by_id(session, item.id, [run.replaces or 0]):
                if replaced.aside == "replaced" and rows:
                    replaced.aside = None
            return len(rows)

    def take_in(self, paths: Sequence[os.PathLike[str] | str], *, before: int | None = None) -> Change:
        """Take existing image files into the item, in this order; they are copied, and read whole, first.

        Raises:
            FileRefused: A file is no whole page image of a kind that can be a master; none was taken in.
            DeskClosed, PlaceUnknown: See `begin_run`.
        """
        return self.put_in(self.copy_in(paths, before=before), before=[] if before is None else [before])

    def copy_in(self, paths: Sequence[os.PathLike[str] | str], *, before: int | None = None) -> list[TakenIn]:
        """The first half of `take_in`: it takes as long as the files are large, and changes nothing yet.

        Raises:
            FileRefused, DeskClosed, PlaceUnknown: See `take_in`.
        """
        with self._node.registry.reading() as session:
            self._place(session, self._require_open(desk.item_of(session, self._batch, self._item)), before)
        return copy_in([Path(path) for path in paths], self.folder)

    def put_in(self, files: Sequence[TakenIn], *, before: Sequence[int] = ()) -> Change:
        """The second half of `take_in`: one transaction.

        Args:
            files: The copies.
            before: They come to stand before the first of these that is in the order still, or else at the end.

        Raises:
            DeskClosed: The item is handed over.
        """
        with self._open() as (session, item):
            there = {row.id for row in desk.places_by_id(session, item.id, before) if row.aside is None}
            place = next((each for each in before if each in there), None)
            return self._put(session, item, "take in", [_file_row(item.id, file) for file in files], place)

    def mark_missing(self, *, before: int | None = None) -> Change:
        """Say that a page belongs here which is not there: its number and label stay free for it.

        Raises:
            DeskClosed, PlaceUnknown: See `begin_run`.
        """
        with self._open() as (session, item):
            row = DeskPlaceRow(item=item.id, kind="missing", captured_at=now_iso())
            return self._put(session, item, "missing", [row], before)

    def _put(
        self, session: Session, item: ItemRow, kind: str, rows: list[DeskPlaceRow], before: int | None
    ) -> Change:
        place = self._place(session, item, before)
        recording = Recording()
        for row in rows:
            arranging.put_before(session, row, place, recording)
            recording.added(row)
        first = desk.position_of(session, rows[0]) if rows else 0
        return recording.change(self._batch, self._item, kind, range(first, first + len(rows)))

    def discard(self, places: Sequence[int]) -> Change:
        """Take places out of the order; nothing is erased.

        Raises:
            DeskClosed, PlaceUnknown: See `begin_run`.
        """
        with self._changing("discard", places) as (session, _, rows, recording):
            arranging.set_aside(session, rows, "discarded", recording)
        return recording.made

    def reorder(self, places: Sequence[int], before: int | None) -> Change:
        """Move places, as they follow each other in the order, before another; None for the end.

        Raises:
            DeskClosed, PlaceUnknown: See `begin_run`.
        """
        with self._changing("reorder", places) as (session, item, rows, recording):
            target = self._place(session, item, before)
            arranging.move(session, item.id, rows, target, recording)
        return recording.made

    def interleave(self, first_back: int, *, reverse: bool = True) -> Change:
        """Put the backs of a stack, scanned after all of its fronts, each behind its front.

        Args:
            first_back: The first place that is a back; all before it are fronts.
            reverse: Whether the stack was turned over as one, so that the last back came first.

        Raises:
            SheetsUnequal: There are not as many backs as fronts.
            DeskClosed, PlaceUnknown: See `begin_run`.
        """
        with self._open() as (session, item):
            rows = desk.places_in_order(session, item.id)
            recording = Recording(rows)
            arranging.interleave(rows, self._placed(session, item, first_back), reverse=reverse)
            session.flush()
            return recording.change(self._batch, self._item, "interleave", range(1, len(rows) + 1))

    def relabel(self, places: Sequence[int], scheme: LabelScheme, start: str) -> Change:
        """Label exactly these places, from `start` on; the labels of all others stay as they are.

        Where the last of them is the last of the item, pages that come later count on. Custom labels
        that end in a number are counted too.

        Raises:
            LabelUnreadable: `start` is no label of the scheme.
            DeskClosed, PlaceUnknown: See `begin_run`.
        """
        with self._changing("relabel", places) as (session, item, rows, recording):
            order = desk.places_in_order(session, item.id)
            arranging.relabel(order, {row.id for row in rows}, scheme, start, recording)
        return recording.made

    def rotate(self, places: Sequence[int], quarter_turns: int) -> Change:
        """Turn the view of places clockwise; the masters stay as they were delivered.

        Raises:
            DeskClosed, PlaceUnknown: See `begin_run`.
        """
        with self._changing("rotate", places) as (_, _, rows, recording):
            for row in rows:
                row.rotation = (row.rotation + quarter_turns) % 4
        return recording.made

    def judge(self, places: Sequence[int], verdict: Verdict, reason: str) -> Change:
        """Accept or reject places, or take the verdict back with "".

        Raises:
            DeskClosed, PlaceUnknown: See `begin_run`.
        """
        with self._changing("judge", places) as (_, _, rows, recording):
            for row in rows:
                row.verdict, row.reason = verdict, reason
        return recording.made

    def note_checks(self, found: Mapping[int, Sequence[dict[str, Any]]]) -> None:
        """Keep what checks of pixels found, by place; this is no step that could be undone.

        Pages that are not in the item any more are left out.

        Raises:
            DeskClosed: See `begin_run`.
        """
        with self._open() as (session, item):
            for row in desk.places_by_id(session, item.id, list(found)):
                if row.aside is None:
                    row.checks = list(found[row.id])

    def restore(self, change: Change) -> Change:
        """Take a change back; what this does can be taken back in the same way.

        Raises:
            DeskClosed: The item is handed over.
        """
        with self._open() as (session, item):
            rows = {row.id: row for row in desk.places_by_id(session, item.id, change.places)}
            recording = Recording(list(rows.values()))
            for before, after in zip(change.before, change.after, strict=True):
                put_back(rows[before.id], before, after)
            session.flush()
            arranging.separate(session, list(rows.values()))
            return recording.change(self._batch, self._item, change.kind, change.numbers)

    def hand_over(self, *, operator: str) -> None:
        """Mark the item done: its pages get numbers and names, and its stages may begin.

        Called again after an interruption, it goes on where it stopped; called once more it does nothing.

        Raises:
            DeskBusy: A scan is under way.
            PagesWaiting: Pages of an interrupted scan were kept for later.
            PagesNotReady: There is no page, or pages are unlike what the manifest demands, or were rejected.
            DeskClosed: It was never at the desk, or was cancelled.
        """
        hand_over(self._node, self._batch, self._item, operator=operator)

    @contextmanager
    def _open(self) -> Iterator[tuple[Session, ItemRow]]:
        with self._node.registry.transaction() as session:
            yield session, self._require_open(desk.locked_item(session, self._batch, self._item))

    def _require_open(self, item: ItemRow) -> ItemRow:
        if item.desk != "open":
            state = "handed over already" if item.desk else "not captured at the desk"
            raise DeskClosed(f"Item {self._batch}/{self._item} is {state}.")
        return item

    @contextmanager
    def _changing(
        self, kind: str, places: Sequence[int]
    ) -> Iterator[tuple[Session, ItemRow, list[DeskPlaceRow], Recording]]:
        with self._open() as (session, item):
            rows = [row for row in desk.places_by_id(session, item.id, places) if row.aside is None]
            if len(rows) != len(set(places)):
                raise PlaceUnknown(f"{len(set(places)) - len(rows)} of these pages are not in the item.")
            recording = Recording(rows)
            numbers = desk.positions_of(session, item.id, rows)
            yield session, item, rows, recording
            session.flush()
            recording.made = recording.change(self._batch, self._item, kind, numbers)

    def _placed(self, session: Session, item: ItemRow, place: int) -> DeskPlaceRow:
        rows = desk.places_by_id(session, item.id, [place])
        if not rows or rows[0].aside is not None:
            raise PlaceUnknown("This page is not in the item any more.", place=place)
        return rows[0]

    def _place(self, session: Session, item: ItemRow, place: int | None) -> DeskPlaceRow | None:
        return None if place is None else self._placed(session, item, place)


def _file_row(item: int, file: TakenIn) -> DeskPlaceRow:
    return DeskPlaceRow(
        item=item, kind="file", file=file.path, source=str(file.source), captured_at=file.taken_at
    )
