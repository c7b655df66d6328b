# SPDX-License-Identifier: Apache-2.0
"""A CSV that names folders to bag with the tags of each, in the batch format of dart-runner."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.bag.bulk import BagRequest
from archive.bag.contents import bag_name_problem
from archive.bag.names import folded
from archive.bag.plan import COMPUTED_TAGS
from archive.bag.profile import BagProfile, Tags
from archive.bag.reserved_tags import BAG_COUNT, place_in_group, reserved_problems
from archive.bag.tag_files import (
    BAG_INFO,
    BAGIT_DECLARATION,
    BAGIT_TXT,
    TagValue,
    pairs_of,
    tag_problem,
    values_of,
)
from archive.errors import BatchSheetInvalid

NAME = "Bag-Name"
FOLDER = "Root-Directory"

_NO_TAGS = (NAME.lower(), FOLDER.lower())
_TOLD = 5


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """One thing wrong in a sheet.

    Attributes:
        row: As a spreadsheet counts: the headings are row 1.
        column: The heading, "" for the whole row.
        message: What is wrong.
    """

    row: int
    column: str
    message: str


def read_batch_sheet(file: Path, profile: BagProfile, tags: Tags) -> list[BagRequest]:
    """Read a CSV with the columns Bag-Name, Root-Directory and any number of `tagfile/tag`.

    A heading without a file means the file where the profile has that tag, else bag-info.txt. A relative
    Root-Directory counts from the folder of the CSV, and where there is no such folder from the current
    one. An empty cell gives no tag; a column that comes again gives its tag another value.

    Args:
        file: The CSV, in UTF-8 with or without a byte order mark.
        profile: The profile that the bags will have.
        tags: Tags for all bags; those of a row win.

    Raises:
        BatchSheetInvalid: With all problems in `facts["problems"]`.
    """
    problems: list[SheetProblem] = []
    rows = _records(file, problems)
    headings = [heading.strip() for heading in rows[0]] if rows else []
    problems += _heading_problems(headings)
    requests: list[BagRequest] = []
    if not problems:
        sheet = _Sheet(file.parent, headings, profile, tags)
        for row, cells in enumerate(rows[1:], start=2):
            if any(cell.strip() for cell in cells):
                requests.append(sheet.request(row, cells, problems))
        if not requests:
            problems.append(SheetProblem(1, "", "there is no row below the headings"))
    if problems:
        raise _invalid(file, problems)
    return requests


def _records(file: Path, problems: list[SheetProblem]) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        text = file.read_bytes().decode("utf-8-sig")
        rows.extend(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_delimiter(text)))
    except OSError as error:
        raise _invalid(file, [SheetProblem(0, "", f"it cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError:
        problems.append(SheetProblem(0, "", "it is not UTF-8: save it as CSV UTF-8"))
    except csv.Error as error:
        problems.append(SheetProblem(len(rows) + 1, "", f"it is no CSV: {error}"))
    return rows


def _delimiter(text: str) -> str:
    """What divides the columns: in many countries spreadsheets write semicolons."""
    first = text.split("\n", 1)[0]
    return next((mark for mark in ",;\t" if NAME.lower() in _cells(first, mark)), ",")


def _cells(line: str, mark: str) -> list[str]:
    return [cell.strip().strip('"').lower() for cell in line.split(mark)]


def _heading_problems(headings: Sequence[str]) -> Iterator[SheetProblem]:
    lower = [heading.lower() for heading in headings]
    for needed in (NAME, FOLDER):
        if needed.lower() not in lower:
            yield SheetProblem(1, needed, "this column is missing")
    for number, heading in enumerate(headings):
        if not heading:
            yield SheetProblem(1, "", f"column {number + 1} has no heading")
        elif lower[number] in _NO_TAGS and lower[number] in lower[:number]:
            yield SheetProblem(1, heading, "this column stands there twice")
        elif lower[number] not in _NO_TAGS:
            name, slash, label = heading.rpartition("/")
            if (slash and not name.endswith(".txt")) or tag_problem(label, ""):
                yield SheetProblem(
                    1, heading, "a column of tags is headed tagfile/tag, as in bag-info.txt/Contact-Name"
                )


class _Sheet:
    def __init__(self, folder: Path, headings: Sequence[str], profile: BagProfile, tags: Tags) -> None:
        self._folder = folder
        self._headings = headings
        self._profile = profile
        self._tags = tags
        self._rows: dict[str, int] = {}
        self._places: dict[tuple[str, str], int] = {}
        self._totals: dict[str, tuple[str, int]] = {}

    def request(self, row: int, cells: Sequence[str], problems: list[SheetProblem]) -> BagRequest:
        if any(cell.strip() for cell in cells[len(self._headings) :]):
            problems.append(SheetProblem(row, "", "it has more cells than there are headings"))
        values = {heading.lower(): cell.strip() for heading, cell in zip(self._headings, cells, strict=False)}
        name = values.get(NAME.lower(), "").removesuffix(".tar")
        told = values.get(FOLDER.lower(), "")
        tags = self._row_tags(cells)
        found = [(NAME, self._name_problem(row, name)), (FOLDER, self._folder_problem(told))]
        found += list(self._tag_problems(tags)) + list(self._declaration_problems(cells))
        found += [(BAG_COUNT, problem) for problem in self._group_problems(row, tags)]
        problems += [SheetProblem(row, column, problem) for column, problem in found if problem]
        return BagRequest(self._place_of(told), name, tags)

    def _row_tags(self, cells: Sequence[str]) -> dict[str, dict[str, TagValue]]:
        """The tags for all bags and those of the row, which win; a column that comes again adds a value."""
        tags = {file: dict(labels) for file, labels in self._tags.items()}
        of_row: set[tuple[str, str]] = set()
        for file, label, value in self._row_values(cells):
            given = tags.setdefault(file, {})
            spelled = next((known for known in given if known.lower() == label.lower()), label)
            if (file, label.lower()) in of_row:
                given[spelled] = (*values_of(given[spelled]), value)
                continue
            given.pop(spelled, None)
            given[label] = value
            of_row.add((file, label.lower()))
        return tags

    def _row_values(self, cells: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """File, label and value of each cell that gives a tag."""
        for heading, cell in zip(self._headings, cells, strict=False):
            if cell.strip() and heading.lower() not in _NO_TAGS:
                file, label = self._place(heading)
                if file != BAGIT_TXT:
                    yield file, label, cell.strip()

    def _place(self, heading: str) -> tuple[str, str]:
        """File and label of a column of tags."""
        (file,) = placed = self._profile.place_tags({heading: ""})
        (label,) = placed[file]
        return file, label

    def _name_problem(self, row: int, name: str) -> str | None:
        if not name:
            return "the bag has no name"
        first = self._rows.setdefault(folded(name), row)
        if first != row:
            return f"{name!r} is the name of the bag in row {first} too"
        problem = bag_name_problem(name)
        return f"{name!r} cannot be the name of a bag: it {problem}" if problem else None

    def _folder_problem(self, told: str) -> str | None:
        if not told:
            return "there is no folder to bag"
        return None if self._place_of(told).is_dir() else f"{self._folder / told} is no folder"

    def _place_of(self, told: str) -> Path:
        """A folder by the CSV; where there is none, from where the command runs, as dart-runner counts."""
        beside = self._folder / told
        return Path(told) if told and not beside.is_dir() and Path(told).is_dir() else beside

    def _tag_problems(self, tags: Tags) -> Iterator[tuple[str, str]]:
        for file, labels in tags.items():
            for label, value in pairs_of(labels):
                if problem := tag_problem(label, value):
                    yield f"{file}/{label}", problem
        filled = self._profile.fill_defaults(tags)
        info = filled.setdefault(BAG_INFO, {})
        info.update(dict.fromkeys(COMPUTED_TAGS, "computed"))
        for finding in self._profile.check_tags(filled):
            yield finding.file, finding.message.removesuffix(".")

    def _group_problems(self, row: int, tags: Tags) -> Iterator[str]:
        """Bags of one group have numbers of their own and agree on how many they are."""
        info = pairs_of(tags.get(BAG_INFO, {}))
        yield from reserved_problems(info)
        place = place_in_group(info)
        if place is None:
            return
        group, number, total = place
        first = self._places.setdefault((group, number), row)
        if first != row:
            yield f"row {first} is number {number} of {group!r} too"
        known, told_in = self._totals.setdefault(group, (total, row))
        if known != total:
            yield f"row {told_in} says that {group!r} has {known} bags, this one {total}"

    def _declaration_problems(self, cells: Sequence[str]) -> Iterator[tuple[str, str]]:
        """bagit.txt is Recto's own: a column may say what it will say anyway."""
        for heading, cell in zip(self._headings, cells, strict=False):
            file, label = self._place(heading)
            value = cell.strip()
            if file == BAGIT_TXT and value and f"{label}: {value}" not in BAGIT_DECLARATION.decode():
                yield heading, f"Recto does not write {value!r} there"


def _invalid(file: Path, problems: Sequence[SheetProblem]) -> BatchSheetInvalid:
    lines = [
        f"row {problem.row}: {f'{problem.column}: ' if problem.column else ''}{problem.message}"
        for problem in problems
    ]
    more = [f"and {len(lines) - _TOLD} more"] if len(lines) > _TOLD else []
    return BatchSheetInvalid(
        f"{file} has {len(problems)} problem{'s' if len(problems) > 1 else ''}: "
        f"{'; '.join([*lines[:_TOLD], *more])}.",
        path=str(file),
        problems=[
            {"row": problem.row, "column": problem.column, "message": problem.message} for problem in problems
        ],
    )
