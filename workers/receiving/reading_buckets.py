# SPDX-License-Identifier: Apache-2.0
"""The bucket reader at work: every receiving location is read, new bags become work items, and these are sent."""

from __future__ import annotations

import contextvars
import datetime as dt
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import structlog

from archive.bag.readers import printable
from archive.errors import ArchiveError, InstitutionInvalid, WorkItemExists
from archive.receiving.arrivals import ArrivedBag
from archive.receiving.bucket_reader import Decided, Decision, Registered, read_location
from archive.registry.clock import now_iso
from archive.registry.institutions import ACTIVE, Institution, all_institutions, get_institution
from archive.registry.receive_scans import Scan, record_scans
from archive.registry.work_items import (
    KnownByName,
    known_items,
    known_items_of,
    make_work_item,
    supersede_older,
)
from archive.storage.shared_clients import shared_clients
from workers.errors import BrokerUnavailable
from workers.node import Node

log = structlog.get_logger(__name__)

_NEWS = frozenset({Decided.MADE, Decided.SUPERSEDING})

TOGETHER = 100
"""Locations of which the registry is asked, and told, at once."""

MOST_TOGETHER = 20_000
"""Work items that are held for them; where there are more, each page of each list is asked for by itself."""

_Together = Mapping[str, KnownByName] | None

Tell = Callable[[str, Decision], object]
"""Told of each decision, with the depositor's identifier; from several threads."""


def _silently(_institution: str, _decision: Decision) -> None:
    """Nobody wants to know."""


@dataclass(slots=True)
class LocationRead:
    """What came of reading one receiving location.

    Attributes:
        institution: The depositor.
        objects: How many objects were seen.
        decisions: How many were decided how.
        made: Numbers of the work items that were made.
        waiting: Numbers of those that wait or run for bags that lie there.
        error: Why the location could not be read to its end; None where it was.
        started_at: When its reading began, ISO 8601 in UTC.
        ended_at: When it ended.
    """

    institution: str
    objects: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    made: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    error: dict[str, Any] | None = None
    started_at: str = field(default="", compare=False)
    ended_at: str = field(default="", compare=False)

    @property
    def scan(self) -> Scan:
        """What the registry keeps of it."""
        return Scan(
            self.institution,
            self.started_at,
            self.ended_at,
            self.objects,
            dict(self.decisions),
            self.error,
        )

    def to_json(self) -> dict[str, Any]:
        """The location's part of what `recto receive --json` prints at the end of a scan."""
        return {
            "institution": self.institution,
            "objects": self.objects,
            "decisions": dict(sorted(self.decisions.items())),
            "work_items": self.made,
            "error": self.error,
        }


def read_buckets(
    node: Node, institutions: Sequence[str] | None = None, tell: Tell = _silently
) -> list[LocationRead]:
    """Read the receiving locations of active depositors, several at once, and make work items of new bags.

    A location that cannot be read is told with its error, and keeps none of the others from being read.

    Args:
        node: Settings and registry.
        institutions: Only these depositors; all active ones where None.
        tell: Told of each decision.

    Raises:
        InstitutionUnknown, InstitutionInvalid: One of them is not registered, or disabled.
        RegistryUnreachable: The registry is away.
    """
    chosen = _chosen(node, institutions)
    at_once = node.settings.receiving.locations_at_once
    locations: list[LocationRead] = []
    # a client takes longer to make than a short list to read
    with shared_clients(), ThreadPoolExecutor(at_once, thread_name_prefix="receiving") as readers:
        context = contextvars.copy_context()

        for start in range(0, len(chosen), TOGETHER):
            group = chosen[start : start + TOGETHER]
            known = _known_together(node, group)

            def read(institution: Institution, known: _Together = known) -> LocationRead:
                return context.copy().run(_read_one, node, institution, known, tell)

            some = list(readers.map(read, group))
            with node.registry.transaction() as session:
                record_scans(session, [location.scan for location in some])
            locations += some
    return locations


