# SPDX-License-Identifier: Apache-2.0
"""A manifest that is filled in as a form: its fields, the sheet it becomes, and its problems field by field."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from archive.durable import write_durably
from archive.errors import ManifestExists
from archive.manifest.grid import EMPTY_CELL, Cell, Grid, column_number
from archive.manifest.model import Manifest
from archive.manifest.problems import Problem
from archive.manifest.reader import read_grid
from archive.manifest.writer import manifest_bytes, rows_as_csv, rows_as_workbook

BATCH_FIELDS = (
    "id",
    "institution",
    "collection",
    "scanner_id",
    "scanner_model",
    "resolution_dpi",
    "color_profile",
    "bag_profile",
)
"""What the form asks of the batch, by the manifest's own names."""

ITEM_COLUMNS = ("id", "title", "pages", "creator", "date", "language", "rights")
"""What the form asks of an item; what every item needs comes first."""

FOR_ALL_ITEMS = ("language", "rights")
"""What may be said once for all items that say nothing of their own."""

FormFormat = Literal["csv", "xlsx", "yaml"]
Item = tuple[str, ...]

NO_ITEM: Item = ("",) * len(ITEM_COLUMNS)


@dataclass(frozen=True, slots=True)
class ManifestForm:
    """A form as far as it is filled in; all values are text as it was typed.

    Attributes:
        batch: Values of `BATCH_FIELDS`; those that are absent are empty.
        for_all: Values of `FOR_ALL_ITEMS`.
        tags: Bag tags of all items, by label.
        items: One tuple an item, in the order of `ITEM_COLUMNS`.
    """

    batch: Mapping[str, str] = field(default_factory=dict)
    for_all: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    items: tuple[Item, ...] = ()

    def with_batch(self, name: str, value: str) -> ManifestForm:
        """The form with another value of the batch."""
        return replace(self, batch={**self.batch, name: value})

    def with_for_all(self, name: str, value: str) -> ManifestForm:
        """The form with another value for all items."""
        return replace(self, for_all={**self.for_all, name: value})

    def with_tag(self, label: str, value: str) -> ManifestForm:
        """The form with another tag."""
        return replace(self, tags={**self.tags, label: value})

    def with_cell(self, item: int, column: int, value: str) -> ManifestForm:
        """The form with another value of an item; one behind the last makes a new item."""
        items = [*self.items, NO_ITEM][: max(len(self.items), item + 1)]
        items[item] = (*items[item][:column], value, *items[item][column + 1 :])
        return replace(self, items=tuple(items))

    def with_items(self, at: int, new: Sequence[Item]) -> ManifestForm:
        """The form with items inserted before the one at `at`."""
        return replace(self, items=(*self.items[:at], *new, *self.items[at:]))

    def without_items(self, numbers: Sequence[int]) -> ManifestForm:
        """The form without these items."""
        gone = set(numbers)
        return replace(self, items=tuple(item for n, item in enumerate(self.items) if n not in gone))

    @property
    def filled_items(self) -> list[int]:
        """Numbers of the items in which something stands."""
        return [number for number, item in enumerate(self.items) if any(cell.strip() for cell in item)]


@dataclass(frozen=True, slots=True)
class FormCheck:
    """What is wrong with a form, told where it was filled in.

    Attributes:
        manifest: The manifest that the form makes; None while there is an error.
        problems: All problems.
        by_field: Problems by name: those of `BATCH_FIELDS` and `FOR_ALL_ITEMS`, `tag.<label>`, and "" for the rest.
        by_cell: Problems by number of the item and of the column.
    """

    manifest: Manifest | None
    problems: tuple[Problem, ...]
    by_field: Mapping[str, Sequence[Problem]]
    by_cell: Mapping[tuple[int, int], Sequence[Problem]]

    @property
    def errors(self) -> int:
        """How many problems keep a batch from being created."""
        return sum(problem.severity == "error" for problem in self.problems)


