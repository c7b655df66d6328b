# SPDX-License-Identifier: Apache-2.0
"""What each step needs of an item's files: recorded ones by their use, and what one stage leaves for another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.registry import Session
from archive.registry.batches import get_batch, pages_of
from archive.registry.pages import has_text_layer, was_measured
from archive.registry.staged_files import KnownFile, below, recorded_files, staged_below, staged_files
from archive.registry.stages import Per, Stage
from archive.registry.tables import BatchRow, ItemRow, PageRow
from workers.work import Work

KEPT = frozenset({"master", "original", "attachment"})
"""Uses of files that nobody but the station may put in the place of another."""

FETCHED = "fetched/"
"""Where files that came from servers lie until they are pages, each with a note beside it."""

CUSTODY = ("metadata/custody.json", "metadata/custody.sig")
"""The seal of an earlier bag of the item: the bag stays the same one when it is made again."""

SIZE_UNKNOWN = -1
DIGEST_UNKNOWN = ""
"""Of a file that must be somewhere, though nobody has told of it yet: only the host that made it has it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that a unit needs here.

    Attributes:
        file: Which, and with which content.
        item: The item that it is staged for; "" for a file of the whole batch.
    """

    file: KnownFile
    item: str

    @property
    def is_kept(self) -> bool:
        """Whether the file is a page as it was captured, or came with the pages."""
        return self.file.use in KEPT


FETCH = "fetch"
"""The step that fetches what a manifest names on servers."""

Needs = Callable[[Session, Work, ItemRow], list[Wanted]]


def needed_by(session: Session, work: Work, item: ItemRow) -> list[Wanted]:
    """The files that a unit reads."""
    return _NEEDS.get(work.rule.step, _all_recorded)(session, work, item)


def manifest_name(batch: BatchRow) -> str:
    """What the submitted manifest is called in the batch's folder."""
    return f"manifest{Path(batch.manifest_path).suffix.lower()}"


def rendition(item: str, page: PageRow, suffix: str) -> str:
    """Where the gray rendition (".png") or the text layer (".pdf") of a page is, relative to the batch's folder."""
    return f"{below(item)}renditions/{page.name}{suffix}"


def _nothing(_session: Session, _work: Work, _item: ItemRow) -> list[Wanted]:
    return []


def _recorded(
    session: Session, item: ItemRow, uses: Sequence[str], pages: Iterable[PageRow] | None
) -> list[Wanted]:
    keys = None if pages is None else [page.id for page in pages]
    if keys == []:
        return []
    return [Wanted(file, item.name) for file in recorded_files(session, item, uses=uses, pages=keys)]


def _staged(session: Session, item: ItemRow, paths: Iterable[str]) -> list[Wanted]:
    """What is staged of these paths: nothing but its being there tells what it must hold."""
    rows = staged_files(session, item.batch, item.name, paths).values()
    return [Wanted(KnownFile(row.path, row.size, row.sha256), item.name) for row in rows]


def _images(session: Session, item: ItemRow, pages: Sequence[PageRow]) -> list[Wanted]:
    """The gray renditions of pages; of a page that has none, the master that it is made from."""
    renditions = _staged(session, item, [rendition(item.name, page, ".png") for page in pages])
    there = {wanted.file.path for wanted in renditions}
    without = [page for page in pages if rendition(item.name, page, ".png") not in there]
    return [*renditions, *_recorded(session, item, ["master"], without)]


def fetched_names(work: Work) -> tuple[str, ...]:
    """What the names of files start with that came from servers for a unit, and are no pages yet."""
    pages = [page for page in work.pages() if page.capture is None]
    names = [f"{page.name}{end}" for page in pages for end in (".", "")]
    return tuple([*names, "attachment-"] if work.claim.chunk == 0 else names)


def _fetched(session: Session, work: Work, item: ItemRow) -> list[Wanted]:
    folder = below(item.name) + FETCHED
    starts = tuple(folder + name for name in fetched_names(work))
    return [
        Wanted(KnownFile(row.path, row.size, row.sha256), item.name)
        for row in staged_below(session, item.batch, item.name, folder)
        if row.path.startswith(starts)
    ]


def _captures(session: Session, work: Work, item: ItemRow) -> list[Wanted]:
    return [*_recorded(session, item, sorted(KEPT), work.pages()), *_fetched(session, work, item)]


def _masters(session: Session, work: Work, item: ItemRow) -> list[Wanted]:
    return _recorded(session, item, ["master"], work.pages())


def _to_enrich(session: Session, work: Work, item: ItemRow) -> list[Wanted]:
    pages = pages_of(session, item.id)
    looks_at_all = bool(work.parameters.get("barcodes"))
    return _images(session, item, [page for page in pages if looks_at_all or not was_measured(page)])


def _to_read(session: Session, work: Work, item: ItemRow) -> list[Wanted]:
    pages = work.pages()
    layers = _staged(session, item, [rendition(item.name, page, ".pdf") for page in pages])
    there = {wanted.file.path for wanted in layers}
    unread = [
        page
        for page in pages
        if page.recognition is None
        or (has_text_layer(page) and rendition(item.name, page, ".pdf") not in there)
    ]
    return [*layers, *_images(session, item, unread)]


def _to_assemble(session: Session, _work: Work, item: ItemRow) -> list[Wanted]:
    pages = pages_of(session, item.id)
    paths = [rendition(item.name, page, ".pdf") for page in pages if has_text_layer(page)]
    layers = _staged(session, item, paths)
    there = {wanted.file.path for wanted in layers}
    unknown = [KnownFile(path, SIZE_UNKNOWN, DIGEST_UNKNOWN) for path in paths if path not in there]
    without = [Wanted(file, item.name) for file in unknown]
    return [*_recorded(session, item, ["access", "text", "alto"], pages), *layers, *without]


def _to_bag(session: Session, _work: Work, item: ItemRow) -> list[Wanted]:
    batch = get_batch(session, item.batch)
    seal = _staged(session, item, [below(item.name) + path for path in CUSTODY])
    name = manifest_name(batch)
    row = staged_files(session, item.batch, "", [name]).get(name)
    manifest = KnownFile(name, row.size if row else SIZE_UNKNOWN, batch.manifest_sha256)
    return [*_recorded(session, item, (), None), *seal, Wanted(manifest, "")]


def _bag(_session: Session, _work: Work, item: ItemRow) -> list[Wanted]:
    known = bag_of(item)
    return [] if known is None else [Wanted(known, item.name)]


def bag_of(item: ItemRow) -> KnownFile | None:
    """The recorded bag of an item."""
    if item.bag is None:
        return None
    return KnownFile(f"bags/{item.bag['name']}.tar", item.bag["size"], item.bag["sha256"])


def _all_recorded(session: Session, work: Work, item: ItemRow) -> list[Wanted]:
    """For a site's own step: whatever is recorded of its pages, or of the item."""
    return _recorded(session, item, (), work.pages() if work.rule.per is Per.CHUNK else None)


_NEEDS: dict[str, Needs] = {
    Stage.VALIDATE: _nothing,
    # it asks the registry what was measured of the scanner
    "target": _nothing,
    "jpeg2000": _masters,
    FETCH: _fetched,
    Stage.CAPTURE: _captures,
    Stage.CHARACTERISE: _masters,
    Stage.ENRICH: _to_enrich,
    Stage.OCR: _to_read,
    Stage.ASSEMBLE: _to_assemble,
    Stage.BAG: _to_bag,
    Stage.UPLOAD: _bag,
    Stage.CONFIRM: _nothing,
}
"""What the steps read that come with Recto; a site's own step reads what is recorded."""
