# SPDX-License-Identifier: Apache-2.0
"""The fetch stage: the files of a chunk that lie on servers, brought to the item's folder before they are taken in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import structlog

from archive.errors import SourceUnreachable
from archive.fetching.addresses import is_address
from archive.fetching.servers import Servers
from workers.fetch_access import access_of
from workers.stages.attachments import attachments_of, takes_attachments
from workers.stages.fetched_files import FetchedFile, fetched_attachment, fetched_page
from workers.work import Work

log = structlog.get_logger(__name__)


def fetch(work: Work) -> dict[str, Any]:
    """Fetch every page of the chunk that is not here yet; with the first chunk, the item's attachments.

    What has arrived is kept, whatever happens to the next file: another attempt goes on behind it, within a file
    too where the server lets it. Files that lie beside the manifest are left for the capture stage.

    Raises:
        FetchError: A file cannot be had; the class names the state and whether it is worth another attempt.
        DiskLow: There is no room for one.
        LeaseLost: The unit was taken over or cancelled.
    """
    sizes = []
    pages = work.pages()
    with Servers(access_of(work.node.settings)) as servers:
        for page in pages:
            if page.capture is None and page.source is not None and is_address(page.source):
                with work.page(page.number):
                    sizes.append(_patiently(work, partial(fetched_page, work, page, servers)).size)
        if takes_attachments(work):
            for attachment in attachments_of(work):
                if is_address(attachment.source) and not attachment.is_taken_in(work):
                    one = partial(fetched_attachment, work, attachment.source, attachment.name, servers)
                    sizes.append(_patiently(work, one).size)
    return {"pages": len(pages), "fetched": len(sizes), "bytes": sum(sizes)}


def _patiently(work: Work, fetch_one: Callable[[], FetchedFile]) -> FetchedFile:
    """Fetch a file, once more where the connection broke, and again as long as more of it comes each time.

    A line that breaks every few files would else use up the attempts of a chunk that gets on well.
    """
    arrived = -1
    while True:
        try:
            return fetch_one()
        except SourceUnreachable as error:
            got_on = int(error.facts.get("arrived", 0))
            if got_on <= arrived:
                raise
            log.info("fetch.once_more", message=error.message)
            arrived = got_on
            work.still_ours()