def check_form(form: ManifestForm, folder: Path) -> FormCheck:
    """Hold a form against the rules for manifest files; it is checked as the sheet that it will be.

    Args:
        form: The form.
        folder: Where the file is to be.
    """
    names, rows = _named_rows(form, whole=True)
    grid = Grid([[Cell(text) if text else EMPTY_CELL for text in row] for row in rows])
    reading, _ = read_grid(grid, folder)
    filled, first = form.filled_items, len(rows) - len(form.filled_items) + 1
    by_field: dict[str, list[Problem]] = {}
    by_cell: dict[tuple[int, int], list[Problem]] = {}
    for problem in reading.problems:
        row = problem.row or 0
        if row < first:
            by_field.setdefault(names.get(row, ""), []).append(problem)
            continue
        number = filled[row - first]
        column = column_number(problem.column) if problem.column else 0
        name = ITEM_COLUMNS[column]
        if name in FOR_ALL_ITEMS and not form.items[number][column].strip():
            by_field.setdefault(name, []).append(problem)
        else:
            by_cell.setdefault((number, column), []).append(problem)
    return FormCheck(reading.manifest, reading.problems, by_field, by_cell)


def form_rows(form: ManifestForm) -> list[list[str]]:
    """The sheet that a form becomes, without what was left empty."""
    return _named_rows(form, whole=False)[1]


def save_form(
    form: ManifestForm, path: Path, *, manifest: Manifest | None = None, replaces: str | None = None
) -> str:
    """Write a form to a file, whole or not at all.

    Args:
        form: The form; as CSV and XLSX it may have problems still.
        path: A file that ends in .csv, .xlsx, .yaml or .yml.
        manifest: What `check_form` made of it; needed for YAML only.
        replaces: SHA-256 of the file that may be replaced, "" for any; where None, nothing is replaced.

    Returns:
        SHA-256 of the file.

    Raises:
        ManifestExists: Another file stands there; it is as it was.
        ValueError: YAML was asked for of a form that makes no manifest, or the ending is another.
        OSError: The file cannot be written; what was there is as it was.
    """
    content = _content(form, path.suffix.lower(), manifest)
    if replaces and path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() != replaces:
        raise ManifestExists(f"{path} was changed by another program.", path=str(path))
    try:
        write_durably(path, content, overwrite=replaces is not None)
    except FileExistsError as error:
        if not path.exists():
            raise  # a file stands where a folder should be
        raise ManifestExists(f"{path} exists already.", path=str(path)) from error
    return hashlib.sha256(content).hexdigest()


def _content(form: ManifestForm, suffix: str, manifest: Manifest | None) -> bytes:
    rows = form_rows(form)
    if suffix == ".csv":
        return rows_as_csv(rows)
    if suffix == ".xlsx":
        return rows_as_workbook(
            [[text or None for text in row] for row in rows], len(rows) - len(form.filled_items)
        )
    if suffix in {".yaml", ".yml"} and manifest is not None:
        return manifest_bytes(manifest, "yaml")
    raise ValueError(f"A form cannot be written as {suffix}.")


def _named_rows(form: ManifestForm, *, whole: bool) -> tuple[dict[int, str], list[list[str]]]:
    """The rows, and which field stands in which of them, from 1; `whole` has rows of empty values too."""
    rows: list[list[str]] = []
    names: dict[int, str] = {}
    for name in BATCH_FIELDS:
        rows.append(["batch_id" if name == "id" else name, form.batch.get(name, "").strip()])
        names[len(rows)] = name
    for label, value in form.tags.items():
        rows.append([f"tag.{label}", value.strip()])
        names[len(rows)] = f"tag.{label}"
    if not whole:
        rows = [row for row in rows if row[1]]
    rows += [[], list(ITEM_COLUMNS)]
    rows += [_item_row(form, form.items[number]) for number in form.filled_items]
    return names, rows


def _item_row(form: ManifestForm, item: Item) -> list[str]:
    return [
        cell.strip() or form.for_all.get(name, "").strip()
        for name, cell in zip(ITEM_COLUMNS, item, strict=True)
    ]
