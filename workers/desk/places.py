# SPDX-License-Identifier: Apache-2.0
"""An item at the desk as it is shown: its places in order, with label, file name and what is known of each page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast

from archive.registry import Session, desk
from archive.registry.batches import page_name
from archive.registry.desk import ShownPlace
from archive.registry.tables import DeskPlaceRow, ItemRow
from hardware.scanner import PageFile
from hardware.spool import raw_path
from workers.desk.labels import count_labels

PlaceKind = Literal["captured", "file", "missing"]
Verdict = Literal["accepted", "rejected", ""]


@dataclass(frozen=True)
class Place:
    """One place in an item: a captured page, a file that was taken in, or a page that is missing.

    Attributes:
        id: By this the desk is told which place is meant; it never changes.
        position: Where it stands, from 1.
        label: What is printed on the page, as far as it was said.
        name: The file name that its master gets; "" for a missing page.
        path: The spooled pixels, or the file; None for a missing page, and once the item is handed over.
        rotation: Quarter turns clockwise after which it is looked at.
        verdict: What a person decided.
        reason: Why.
        captured_at: UTC, ISO 8601.
        checks: What checks of the page's pixels found, as `CheckResult.to_json` tells it.
        problem: In what it is unlike what the manifest demands; such a page keeps the item from being done.
        run: Number of the run that delivered it; 0 for others.
        facts: What the scanner delivered, as `PageFile.to_json` told it; None for others.
    """

    id: int
    position: int
    kind: PlaceKind
    label: str
    name: str
    path: Path | None
    rotation: int
    verdict: Verdict
    reason: str
    captured_at: str
    checks: tuple[Mapping[str, Any], ...]
    problem: str
    run: int
    facts: Mapping[str, Any] | None

    @cached_property
    def page(self) -> PageFile | None:
        """What the scanner delivered; None for a file or a missing page."""
        if self.facts is None or self.path is None:
            return None
        return PageFile.from_json({**self.facts, "path": str(self.path)})

    @property
    def image_key(self) -> str:
        """SHA-256 of its pixels, by which pictures of it are cached; "" for a file or a missing page."""
        return str(self.facts["pixel_sha256"]) if self.facts else ""


@dataclass(frozen=True)
class DeskState:
    """An item at the desk.

    Attributes:
        instruction: What the person who captures it was told; "" for nothing.
        expected: How many pages the manifest announces.
        places: In order.
        handed_over: Whether the item has gone on; its places are told as they were. An item whose hand-over was
            interrupted has not: handing it over again finishes that, and nothing else can be done with it.
        aside: How many captures were replaced or discarded.
    """

    batch: str
    item: str
    title: str
    instruction: str
    expected: int | None
    places: tuple[Place, ...]
    handed_over: bool
    aside: int = 0

    @property
    def captured(self) -> int:
        """How many pages there are, without the missing ones."""
        return sum(place.kind != "missing" for place in self.places)


def run_folder(folder: Path, number: int) -> Path:
    """The spool folder of a run, below an item's folder."""
    return folder / "desk" / f"run-{number:04d}"


def name_of(row: DeskPlaceRow | ShownPlace, number: int) -> str:
    """The file name of the master that a place gets as page of this number."""
    if row.kind == "missing":
        return ""
    return page_name(number) + (Path(row.file).suffix.lower() if row.file else ".tif")


def describe_desk(
    session: Session,
    item: ItemRow,
    folder: Path,
    facts: Mapping[int, Mapping[str, Any]],
    told: Mapping[int, Place],
) -> DeskState:
    """An item at the desk, as the registry has it.

    Args:
        session: A transaction.
        item: The item.
        folder: Its folder.
        facts: What the scanner delivered, by place (`archive.registry.desk.facts_of_places`).
        told: Places as they were told before, by id: those that are still so are told again, the very same.
    """
    rows = desk.shown_in_order(session, item.id)
    numbers = {run.id: run.number for run in desk.runs_of(session, item.id)}
    expected = item.description.get("expected_pages") or desk.reserved_pages(session, item.id)
    return DeskState(
        batch=item.batch,
        item=item.name,
        title=item.description["title"],
        instruction=item.description.get("instruction") or "",
        expected=expected or None,
        places=tuple(_places(rows, numbers, folder, facts, told, here=item.desk == "open")),
        handed_over=item.desk == "handed over",
        aside=desk.count_captures_aside(session, item.id),
    )


def _places(
    rows: Sequence[ShownPlace],
    runs: Mapping[int, int],
    folder: Path,
    facts: Mapping[int, Mapping[str, Any]],
    told: Mapping[int, Place],
    *,
    here: bool,
) -> Iterator[Place]:
    labels = count_labels(row.label_start for row in rows)
    for position, (row, (label, _)) in enumerate(zip(rows, labels, strict=True), 1):
        before = told.get(row.id)
        if before is not None and _is_still(before, row, position, label, here=here):
            yield before
            continue
        run = runs[row.run] if row.run is not None else 0
        yield Place(
            id=row.id,
            position=position,
            kind=cast("PlaceKind", row.kind),
            label=label,
            name=name_of(row, row.number or position),
            path=path_of(row, run, folder) if here else None,
            rotation=row.rotation,
            verdict=cast("Verdict", row.verdict),
            reason=row.reason,
            captured_at=row.captured_at,
            checks=tuple(row.checks or ()),
            problem=row.problem,
            run=run,
            facts=facts.get(row.id),
        )


def _is_still(place: Place, row: ShownPlace, position: int, label: str, *, here: bool) -> bool:
    """Whether a place is as it was told: what never changes of a place need not be looked at."""
    return (
        here
        and place.path is not None
        and place.position == position
        and place.label == label
        and place.rotation == row.rotation
        and place.verdict == row.verdict
        and place.reason == row.reason
        and place.checks == tuple(row.checks or ())
    )


def path_of(row: DeskPlaceRow | ShownPlace, run: int, folder: Path) -> Path | None:
    """Where the page of a place lies as long as its item is at the desk."""
    if row.kind == "captured" and row.page is not None:
        return raw_path(run_folder(folder, run), row.page)
    return folder / row.file if row.file else None
