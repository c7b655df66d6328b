# SPDX-License-Identifier: Apache-2.0
"""All checks of a manifest: from a draft to the model, or to every problem there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from archive.manifest.conversion import Conversion, convert
from archive.manifest.doubts import doubts_about_batch, doubts_about_item
from archive.manifest.draft import BATCH_FIELDS, FAULTY, ITEM_FIELDS, Draft, Record
from archive.manifest.files import NamedFiles
from archive.manifest.model import (
    BatchDescription,
    Manifest,
    ManifestItem,
    no_scanner,
    require_pages_or_files,
)
from archive.manifest.names import same_name_key
from archive.manifest.problems import Code, Place, Problem, Refused, shown
from archive.manifest.rules import legal_source, tidy

MOST_ITEMS = 50_000
"""Items a manifest may have; a bigger delivery is several batches."""

_Described = TypeVar("_Described", bound=BaseModel)
_Item = tuple[Record, Conversion]

Tell = Callable[[int, int], None]
"""Told how many of all items are checked; it may raise to end the checking."""


def tell_nobody(done: int, total: int) -> None:
    """Nobody wants to know."""


def check(draft: Draft, folder: Path, tell: Tell = tell_nobody) -> tuple[Manifest | None, list[Problem]]:
    """Check everything and build the manifest.

    Args:
        draft: What the file says.
        folder: The manifest's folder, below which its files lie.
        tell: Called between the items.

    Returns:
        The manifest, None when there is an error; and all problems, warnings among them.
    """
    if not 1 <= len(draft.items) <= MOST_ITEMS:
        problems = [_number_of_items(draft)]
        draft = Draft(draft.batch, [], draft.items_place)
    else:
        problems = []
    batch = convert(draft.batch, BATCH_FIELDS)
    description = _validated(BatchDescription, draft.batch, batch)
    problems += [*batch.problems, *doubts_about_batch(draft.batch, batch)]
    items: list[_Item] = []
    models = []
    for number, record in enumerate(draft.items):
        tell(number, len(draft.items))
        conversion = convert(record, ITEM_FIELDS)
        items.append((record, conversion))
        models.append(_validated(ManifestItem, record, conversion))
        problems += [*conversion.problems, *_of_the_whole_item(record, conversion, batch)]
        problems += doubts_about_item(record, conversion, batch)
    problems += [*_repeated_ids(items), *_files(items, folder)]
    whole = [model for model in models if model is not None]
    flawed = any(problem.severity == "error" for problem in problems)
    if description is None or flawed or len(whole) < len(models):
        return None, problems
    return Manifest(**dict(description), items=tuple(whole)), problems


def _validated(model: type[_Described], record: Record, conversion: Conversion) -> _Described | None:
    """The model of a record, or None with the reasons added to the conversion's problems."""
    try:
        return model.model_validate(conversion.values)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            if details["loc"]:
                _translate(details, record, conversion)
    return None


def _translate(details: ErrorDetails, record: Record, conversion: Conversion) -> None:
    """Turn one finding of pydantic into a problem at its place in the file."""
    location = tuple(details["loc"])
    name = str(location[0])
    if name in conversion.settled and len(location) == 1:
        return
    place = conversion.places.get((name, location[1])) if len(location) > 1 else None
    cause: Any = details.get("ctx", {}).get("error")
    if isinstance(cause, Refused):
        refused = cause
    elif details["type"] == "missing":
        refused = Refused(Code.REQUIRED, f"The value {name} is missing.", f"Fill in {name}.")
    else:
        refused = Refused(Code.WRONG_TYPE, f"{name}: {details['msg']}.", "Correct the value.")
    conversion.refuse(name, place or record.place_of(name), refused)


def _number_of_items(draft: Draft) -> Problem:
    if draft.items:
        return Problem.at(
            draft.items[MOST_ITEMS].place,
            Code.TOO_MANY_ITEMS,
            f"The manifest has {len(draft.items)} items where {MOST_ITEMS} are allowed.",
            "Divide it into several manifests, each a batch.",
        )
    return Problem.at(
        draft.items_place,
        Code.NO_ITEMS,
        "The manifest describes no item.",
        "Add one item for each thing to digitise.",
    )


def _of_the_whole_item(record: Record, conversion: Conversion, batch: Conversion) -> Iterator[Problem]:
    """Problems that several fields of an item make together."""
    has_pages = "pages" in conversion.values or "pages" in conversion.settled
    has_files = bool(conversion.values.get("file_paths")) or "file_paths" in conversion.settled
    try:
        require_pages_or_files(has_pages=has_pages, has_files=has_files)
    except Refused as refused:
        yield Problem.at(record.place_of("pages"), refused.code, refused.message, refused.remedy)
    if has_pages and not has_files and not (_names_scanner(conversion) or _names_scanner(batch)):
        identity = tidy(conversion.values.get("id", "?"))
        yield Problem.at(record.place_of("scanner_id"), Code.SCANNER_MISSING, *no_scanner(identity))


def _names_scanner(conversion: Conversion) -> bool:
    said = conversion.values.get("scanner_id")
    return "scanner_id" in conversion.settled or (said is not None and bool(said.strip()))


def _repeated_ids(items: Sequence[_Item]) -> Iterator[Problem]:
    """Ids that are there twice, or that some file systems could not tell apart."""
    first: dict[str, tuple[str, Place]] = {}
    for record, conversion in items:
        identity = tidy(conversion.values.get("id"))
        if not identity:
            continue
        place = record.place_of("id")
        earlier, where = first.setdefault(same_name_key(identity), (identity, place))
        if where is place:
            continue
        if earlier == identity:
            yield Problem.at(
                place,
                Code.DUPLICATE_ID,
                f"The id {shown(identity)} is used already {_at(where)}.",
                "Give each item an id of its own.",
            )
        else:
            yield Problem.at(
                place,
                Code.ID_COLLISION,
                f"The id {shown(identity)} differs from {shown(earlier)} {_at(where)} only in case or in the way "
                "accents are encoded; some systems take them for one.",
                "Give the items ids that differ in more than that.",
            )


def _at(place: Place) -> str:
    return f"in row {place.row}" if place.row is not None else f"in line {place.line}"


def _files(items: Sequence[_Item], folder: Path) -> Iterator[Problem]:
    """Problems with the files themselves, for paths whose form is legal."""
    named = NamedFiles(folder)
    for number, (record, conversion) in enumerate(items):
        for field, pages in (("file_paths", True), ("attachments", False)):
            if record.fields.get(field) is None or record.fields[field].value is FAULTY:
                continue
            for index, path in enumerate(conversion.values.get(field, ())):
                try:
                    legal = legal_source(tidy(path))
                except Refused:
                    continue  # reported by the model's own check of this path
                place = conversion.places[field, index]
                if legal and (problem := named.look(legal, place, number, page=pages)):
                    yield problem
