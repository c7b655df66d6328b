# SPDX-License-Identifier: Apache-2.0
"""The events of a scan whose device may refuse to start a page: opened anew, it goes on at the same page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import structlog

from hardware.errors import BadOption, FeederEmpty, ScannerError
from hardware.resumption import Resumption
from hardware.scanner import BatchEnded, PageCompleted, PageEvent, PageVoid, ScanRequest

log = structlog.get_logger(__name__)


def reopening_events(
    request: ScanRequest,
    scan: Callable[[ScanRequest], Iterator[PageEvent]],
    reopen: Callable[[], None],
) -> Iterator[PageEvent]:
    """The events of a scan; a device that refuses to start a page is opened anew, once a page.

    Every error that ends the scan says which page is the last good one, and with which to go on.

    Args:
        request: Which pages.
        scan: Gives the events of a scan of these pages, or of the rest of them.
        reopen: Lets the device go, so that the next scan opens it.

    Raises:
        FeederEmpty: There was no page at all.
        ScannerError: Whatever else ended the batch.
    """
    rest, done, reopened_for = request, 0, -1
    begun = False
    resumption = Resumption(request.first_page)
    while True:
        try:
            for event in scan(rest):
                if isinstance(event, PageCompleted):
                    done += 1
                    resumption.completed(event.page)
                elif isinstance(event, PageVoid):
                    begun = True
                    resumption.explain(event.error)
                yield event
        except FeederEmpty as error:
            if done == 0:
                resumption.explain(error)
                raise
            yield BatchEnded("feeder_empty")
        except ScannerError as error:
            # seen with sane-airscan and others: a handle serves one page, a new one the next
            refused = isinstance(error, BadOption) and error.facts.get("call") == "sane_start"
            if not refused or reopened_for == done or begun:
                resumption.explain(error)
                raise
            reopened_for = done
            rest = _rest(request, done)
            log.info("device refuses to start, opened anew", page=rest.first_page)
            reopen()
            continue
        return


def _rest(request: ScanRequest, done: int) -> ScanRequest:
    pages = None if request.pages is None else request.pages - done
    return replace(request, pages=pages, first_page=request.first_page + done)
