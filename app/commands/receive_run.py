# SPDX-License-Identifier: Apache-2.0
"""Running the bucket reader: once, with workers of its own where nobody else works, or again and again."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import structlog

from app.commands.batch_run import somebody_works
from app.exit_codes import ExitCode
from app.output import err, out
from archive.errors import RegistryUnreachable
from archive.receiving.bucket_reader import Decided, Decision
from archive.registry.clock import now_seconds
from archive.registry.work_item_status import Standing, delayed, standings_of
from archive.registry.work_items import open_batches
from workers.errors import BrokerUnavailable, StationBusy
from workers.local_station import LocalStation
from workers.node import Node
from workers.operations import resume_all
from workers.receiving.errors import EarlierBagFirst
from workers.receiving.reading_buckets import LocationRead, read_and_dispatch, read_buckets

log = structlog.get_logger(__name__)

TICK_SECONDS = 0.25
"""How often it is looked whether what was found is done."""


def receive_once(
    node: Node, institutions: Sequence[str] | None, *, wait: bool | None, as_json: bool
) -> ExitCode:
    """Look through the receiving locations once.

    Args:
        node: Settings and registry.
        institutions: Only these depositors; all active ones where None.
        wait: Whether to end only when what was found is ingested; where None, only with workers of our own.
        as_json: Whether decisions and results are printed as lines of JSON.

    Returns:
        What came of it.
    """
    works = somebody_works(node)
    # without workers there is nobody yet to send anything to
    look = read_and_dispatch if works else read_buckets
    locations = look(node, institutions, _teller(as_json=as_json))
    _tell_errors(locations)
    with node.registry.reading() as session:
        waiting = open_batches(session, institutions)
    numbers = sorted({*waiting, *(number for location in locations for number in location.made)})
    put_off: dict[str, dict[str, Any]] = {}
    waits = not works if wait is None else wait
    if waits and waiting:
        try:
            put_off = _work_off(node, waiting, here=not works)
        except BrokerUnavailable as error:
            err.print(f"{error.message} {error.remedy}")
            return ExitCode.STORAGE_OR_NETWORK
    with node.registry.reading() as session:
        standings = standings_of(session, numbers)
    _tell_end(locations, standings, put_off, as_json=as_json)
    return _exit_code(locations, standings, put_off)


def receive_always(node: Node, institutions: Sequence[str] | None, *, as_json: bool) -> None:
    """Look through the receiving locations again and again, until somebody ends it."""
    tell = _teller(as_json=as_json)
    err.print(
        f"Receiving locations are looked through every {node.settings.receiving.scan_seconds:g} seconds. "
        "Stop it with Ctrl-C."
    )
    try:
        with ExitStack() as running:
            watch = _Workers(node, running)
            next_look = 0.0
            while True:
                watch.tend()
                if time.monotonic() >= next_look:
                    try:
                        _tell_errors(read_and_dispatch(node, institutions, tell))
                    except RegistryUnreachable as error:
                        log.warning("receiving.postponed", message=error.message)
                    next_look = time.monotonic() + node.settings.receiving.scan_seconds
                time.sleep(min(1.0, node.settings.receiving.scan_seconds))
    except KeyboardInterrupt:
        err.print("Stopped. What was found is in the registry, and goes on with the next station or reader.")


class _Workers:
    """Workers of our own, as long as nobody else works here.

    Args:
        node: The node.
        running: Where they are ended.
    """

    def __init__(self, node: Node, running: ExitStack) -> None:
        self._node = node
        self._running = running
        self._station: LocalStation | None = None

    def start(self) -> None:
        """Start workers and send what waits.

        Raises:
            BrokerUnavailable: The private broker does not start.
        """
        try:
            self._station = self._running.enter_context(LocalStation(self._node.settings))
        except StationBusy:
            # somebody was faster, and works for us
            return
        resume_all(self._node)

    def tend(self) -> None:
        """Start workers where nobody works, and start those again that died."""
        try:
            if self._station is not None:
                if self._station.revive():
                    resume_all(self._node)
            elif not somebody_works(self._node):
                self.start()
        except BrokerUnavailable as error:
            log.warning("broker.not_revived", message=error.message)


def _work_off(node: Node, waiting: dict[int, str], *, here: bool) -> dict[str, dict[str, Any]]:
    """Wait until ingests have settled, or are put off because a place is away.

    Returns:
        Of those that are put off, by batch, why.

    Raises:
        BrokerUnavailable: The private broker does not start.
    """
    with ExitStack() as running:
        watch = _Workers(node, running)
        if here:
            watch.start()
        while True:
            with node.registry.reading() as session:
                still = {
                    number: batch for number, batch in open_batches(session).items() if number in waiting
                }
                put_off = delayed(session, still.values(), now_seconds()) if still else {}
            if len(put_off) == len(still):
                return put_off
            watch.tend()
            time.sleep(TICK_SECONDS)


def _teller(*, as_json: bool) -> Callable[[str, Decision], None]:
    """Prints decisions: all of them as lines of JSON, or those that mean work as text."""
    lock = threading.Lock()

    def tell(institution: str, decision: Decision) -> None:
        if as_json:
            with lock:
                _print_line({"institution": institution, **decision.to_json()})
        elif decision.decision in {Decided.MADE, Decided.SUPERSEDING}:
            with lock:
                out.print(f"{institution}: {decision.key} is work item {decision.work_item}.")

    return tell


def _print_line(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _tell_errors(locations: Sequence[LocationRead]) -> None:
    for location in locations:
        if location.error is not None:
            err.print(f"{location.institution}: {location.error['message']} {location.error['remedy']}")


def _tell_end(
    locations: Sequence[LocationRead],
    standings: dict[int, Standing],
    put_off: dict[str, dict[str, Any]],
    *,
    as_json: bool,
) -> None:
    if as_json:
        _print_line(
            {
                "locations": [location.to_json() for location in locations],
                "work_items": {str(number): str(standing) for number, standing in standings.items()},
                "delayed": list(put_off.values()),
            }
        )
        return
    objects = sum(location.objects for location in locations)
    made = sum(len(location.made) for location in locations)
    out.print(f"{len(locations)} receiving locations, {objects} objects, {made} new bags.")
    for number, standing in standings.items():
        out.print(f"Work item {number}: {standing}")
    for error in put_off.values():
        err.print(f"{error['message']} {error['remedy']}")


def _exit_code(
    locations: Sequence[LocationRead],
    standings: dict[int, Standing],
    put_off: dict[str, dict[str, Any]],
) -> ExitCode:
    found = set(standings.values())
    codes = {str(error["code"]) for error in put_off.values()}
    if found & {Standing.FAILED, Standing.CANCELLED} or EarlierBagFirst.code in codes:
        return ExitCode.HELD
    if put_off or any(location.error for location in locations):
        return ExitCode.STORAGE_OR_NETWORK
    return ExitCode.INVALID if Standing.REFUSED in found else ExitCode.DONE
