# SPDX-License-Identifier: Apache-2.0
"""How places come to stand in the order of an item, and how the beginnings of labels keep their place there."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from archive.registry import Session, desk
from archive.registry.tables import DeskPlaceRow, DeskRunRow
from workers.desk.change import Recording
from workers.desk.errors import SheetsUnequal
from workers.desk.labels import LabelScheme, count_labels, custom_labels, label_start


def put_before(session: Session, row: DeskPlaceRow, place: DeskPlaceRow | None, recording: Recording) -> None:
    """Put a new place before another, or at the end."""
    row.rank = desk.rank_before(session, row.item, place)
    _begin_labels(session, row, place, recording)
    session.add(row)
    session.flush()


def put_captured(session: Session, run: DeskRunRow, row: DeskPlaceRow, recording: Recording) -> str:
    """Put a new page where its run wants it; the first page of a retake takes the place of the old one.

    A page that is heard of late comes before what was captured after it.

    Returns:
        The kind of change that this is.
    """
    places = [place for place in (run.replaces, run.before) if place is not None]
    found = desk.places_by_id(session, run.item, places)
    if run.replaces is None:
        before = found[0] if found else desk.first_of_later_runs(session, run)
        put_before(session, row, before, recording)
        return "capture"
    earlier = desk.pages_of_run(session, run.id)
    if earlier:
        row.rank = desk.rank_behind(session, earlier[-1])
        session.add(row)
        return "capture"
    replaced = recording.touch(found[0])
    row.rank = desk.rank_behind(session, replaced)
    row.label_start, row.rotation = replaced.label_start, replaced.rotation
    replaced.aside = replaced.aside or "replaced"
    session.add(row)
    return "retake"


def _begin_labels(
    session: Session, row: DeskPlaceRow, place: DeskPlaceRow | None, recording: Recording
) -> None:
    """Let labels that begin with the first page begin with the page that is put before it."""
    if place is not None and _begins_count(place) and desk.is_first(session, place):
        recording.touch(place)
        row.label_start, place.label_start = place.label_start, None


def _begins_count(row: DeskPlaceRow) -> bool:
    return row.label_start is not None and row.label_start["scheme"] != LabelScheme.CUSTOM


def set_aside(session: Session, rows: Sequence[DeskPlaceRow], why: str, recording: Recording) -> None:
    """Take places out of the order; labels that begin with them begin with the next one."""
    for row in reversed(rows):
        recording.touch(row)
        row.aside = why
        session.flush()
        _hand_on_labels(session, row, recording)


def _hand_on_labels(session: Session, row: DeskPlaceRow, recording: Recording) -> None:
    if not _begins_count(row):
        return
    following = desk.next_in_order(session, row)
    while following is not None and following.label_start is not None:
        if _begins_count(following):
            return
        following = desk.next_in_order(session, following)
    if following is not None:
        recording.touch(following).label_start = row.label_start


def move(
    session: Session,
    item: int,
    rows: Sequence[DeskPlaceRow],
    target: DeskPlaceRow | None,
    recording: Recording,
) -> None:
    """Move places before another, or to the end; labels that begin with them begin with the next one instead."""
    moved = {row.id for row in rows}
    while target is not None and target.id in moved:
        target = desk.next_in_order(session, target)
    set_aside(session, rows, "moved", recording)
    for row in rows:
        if _begins_count(row):
            row.label_start = None
        row.rank = desk.rank_before(session, item, target)
        if row is rows[0]:
            _begin_labels(session, row, target, recording)
        session.flush()
    for row in rows:
        row.aside = None
    session.flush()


def interleave(rows: Sequence[DeskPlaceRow], first_back: DeskPlaceRow, *, reverse: bool) -> None:
    """Give places in order the ranks that put each back behind its front.

    Raises:
        SheetsUnequal: There are not as many backs as fronts.
    """
    half = rows.index(first_back)
    fronts, backs = rows[:half], list(rows[half:])
    if len(fronts) != len(backs):
        raise SheetsUnequal(f"There are {len(fronts)} fronts and {len(backs)} backs.")
    if reverse:
        backs.reverse()
    ranks = [row.rank for row in rows]
    sheets = [row for sheet in zip(fronts, backs, strict=True) for row in sheet]
    for row, rank in zip(sheets, ranks, strict=True):
        row.rank = rank


def relabel(
    order: Sequence[DeskPlaceRow],
    chosen: Collection[int],
    scheme: LabelScheme,
    start: str,
    recording: Recording,
) -> None:
    """Label the chosen places; the place behind each of them is told to count on as it did.

    Raises:
        LabelUnreadable: `start` is no label of the scheme.
    """
    first = label_start(scheme, start)
    custom = custom_labels(first["text"], len(chosen)) if scheme is LabelScheme.CUSTOM else []
    labels = list(count_labels(row.label_start for row in order))
    done, pending, adjoining = 0, False, False
    for row, (_, alone) in zip(order, labels, strict=True):
        if row.id in chosen:
            recording.touch(row)
            if custom:
                row.label_start = {**first, "text": custom[done]}
            else:
                row.label_start = None if adjoining else {**first, "count": first["count"] + done}
            done, pending = done + 1, True
        elif pending and alone["scheme"] != LabelScheme.CUSTOM:
            recording.touch(row).label_start = alone
            pending = False
        adjoining = row.id in chosen


def separate(session: Session, rows: Sequence[DeskPlaceRow]) -> None:
    """Give places that came back into the order a rank of their own where another has taken theirs meanwhile."""
    for row in rows:
        if row.aside is None and desk.rank_is_taken(session, row, row.rank):
            row.rank = desk.rank_behind(session, row)
            session.flush()