def read_and_dispatch(
    node: Node, institutions: Sequence[str] | None = None, tell: Tell = _silently
) -> list[LocationRead]:
    """Read the receiving locations and send what was found to the workers.

    What cannot be sent waits in the ledger: the reconciler sends it when the broker is back.

    Raises:
        InstitutionUnknown, InstitutionInvalid, RegistryUnreachable: As `read_buckets`.
    """
    locations = read_buckets(node, institutions, tell)
    if any(location.made for location in locations):
        try:
            dispatch_waiting(node)
        except BrokerUnavailable as error:
            log.warning("dispatch.postponed", message=error.message)
    return locations


def dispatch_waiting(node: Node) -> int:
    """Send whatever waits, as far as the window allows; how many items.

    Raises:
        BrokerUnavailable: The broker does not take messages.
    """
    from workers.celery import app
    from workers.dispatch import fill_and_dispatch

    return fill_and_dispatch(app, node)


def _chosen(node: Node, institutions: Sequence[str] | None) -> list[Institution]:
    with node.registry.reading() as session:
        if institutions is None:
            return list(all_institutions(session, state=ACTIVE))
        named = [get_institution(session, institution) for institution in institutions]
    for institution in named:
        if institution.state != ACTIVE:
            raise InstitutionInvalid(
                f"{institution.id} is disabled: its bags would be refused.",
                consequence="Nothing was looked at.",
                remedy=f"Enable it first: recto institution enable {institution.id}",
            )
    return named


def _known_together(node: Node, institutions: Sequence[Institution]) -> _Together:
    """What is known of the bags of several depositors, unless it is too much to be held.

    It may be overtaken while their locations are read: a bag that another reader takes meanwhile is refused by
    the registry, and what settles meanwhile is found by the next scan.
    """
    with node.registry.reading() as session:
        return known_items_of(session, [institution.id for institution in institutions], MOST_TOGETHER)


def _read_one(node: Node, institution: Institution, together: _Together, tell: Tell) -> LocationRead:
    location = LocationRead(institution.id, started_at=now_iso())
    # asked once: there may be millions of objects of which nothing is to be told
    tells_all = logging.getLogger(__name__).isEnabledFor(logging.DEBUG)
    try:
        for decision in _decisions(node, institution, together):
            _count(location, decision)
            if tells_all or decision.decision in _NEWS:
                _log(institution.id, decision)
            tell(institution.id, decision)
    except ArchiveError as error:
        location.error = error.to_json()
        log.warning("receiving.unread", institution=institution.id, code=error.code, message=error.message)
    location.ended_at = now_iso()
    return location


def _decisions(node: Node, institution: Institution, together: _Together) -> Iterator[Decision]:
    place = node.place(institution.receiving)
    quiet = dt.timedelta(seconds=node.settings.receiving.quiet_seconds)

    def known(names: Collection[str]) -> KnownByName:
        if together is not None:
            return together.get(institution.id, {})
        with node.registry.reading() as session:
            return known_items(session, institution.id, names)

    return read_location(place, known, lambda bag: _register(node, institution, bag), quiet=quiet)


def _register(node: Node, institution: Institution, bag: ArrivedBag) -> Registered:
    """Make the work item of a bag and the units of its ingest: all of it, or, where it is made already, nothing."""
    try:
        with node.registry.transaction() as session:
            row = make_work_item(session, institution, bag)
            return Registered(row.id, tuple(supersede_older(session, row)))
    except WorkItemExists:
        return Registered(None)


def _count(location: LocationRead, decision: Decision) -> None:
    location.objects += 1
    location.decisions[str(decision.decision)] += 1
    if decision.work_item is None:
        return
    if decision.decision in _NEWS:
        location.made.append(decision.work_item)
    elif decision.decision is Decided.WAITING_OR_RUNNING:
        location.waiting.append(decision.work_item)


def _log(institution: str, decision: Decision) -> None:
    write = log.info if decision.decision in _NEWS else log.debug
    write(
        "receiving.decided",
        institution=institution,
        key=printable(decision.key),
        decision=str(decision.decision),
        reason=decision.reason,
        work_item=decision.work_item,
    )
