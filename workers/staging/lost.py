# SPDX-License-Identifier: Apache-2.0
"""Pages whose derived files went with the host that made them, before they were handed on: they are made again."""

from __future__ import annotations

import structlog

from archive.registry.pages import forget_fact
from archive.registry.staged_files import recorded_files, staged_files
from archive.registry.stages import Stage
from archive.registry.tables import ItemRow, PageRow
from workers.staging.inputs import Wanted
from workers.staging.transfers import is_here
from workers.work import Work

log = structlog.get_logger(__name__)

MAKES = {
    Stage.CHARACTERISE: ("checks", ("access", "thumbnail")),
    Stage.OCR: ("recognition", ("text", "hocr", "alto")),
}
"""By step: the fact of a page that tells that it is done, and the uses of the files that stand for it."""


def forget_lost_pages(work: Work) -> int:
    """Let the step do those pages again whose files are neither here nor in the staging place.

    A step records page by page, and its files are handed on at the end: a host that dies in between
    takes the files with it.

    Returns:
        How many pages.
    """
    if work.rule.step not in MAKES:
        return 0
    fact, uses = MAKES[Stage(work.rule.step)]
    done = [page for page in work.pages() if getattr(page, fact) is not None]
    lost = [page for page in done if _is_lost(work, page, uses)]
    if lost:
        log.warning("staging.pages_made_again", pages=[page.number for page in lost])
        with work.recording() as session:
            for page in lost:
                forget_fact(session, page.id, fact)
    return len(lost)


def _is_lost(work: Work, page: PageRow, uses: tuple[str, ...]) -> bool:
    with work.node.registry.reading() as session:
        item = session.get_one(ItemRow, work.claim.item)
        files = recorded_files(session, item, uses=uses, pages=[page.id])
        staged = staged_files(session, item.batch, item.name, (file.path for file in files))
    absent = [file for file in files if file.path not in staged or staged[file.path].sha256 != file.sha256]
    return any(not is_here(work.node, item.batch, Wanted(file, item.name)) for file in absent)
