# SPDX-License-Identifier: Apache-2.0
"""One copy in an audit: read, and if it is bad, told in the object's chain and mended from a good one."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog

from archive.errors import ArchiveError, StorageError, StorageUnreachable
from archive.progress import ProgressCallback
from archive.receiving.audit import Audited, Finding, Wanted, audit_copy, unreachable
from archive.receiving.repair import Mended, mend_copy
from archive.registry import Registry, Session
from archive.registry.content_copies import MISMATCH, MISSING, ContentCopy, copies_of_contents
from archive.registry.copy_audits import (
    FIXITY_CHECK,
    REPLICATION,
    ClaimedCopy,
    record_bad_finding,
    record_mended,
    record_unmended,
    still_ours,
    suspect_copy,
)
from archive.registry.events import append_event
from archive.registry.kept_objects import DELETED
from archive.registry.notifications import Kind, notify
from archive.storage.place import Place
from workers.node import Node
from workers.receiving.audit_report import AuditRequest, BadCopy

log = structlog.get_logger(__name__)

_STATES = {Finding.DAMAGED: MISMATCH, Finding.MISSING: MISSING}


class AuditStopped(Exception):
    """Somebody wants the audit to end; nothing is known of the copy that was being read."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of one copy.

    Attributes:
        copy: The copy.
        audited: What was found; None where it was left, because somebody else has it or its object by now.
        bad: What is told of a bad one.
    """

    copy: ClaimedCopy
    audited: Audited | None
    bad: BadCopy | None = None


class OpenPlaces:
    """The places of preservation locations, each opened once; may be asked from several threads.

    Args:
        node: The process's settings.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._places: dict[str, Place] = {}
        self._lock = threading.Lock()

    def __getitem__(self, location: str) -> Place:
        """The place of a location.

        Raises:
            ArchiveError: It cannot be opened as the settings tell.
        """
        with self._lock:
            if location not in self._places:
                self._places[location] = self._node.place(location)
            return self._places[location]


class Bookkeeping:
    """Writing down what an audit finds: one writer at a time, so that no lease changes under another.

    Args:
        registry: The registry.
        run: Key of the audit's run.
        agents: Who audits.
    """

    def __init__(self, registry: Registry, run: int, agents: tuple[str, ...]) -> None:
        self.registry = registry
        self.run = run
        self.agents = agents
        self.lock = threading.Lock()

    @contextmanager
    def recording(self) -> Iterator[Session]:
        """A transaction that nobody else of this audit has at the same time."""
        with self.lock, self.registry.transaction() as session:
            yield session


