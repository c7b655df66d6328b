# SPDX-License-Identifier: Apache-2.0
"""From what was found in a folder or on a server to a manifest file that passes every check, or to what is missing."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from archive.durable import write_durably
from archive.errors import ManifestExists
from archive.fetching.findings import Finding
from archive.fetching.listing import Found, FoundItem, left_out
from archive.manifest.model import Manifest
from archive.manifest.names import LONGEST_ID, legal_id
from archive.manifest.problems import Refused
from archive.manifest.reader import read_manifest
from archive.manifest.writer import FORMATS, manifest_bytes

_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f/\\:*?\"<>|\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """What the files themselves do not say.

    Attributes:
        values: Fields of the manifest's batch by name, such as `institution`; those that are empty are left out.
        per_item: Fields of every item, such as `language`.
        tags: Bag tags of all items.
        attach: Whether other files than images go along into the bag.
    """

    values: Mapping[str, Any]
    per_item: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    attach: bool = True


def make_manifest(found: Found, facts: BatchFacts, findings: list[Finding]) -> Manifest | None:
    """The manifest of what was found; None, with the reasons among the findings, where it cannot be made."""
    items = [_item(item, facts, findings) for item in found.items if _has_pages(item, findings)]
    document: dict[str, Any] = {
        name: value for name, value in facts.values.items() if value not in (None, "")
    }
    document |= {"tags": dict(facts.tags), "items": items}
    if not items:
        findings.append(
            Finding(
                "error",
                "no-items",
                "",
                "There is no folder with images in it.",
                "Each sub-folder is an item; for images that lie directly there, say --one-item.",
            )
        )
        return None
    try:
        return Manifest.model_validate(document)
    except ValidationError as error:
        findings += [_told(dict(problem)) for problem in error.errors(include_url=False)]
    return None


def _has_pages(item: FoundItem, findings: list[Finding]) -> bool:
    if not item.pages:
        findings.append(left_out(item.name, "there is no image in it"))
    return bool(item.pages)


def _item(item: FoundItem, facts: BatchFacts, findings: list[Finding]) -> dict[str, Any]:
    identity = item_id(item.name)
    if identity != item.name:
        findings.append(
            Finding(
                "note", "renamed", item.name, f"The item of the folder {item.name!a} gets the id {identity}."
            )
        )
    if not facts.attach:
        findings += [left_out(name, "it is no image") for name in item.others]
    said = {name: value for name, value in facts.per_item.items() if value}
    return {
        "id": identity,
        "title": _UNFIT.sub(" ", item.name).strip() or identity,
        **said,
        "file_paths": item.pages,
        "attachments": item.others if facts.attach else (),
    }


def item_id(name: str) -> str:
    """An id made of a folder's name: the name itself where it can be one."""
    plain = unicodedata.normalize("NFC", name.strip())
    try:
        return legal_id(plain)
    except Refused:
        kept = "".join("_" if unicodedata.category(c) in {"Zs", "Cf"} and c != " " else c for c in plain)
        plain = _UNFIT.sub("_", kept).lstrip("-.").rstrip(". ")
    while len(plain.encode()) > LONGEST_ID:
        plain = plain[:-1]
    try:
        return legal_id(plain or "item")
    except Refused:
        return f"item-{plain}"[:LONGEST_ID]


def _told(problem: Mapping[str, Any]) -> Finding:
    cause = problem.get("ctx", {}).get("error")
    name = ".".join(map(str, problem["loc"]))
    if isinstance(cause, Refused):
        return Finding("error", cause.code.value, name, cause.message, cause.remedy)
    if problem["type"] == "missing":
        option = f"--{name.replace('_', '-').replace('resolution-dpi', 'resolution')}"
        return Finding(
            "error", "required", name, f"Nobody says the {name.replace('_', ' ')}.", f"Say it with {option}."
        )
    return Finding("error", "wrong-type", name, f"{name}: {problem['msg']}.", "Correct the value.")


def write_checked(manifest: Manifest, destination: Path, findings: list[Finding]) -> bool:
    """Write a manifest to a new file, once `recto manifest check` finds nothing wrong with it there.

    Args:
        manifest: The manifest.
        destination: A file that does not exist, ending in .csv, .xlsx, .json, .yaml or .yml.
        findings: Gets every problem and warning.

    Returns:
        Whether it was written.

    Raises:
        ManifestExists: There is a file of that name; it stays as it is.
        OSError: The disk is full or read-only; nothing is left behind.
    """
    form = destination.suffix.lower().removeprefix(".").replace("yml", "yaml")
    if form not in FORMATS:
        raise ValueError(f"A manifest ends in {', '.join(FORMATS)}, not in {destination.suffix!r}.")
    if destination.exists():
        raise ManifestExists(f"{destination} exists already.", path=str(destination))
    content = manifest_bytes(manifest, form)
    problems = _problems_there(content, destination)
    findings += problems
    if any(problem.severity == "error" for problem in problems):
        return False
    try:
        write_durably(destination, content, overwrite=False)
    except FileExistsError as error:
        raise ManifestExists(f"{destination} exists already.", path=str(destination)) from error
    return True


def _problems_there(content: bytes, destination: Path) -> list[Finding]:
    """The problems that the file will have, found by reading one of another name beside it."""
    descriptor, name = tempfile.mkstemp(
        prefix=".recto-manifest-", suffix=destination.suffix, dir=destination.parent
    )
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        reading = read_manifest(Path(name))
    finally:
        Path(name).unlink(missing_ok=True)
    return [
        Finding(
            "error" if problem.severity == "error" else "note",
            problem.code,
            problem.pointer or "",
            problem.message,
            problem.remedy,
        )
        for problem in reading.problems
    ]
