# SPDX-License-Identifier: Apache-2.0
"""A run of an audit: claims copies, the oldest first, reads several at once, and records each one as it is known."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Any

import structlog

from archive.progress import Progress, ProgressCallback, no_progress
from archive.receiving.audit import Finding
from archive.registry import Session
from archive.registry.clock import now_seconds
from archive.registry.copy_audits import (
    ClaimedCopy,
    Due,
    claim_copies,
    forget_future_proofs,
    give_back,
    new_lease,
    record_good,
    record_unreachable,
    renew_leases,
)
from archive.registry.fixity_figures import (
    copies_to_read,
    copies_to_read_by_location,
    fixity_figures,
    keep_progress,
    overdue_copies,
)
from archive.registry.kept_objects import find_object
from archive.registry.notifications import Kind, notify
from archive.registry.schedule_runs import begin_run, end_run, runs_of
from workers.node import Node
from workers.operations import acting
from workers.receiving.audit_report import AuditReport, AuditRequest
from workers.receiving.copy_check import AuditStopped, Bookkeeping, Checked, CopyCheck, OpenPlaces

log = structlog.get_logger(__name__)

FIXITY_RUN = "fixity"
"""Name of the runs of audits in the registry."""

LEASE_SECONDS = 600.0
CLAIM_COPIES, CLAIM_BYTES = 400, 256 << 20
"""How much is claimed at once: so much that a claim costs nothing beside the reading, and is read within a lease."""
GROUP_COPIES, GROUP_BYTES = 16, 4 << 20
"""Small copies are read by a thread one after the other: handing each one over would cost more than reading it."""
RECORD_COPIES, RECORD_SECONDS = 400, 2.0
"""Good copies are recorded together: so many at the most, and none of them later than this."""
REFUSALS = 3
"""A location that refuses so often, and gives nothing between, is away for the rest of the run."""
PROGRESS_SECONDS = 30.0
DAY = 86_400.0


def due_of(node: Node, request: AuditRequest) -> Due:
    """Which copies an audit takes on.

    Raises:
        ObjectUnknown: There is no such object.
    """
    older_than = request.older_than
    if older_than is None:
        older_than = 0.0 if request.object or request.refill else node.settings.fixity.due_seconds
    key = None
    if request.object:
        with node.registry.reading() as session:
            key = find_object(session, request.object).id
    # a person who asks for copies does not want to be told that the schedule tries them tomorrow
    return Due(now_seconds() - older_than, key, anyway=not request.is_by_policy, locations=request.refill)


def preview_audit(node: Node, request: AuditRequest) -> dict[str, Any]:
    """What an audit would read, without reading anything: `{copies, bytes, limit, locations: {location: {copies, bytes}}}`.

    Raises:
        ObjectUnknown: There is no such object.
    """
    due = due_of(node, request)
    with node.registry.reading() as session:
        by_location = copies_to_read_by_location(session, due)
        limit = _most_bytes(node, request, session)
    return {
        "copies": sum(copies for copies, _ in by_location.values()),
        "bytes": sum(size for _, size in by_location.values()),
        "limit": limit,
        "locations": {
            name: {"copies": copies, "bytes": size} for name, (copies, size) in by_location.items()
        },
    }


def audit_copies(
    node: Node,
    request: AuditRequest,
    *,
    watch: ProgressCallback = no_progress,
    stopped: Callable[[], bool] = lambda: False,
) -> AuditReport:
    """Audit copies until all that are due were read, the run's share is used up, or somebody stops it.

    What was read is recorded copy by copy, so the next run goes on where this one ended. Several may
    run at once, on several hosts: each copy is claimed by one of them.

    Args:
        node: The process's settings and registry.
        request: What to do.
        watch: Told of bytes, from this thread.
        stopped: Asked now and then whether to end.

    Raises:
        ObjectUnknown: There is no such object.
        RegistryUnreachable: The registry is away; what was recorded stays.
    """
    due = due_of(node, request)
    with node.registry.transaction() as session:
        forget_future_proofs(session)
        run = begin_run(session, FIXITY_RUN)
    # counting a million copies takes a second, in which others want to write
    with node.registry.reading() as session:
        limit = _most_bytes(node, request, session)
        _, size = copies_to_read(session, due)
    total = min(size, limit) if limit else size
    audit = _Audit(node, request, due, run, limit, watch, stopped, total)
    begun = time.monotonic()
    try:
        audit.work()
    finally:
        report = audit.report
        report.seconds = time.monotonic() - begun
        _end(node, request, due, run, report)
    return report


def _most_bytes(node: Node, request: AuditRequest, session: Session) -> int:
    """How much a run reads at the most; 0 for no limit."""
    policy = node.settings.fixity
    share = request.share
    most = request.most_bytes
    if share is None and most is None and request.is_by_policy:
        share, most = policy.share, policy.bytes_per_run
    limits = [most] if most else []
    if share:
        whole = fixity_figures(session, now_seconds() - policy.overdue_seconds).bytes
        limits.append(max(1, int(share * whole)))
    return min(limits, default=0)


def _end(node: Node, request: AuditRequest, due: Due, run: int, report: AuditReport) -> None:
    with node.registry.reading() as session:
        left, _ = copies_to_read(session, due)
        report.overdue = overdue_copies(session, now_seconds() - node.settings.fixity.overdue_seconds)
    # a person's audit takes on also those that the schedule would leave alone now
    tried = report.unreachable + report.found_bad - report.mended if due.anyway else 0
    report.left = max(0, left - tried)
    with node.registry.transaction() as session:
        detail = {**report.to_json(), "by_policy": request.is_by_policy}
        # the events and the rows of the copies tell of each one
        detail["bad"] = detail["bad"][:20]
        if report.overdue and not _alarmed_lately(session):
            facts = {"copies": report.overdue, "interval_days": node.settings.fixity.interval_days}
            detail["alarmed_at"] = now_seconds()
            notify(
                session,
                Kind.FIXITY_OVERDUE,
                f"{report.overdue} copies",
                {**facts, "away": ", ".join(report.away)},
            )
        end_run(session, run, report.outcome, detail)
    log.info("fixity.run", **{name: value for name, value in report.to_json().items() if name != "bad"})


def _alarmed_lately(session: Session) -> bool:
    moments = [
        float((run.detail or {}).get("alarmed_at", 0.0)) for run in runs_of(session, FIXITY_RUN, most=100)
    ]
    return max(moments, default=0.0) > now_seconds() - DAY


class _Audit:
    """One run, with what it holds.

    Args:
        node: The process's settings and registry.
        request: What to do.
        due: Which copies.
        run: Key of the run.
        limit: Bytes to read at the most; 0 for no limit.
        watch: Told of bytes.
        stopped: Whether to end.
        total: Bytes that are likely to be read, for the watcher.
    """

    def __init__(
        self,
        node: Node,
        request: AuditRequest,
        due: Due,
        run: int,
        limit: int,
        watch: ProgressCallback,
        stopped: Callable[[], bool],
        total: int,
    ) -> None:
        self.report = AuditReport()
        self._request = request
        self._due = due
        self._limit = limit
        self._watch, self._total = watch, total
        self._stopped = stopped
        self._parallel = node.settings.fixity.parallel
        self._books = Bookkeeping(node.registry, run, acting(node))
        self._check = CopyCheck(OpenPlaces(node), self._books, request)
        self._stop = threading.Event()
        self._ends_at = time.monotonic() + (request.most_seconds or float("inf"))
        self._after: tuple[float, int] | None = None
        self._claimed_bytes = 0
        self._all_claimed = self._exhausted = False
        self._waiting: deque[ClaimedCopy] = deque()
        self._running: dict[Future[list[Checked]], list[ClaimedCopy]] = {}
        self._partly: dict[int, int] = {}
        self._good: list[tuple[ClaimedCopy, str]] = []
        self._refusals: Counter[str] = Counter()
        moment = time.monotonic()
        self._record_at, self._renew_at, self._tell_at = (
            moment + RECORD_SECONDS,
            moment + LEASE_SECONDS / 3,
            0.0,
        )
        self._progress_at = moment + PROGRESS_SECONDS

    def work(self) -> None:
        """Go on to the end; what is held then is given back."""
        with ThreadPoolExecutor(self._parallel, thread_name_prefix="fixity") as pool:
            try:
                while self._go_on(pool):
                    pass
                self.report.complete = self._exhausted and not self.report.away
            finally:
                self._stop.set()
                for future in list(self._running):
                    self._settle(future)
                self._record()
                self._give_back(list(self._waiting))

    def _go_on(self, pool: ThreadPoolExecutor) -> bool:
        if self._stopped() or time.monotonic() > self._ends_at:
            self._stop.set()
            return False
        self._claim()
        while self._waiting and len(self._running) < self._parallel:
            self._begin(pool)
        if not self._running:
            # all that is left may be of a location that is away by now
            return not self._all_claimed
        done, _ = wait(self._running, timeout=0.2, return_when=FIRST_COMPLETED)
        for future in done:
            self._settle(future)
        self._keep_up()
        return True

    def _claim(self) -> None:
        if self._waiting or self._all_claimed:
            return
        left = self._limit - self._claimed_bytes if self._limit else CLAIM_BYTES
        if left <= 0:
            # what is due beyond the share is left to the next run
            self._all_claimed = True
            return
        with self._books.recording() as session:
            copies = claim_copies(
                session,
                self._due,
                after=self._after,
                without=sorted(self.report.away),
                most=CLAIM_COPIES,
                most_bytes=min(left, CLAIM_BYTES),
                lease_seconds=LEASE_SECONDS,
            )
        if not copies:
            self._all_claimed = self._exhausted = True
            return
        self._after = (copies[-1].checked_at, copies[-1].id)
        self._claimed_bytes += sum(copy.size for copy in copies)
        self._waiting.extend(copies)

    def _begin(self, pool: ThreadPoolExecutor) -> None:
        group: list[ClaimedCopy] = []
        size = 0
        while self._waiting and len(group) < GROUP_COPIES:
            size += self._waiting[0].size
            if group and size > GROUP_BYTES:
                break
            copy = self._waiting.popleft()
            if copy.location in self.report.away:
                self._give_back([copy])
            else:
                group.append(copy)
        if group:
            self._running[pool.submit(self._check_some, group)] = group

    def _check_some(self, group: Sequence[ClaimedCopy]) -> list[Checked]:
        """Audit copies, in a thread of the pool: up to the one that somebody wants to stop at, or that was refused."""
        checked: list[Checked] = []
        for copy in group:
            try:
                found = self._check.check(copy, partial(self._listen, copy))
            except AuditStopped:
                break
            finally:
                self._partly.pop(copy.id, None)
            checked.append(found)
            if found.audited is not None and found.audited.finding is Finding.UNREACHABLE:
                break
        return checked

    def _listen(self, copy: ClaimedCopy, progress: Progress) -> None:
        if self._stop.is_set():
            raise AuditStopped
        self._partly[copy.id] = min(progress.done, copy.size)

    def _settle(self, future: Future[list[Checked]]) -> None:
        group = self._running.pop(future)
        checked = future.result()
        # after a refusal the rest waits for its turn, which does not come if the location is away
        self._waiting.extendleft(reversed(group[len(checked) :]))
        for each in checked:
            self._settle_one(each)

    def _settle_one(self, checked: Checked) -> None:
        copy, audited = checked.copy, checked.audited
        if audited is None:
            # somebody else has it by now, or its object was deleted, for which somebody may be waiting
            self._give_back([copy])
            return
        self.report.copies += 1
        if audited.finding is Finding.UNREACHABLE:
            self._refused(copy, audited.detail["error"])
            return
        self._refusals[copy.location] = 0
        if checked.bad is not None:
            self.report.add_bad(checked.bad)
            return
        self._good.append((copy, audited.proof))
        self.report.reread += int(audited.readings > 1)

    def _refused(self, copy: ClaimedCopy, error: dict[str, Any]) -> None:
        self.report.unreachable += 1
        self._refusals[copy.location] += 1
        if self._refusals[copy.location] == REFUSALS:
            log.warning("fixity.away", location=copy.location, code=error["code"], message=error["message"])
            self.report.away[copy.location] = error
        with self._books.recording() as session:
            record_unreachable(session, copy, error)

    def _keep_up(self) -> None:
        moment = time.monotonic()
        if len(self._good) >= RECORD_COPIES or moment >= self._record_at:
            self._record()
        if moment >= self._renew_at:
            self._renew()
        if moment >= self._tell_at:
            self._tell_at = moment + 0.2
            done = (
                self.report.bytes
                + sum(copy.size for copy, _ in self._good)
                + sum(self._partly.copy().values())
            )
            self._watch(Progress("Auditing copies", done, max(self._total, done)))

    def _record(self) -> None:
        moment = time.monotonic()
        self._record_at = moment + RECORD_SECONDS
        if not self._good:
            return
        with self._books.recording() as session:
            own = record_good(session, self._good, run=self._books.run, agents=self._books.agents)
            if moment >= self._progress_at:
                self._progress_at = moment + PROGRESS_SECONDS
                keep_progress(session, self._books.run, {**self.report.to_json(), "bad": []})
        self._good.clear()
        self.report.good += len(own)
        self.report.bytes += sum(copy.size for copy in own)

    def _renew(self) -> None:
        """Keep what is held for longer; what others took meanwhile is theirs."""
        self._renew_at = time.monotonic() + LEASE_SECONDS / 3
        running = [copy for group in self._running.values() for copy in group]
        held = [*self._waiting, *running, *(copy for copy, _ in self._good)]
        lease = new_lease(LEASE_SECONDS)
        with self._books.lock:
            with self._books.registry.transaction() as session:
                kept = renew_leases(session, held, lease)
            for copy in held:
                if copy.id in kept:
                    copy.lease = lease
        self._waiting = deque(copy for copy in self._waiting if copy.id in kept)

    def _give_back(self, copies: list[ClaimedCopy]) -> None:
        if copies:
            with self._books.recording() as session:
                give_back(session, copies)