class CopyCheck:
    """Audits copies, each in the thread that calls.

    Args:
        places: The preservation locations.
        books: Where findings are written.
        request: What the audit is to do.
    """

    def __init__(self, places: OpenPlaces, books: Bookkeeping, request: AuditRequest) -> None:
        self._places = places
        self._books = books
        self._request = request

    def check(self, copy: ClaimedCopy, progress: ProgressCallback) -> Checked:
        """Audit a copy. Bad ones are recorded and mended here; good and unreachable ones by who asked.

        Args:
            copy: The copy.
            progress: Told of bytes; it raises to stop the audit.

        Raises:
            AuditStopped: As `progress` wants.
        """
        wanted = Wanted(copy.key, copy.size, copy.sha256)
        audited = self._audit(copy.location, wanted, progress)
        if not audited.finding.is_bad:
            return Checked(copy, audited)
        log.error(
            "fixity.bad", object=copy.object, location=copy.location, key=copy.key, found=str(audited.finding)
        )
        state = _STATES[audited.finding]
        with self._books.recording() as session:
            if not still_ours(session, copy):
                return Checked(copy, None)
            record_bad_finding(
                session, copy, state, audited.detail, run=self._books.run, agents=self._books.agents
            )
        bad = self._mend(copy, wanted, audited, progress)
        return Checked(copy, audited if bad else None, bad)

    def _audit(self, location: str, wanted: Wanted, progress: ProgressCallback) -> Audited:
        try:
            place = self._places[location]
        except ArchiveError as error:
            return Audited(Finding.UNREACHABLE, detail={"error": error.to_json()})
        try:
            return audit_copy(place, wanted, progress, may_be_empty=location in self._request.refill)
        except OSError as error:
            # one file that the system stumbles over must not end the audit of all others
            return unreachable(_refused(location, wanted, error))

    def _mend(
        self, copy: ClaimedCopy, wanted: Wanted, audited: Audited, progress: ProgressCallback
    ) -> BadCopy | None:
        if not self._request.repair:
            return self._unmended(copy, audited, "Copies are not to be mended in this audit.")
        source, reason = self._good_source(copy, wanted, progress)
        if source is None:
            return self._unmended(copy, audited, reason)
        try:
            # a place that was opened to read the copy
            mended = mend_copy(
                self._places[copy.location],
                wanted,
                self._places[source],
                uid=copy.uid,
                may_be_empty=copy.location in self._request.refill,
                progress=progress,
            )
        except OSError as error:
            refusal = _refused(copy.location, wanted, error)
            return self._unmended(copy, audited, refusal.message, refusal.to_json())
        except StorageError as error:
            return self._unmended(copy, audited, error.message, error.to_json())
        return self._mended(copy, audited, source, mended)

    def _good_source(
        self, copy: ClaimedCopy, wanted: Wanted, progress: ProgressCallback
    ) -> tuple[str | None, str]:
        """A location whose copy was proved just now; or None, and why there is none."""
        with self._books.registry.reading() as session:
            others = copies_of_contents(session, [copy.content]).get(copy.content, [])
        told: list[str] = []
        for other in others:
            if other.id == copy.id or other.state == DELETED:
                continue
            audited = self._audit(other.location, wanted, progress)
            if audited.finding is Finding.GOOD:
                return other.location, ""
            told.append(f"the one in {other.location} is {audited.finding}")
            if audited.finding.is_bad:
                self._suspect(copy, other, audited)
        return None, f"There is no other good copy: {', '.join(told) or 'it was the only one'}."

    def _suspect(self, copy: ClaimedCopy, other: ContentCopy, audited: Audited) -> None:
        state = _STATES[audited.finding]
        detail = {"location": other.location, "sha256": other.sha256, "found": state, "run": self._books.run}
        with self._books.recording() as session:
            if not still_ours(session, copy):
                return
            append_event(
                session,
                copy.chain,
                FIXITY_CHECK,
                outcome="fail",
                detail={**audited.detail, **detail},
                agents=self._books.agents,
            )
            suspect_copy(session, other.id, state)

    def _unmended(
        self, copy: ClaimedCopy, audited: Audited, reason: str, error: Mapping[str, Any] | None = None
    ) -> BadCopy:
        known: dict[str, Any] = {
            **audited.detail,
            "last_good_at": copy.checked_at or None,
            "not_mended": reason,
        }
        if error:
            known["error"] = dict(error)
        told = {"location": copy.location, "sha256": copy.sha256, "repair": True, "reason": reason}
        bad = BadCopy(
            copy.object, copy.location, copy.sha256, str(audited.finding), mended=False, reason=reason
        )
        with self._books.recording() as session:
            if still_ours(session, copy) and record_unmended(session, copy, known):
                if self._request.repair:
                    append_event(
                        session,
                        copy.chain,
                        REPLICATION,
                        outcome="fail",
                        detail={**told, "run": self._books.run},
                        agents=self._books.agents,
                    )
                _tell(session, copy, bad)
        return bad

    def _mended(self, copy: ClaimedCopy, audited: Audited, source: str, mended: Mended) -> BadCopy | None:
        bad = BadCopy(
            copy.object,
            copy.location,
            copy.sha256,
            str(audited.finding),
            mended=True,
            source=source,
            aside=mended.aside,
        )
        with self._books.recording() as session:
            ours = still_ours(session, copy)
            if ours:
                record_mended(
                    session,
                    copy,
                    url=mended.url,
                    proof=mended.proof,
                    source=source,
                    aside=mended.aside,
                    run=self._books.run,
                    agents=self._books.agents,
                )
                _tell(session, copy, bad)
        if ours:
            return bad
        self._take_back(copy, mended)
        return None

    def _take_back(self, copy: ClaimedCopy, mended: Mended) -> None:
        """Remove what was written for an object that was deleted meanwhile; another auditor's work stays."""
        with self._books.registry.reading() as session:
            kept = copies_of_contents(session, [copy.content]).get(copy.content, [])
        if all(other.state == DELETED for other in kept if other.id == copy.id):
            keys = [copy.key, mended.aside] if mended.aside else [copy.key]
            self._places[copy.location].delete(keys)


def _refused(location: str, wanted: Wanted, error: OSError) -> StorageUnreachable:
    return StorageUnreachable(
        f"{wanted.key} in {location} cannot be read or written: {error.strerror or error}.",
        consequence="Nothing is known against this copy; it is tried again later.",
        remedy="Check the disk, its cable or the network share.",
    )


def _tell(session: Session, copy: ClaimedCopy, bad: BadCopy) -> None:
    facts = {"sha256": bad.sha256, "location": bad.location, "found": bad.found, "mended": bad.mended}
    facts |= {"source": bad.source, "kept_aside": bad.aside, "reason": bad.reason}
    notify(
        session, Kind.FIXITY_MISMATCH, copy.object, {name: fact for name, fact in facts.items() if fact != ""}
    )
