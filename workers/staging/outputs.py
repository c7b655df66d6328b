# SPDX-License-Identifier: Apache-2.0
"""What a unit leaves for others: the files that it recorded, and what the registry knows only by staging."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.digests import digest_file
from archive.registry import Session
from archive.registry.batches import get_batch, pages_of
from archive.registry.staged_files import KnownFile, below, staged_files, unstaged_files
from archive.registry.stages import Per, Stage
from archive.registry.tables import ItemRow
from workers.node import Node
from workers.staging.inputs import CUSTODY, FETCH, FETCHED, bag_of, fetched_names, manifest_name, rendition
from workers.work import Work

RECEIPTS = ("receipt.json", "premis.xml")
"""What is written beside the pages when the copies of a bag are proved; it belongs to the station."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file that other hosts may need.

    Attributes:
        file: Which.
        item: The item that it is staged for; "" for a file of the whole batch.
    """

    file: KnownFile
    item: str


def made_by(session: Session, work: Work, item: ItemRow) -> list[Made]:
    """What a unit has made, or has here, that is not staged yet."""
    pages = work.pages() if work.rule.per is Per.CHUNK else None
    recorded = unstaged_files(session, item, None if pages is None else [page.id for page in pages])
    unrecorded: list[str] = []
    for page in pages or ():
        unrecorded += [rendition(item.name, page, ".png"), rendition(item.name, page, ".pdf")]
    if work.rule.step == FETCH:
        unrecorded += _fetched(work)
    if work.rule.step == Stage.BAG:
        unrecorded += [below(item.name) + path for path in CUSTODY]
    if work.rule.step == Stage.CONFIRM:
        unrecorded += [below(item.name) + path for path in RECEIPTS]
    node = work.node
    made = [Made(file, item.name) for file in recorded if _is_here(node, item.batch, file)]
    made += [Made(file, item.name) for file in _changed(session, node, item.batch, item.name, unrecorded)]
    bag = bag_of(item)
    if work.rule.step == Stage.BAG and bag is not None and node.settings.staging.stage_bags:
        made.append(Made(bag, item.name))
    return [*made, *manifest_of(session, node, item.batch)]


def _fetched(work: Work) -> list[str]:
    """What came from servers for a unit, whole: a file gets its note when it has arrived."""
    starts = fetched_names(work)
    notes = sorted((work.folder / FETCHED).glob("*.json"))
    names = [note.name for note in notes if note.name.startswith(starts)]
    top = below(work.claim.item_name) + FETCHED
    return [top + name for note in names for name in (note.removesuffix(".json"), note)]


def manifest_of(session: Session, node: Node, batch: str) -> Iterator[Made]:
    """The submitted manifest, where it is here and not staged yet."""
    row = get_batch(session, batch)
    name = manifest_name(row)
    if staged_files(session, batch, "", [name]):
        return
    path = node.batch_folder(batch) / name
    if path.is_file():
        digests = digest_file(path, ["sha256"])
        if digests.hexdigests()["sha256"] == row.manifest_sha256:
            yield Made(KnownFile(name, digests.size, row.manifest_sha256), "")


def all_here(session: Session, node: Node, item: ItemRow) -> list[Made]:
    """All files of an item that are here and not staged."""
    recorded = [file for file in unstaged_files(session, item) if _is_here(node, item.batch, file)]
    pages = pages_of(session, item.id)
    paths = [rendition(item.name, page, suffix) for page in pages for suffix in (".png", ".pdf")]
    staged = staged_files(session, item.batch, item.name, paths)
    # what is staged may have been made anew by another host
    unrecorded = [path for path in paths if path not in staged]
    here = [*recorded, *_changed(session, node, item.batch, item.name, unrecorded)]
    bag = bag_of(item)
    if bag is not None and not staged_files(session, item.batch, item.name, [bag.path]):
        here += [bag] if _is_here(node, item.batch, bag) else []
    return [*(Made(file, item.name) for file in here), *manifest_of(session, node, item.batch)]


def _is_here(node: Node, batch: str, file: KnownFile) -> bool:
    path = node.batch_folder(batch) / file.path
    try:
        return path.stat().st_size == file.size
    except OSError:
        # another host made it, and puts it there
        return False


def _changed(
    session: Session, node: Node, batch: str, item: str, paths: Iterable[str]
) -> Iterator[KnownFile]:
    """Files that are here and are not what is staged under their path, if anything is."""
    listed = list(paths)
    staged = staged_files(session, batch, item, listed)
    for path in listed:
        known = _look_at(node.batch_folder(batch), path)
        if known is not None and (path not in staged or staged[path].sha256 != known.sha256):
            yield known


def _look_at(folder: Path, path: str) -> KnownFile | None:
    try:
        digests = digest_file(folder / path, ["sha256"])
    except FileNotFoundError:
        return None
    return KnownFile(path, digests.size, digests.hexdigests()["sha256"])
