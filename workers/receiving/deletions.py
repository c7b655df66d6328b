# SPDX-License-Identifier: Apache-2.0
"""Deletions as people and the schedule have them done: each refusal recorded, copies deleted by exact keys, then looked for."""

from __future__ import annotations

import getpass
import itertools
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog

from archive.errors import ArchiveError, DeletionRefused, KeepingError, RegistryError
from archive.receiving.keys import object_prefix
from archive.registry import Session, deletions
from archive.registry.deletion_runs import (
    ClaimedDeletion,
    begin_deletion,
    due_deletions,
    end_deletion,
    is_being_checked,
    keys_to_delete,
    record_deleted,
    release_deletion,
    renew_deletion,
    still_blocking,
)
from archive.registry.deletions import Person
from archive.registry.kept_objects import find_object, parts_of
from archive.registry.receiving_tables import DeletionRequestRow
from archive.storage.place import Place
from workers.failures import describe_failure
from workers.node import Node
from workers.versions import recto_agent

log = structlog.get_logger(__name__)

LEASE_SECONDS = 600.0
"""For how long one executor has a deletion, from its last step on: a request to a storage ends or fails in less."""

AT_ONCE = 500
"""Copies that are deleted between two looks at the lease; S3 takes a thousand in one request."""


@dataclass(frozen=True, slots=True)
class Execution:
    """What became of a deletion that was due.

    Attributes:
        request: Its number.
        object: The object's identifier; "" where it was not begun.
        executed: Whether all copies are gone now.
        reason: Why not; "" where it is executed.
        deleted: How many objects of each location were deleted in this run.
        errors: What stood in the way, as JSON.
    """

    request: int
    object: str
    executed: bool
    reason: str
    deleted: dict[str, int]
    errors: tuple[dict[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "request": self.request,
            "object": self.object,
            "executed": self.executed,
            "reason": self.reason,
            "deleted": self.deleted,
            "errors": list(self.errors),
        }


class _Overtaken(Exception):
    """Somebody else carries the deletion out by now."""


def acting_person(node: Node, operator: str = "") -> Person:
    """Who acts: the operator named, else that of the settings; and, known to the system, the account."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        # an account without a name, as containers have it
        user = "unknown"
    return Person((operator or node.settings.operator).strip(), f"{user}@{socket.gethostname()}")


def request_deletion(node: Node, identifier: str, reason: str, person: Person) -> int:
    """Ask that an object be deleted; returns the number of the request.

    Raises:
        ObjectUnknown: There is no such object.
        DeletionRefused: It may not be asked for; that it was tried is recorded.
    """
    path = parts_of(identifier)[2]
    if path:
        raise DeletionRefused(
            f"{path} is a file of an object: only whole objects are deleted.",
            consequence="Nothing was deleted, asked for or changed.",
            remedy="Name the object as institution/bag, or have its depositor send the bag anew without the file.",
        )
    with node.registry.reading() as session:
        kept = find_object(session, identifier).id
    row = _attempt(
        node,
        kept,
        person,
        "request",
        lambda session: deletions.request_deletion(session, kept, person, reason),
    )
    return row.id


def approve_deletion(node: Node, request: int, person: Person) -> DeletionRequestRow:
    """Agree to a deletion; errors as `archive.registry.deletions.approve_deletion`, each attempt recorded."""
    settings = node.settings.deletion

    def approve(session: Session) -> DeletionRequestRow:
        return deletions.approve_deletion(
            session,
            request,
            person,
            delay_seconds=settings.delay_days * 86_400,
            separate_accounts=settings.separate_accounts,
        )

    return _attempt(node, _object_of(node, request), person, "approve", approve)


def refuse_deletion(node: Node, request: int, person: Person, reason: str) -> DeletionRequestRow:
    """Refuse a deletion; errors as `archive.registry.deletions.refuse_deletion`, each attempt recorded."""
    return _attempt(
        node,
        _object_of(node, request),
        person,
        "refuse",
        lambda session: deletions.refuse_deletion(session, request, person, reason),
    )


def withdraw_deletion(node: Node, request: int, person: Person) -> DeletionRequestRow:
    """Take a request back; errors as `archive.registry.deletions.withdraw_deletion`, each attempt recorded."""
    return _attempt(
        node,
        _object_of(node, request),
        person,
        "withdraw",
        lambda session: deletions.withdraw_deletion(session, request, person),
    )


def execute_deletions(node: Node, *, only: int | None = None) -> list[Execution]:
    """Carry out the deletions that are due, and finish those that were begun and broken off.

    Args:
        node: The process's settings and registry.
        only: The number of the one request that is meant; all that are due where None.

    Returns:
        What became of each. One that cannot be carried out or finished now is tried again by the next run.

    Raises:
        DeletionUnknown: There is no request of the number.
    """
    with node.registry.reading() as session:
        due = due_deletions(session) if only is None else [deletions.find_deletion(session, only).id]
    return [_execute(node, request) for request in due]


def _object_of(node: Node, request: int) -> int:
    with node.registry.reading() as session:
        return deletions.find_deletion(session, request).object


def _attempt(
    node: Node, kept: int, person: Person, tried: str, attempt: Callable[[Session], DeletionRequestRow]
) -> DeletionRequestRow:
    try:
        with node.registry.transaction() as session:
            row = attempt(session)
    except DeletionRefused as error:
        with node.registry.transaction() as session:
            deletions.record_denial(session, kept, person, tried, error.message)
        log.warning("deletion.denied", tried=tried, operator=person.name, message=error.message)
        raise
    log.info("deletion.decided", state=str(row.state), request=row.id, operator=person.name)
    return row


def _execute(node: Node, request: int) -> Execution:
    agents = (recto_agent(),)
    with node.registry.transaction() as session:
        claimed = begin_deletion(session, request, lease_seconds=LEASE_SECONDS, agents=agents)
    if isinstance(claimed, str):
        log.info("deletion.waits", request=request, reason=claimed)
        return Execution(request, "", False, claimed, {})
    deleted: dict[str, int] = {}
    try:
        reason, errors = _delete_everywhere(node, claimed, deleted)
        if not reason:
            free = _free_again(node, claimed.object)
            with node.registry.transaction() as session:
                ended = end_deletion(session, claimed, {"deleted": deleted}, agents=agents)
                if ended:
                    deletions.free_work_items(session, free)
            reason = "" if ended else "Somebody else carries it out."
    except _Overtaken:
        reason, errors = "Somebody else carries it out.", ()
    finally:
        with node.registry.transaction() as session:
            release_deletion(session, claimed)
    log.info("deletion.executed" if not reason else "deletion.waits", request=request, reason=reason)
    return Execution(request, claimed.identifier, not reason, reason, deleted, errors)


def _delete_everywhere(
    node: Node, claimed: ClaimedDeletion, deleted: dict[str, int]
) -> tuple[str, tuple[dict[str, Any], ...]]:
    """Delete what each location holds; why that could not be done to its end, and the errors of locations."""
    with node.registry.reading() as session:
        if is_being_checked(session, claimed.object):
            return "A copy is being checked or mended just now.", ()
    errors = []
    for location in claimed.locations:
        try:
            deleted[location] = _delete_in(node, claimed, location)
        except RegistryError:
            raise
        except ArchiveError as error:
            errors.append({"location": location, **describe_failure(error)})
            log.warning("deletion.location_waits", location=location, message=error.message)
    return ("Not every location could be cleared." if errors else ""), tuple(errors)


def _delete_in(node: Node, claimed: ClaimedDeletion, location: str) -> int:
    """Delete all of the object in one location; returns how many objects that were.

    Raises:
        ArchiveError: The location is away or refuses; what is left goes with the next run.
        _Overtaken: Somebody else carries the deletion out.
    """
    place = node.place(location)
    prefix = object_prefix(claimed.uid)
    number = 0
    while True:
        _keep(node, claimed)
        with node.registry.reading() as session:
            some = keys_to_delete(session, claimed.object, location, most=AT_ONCE)
        if not some:
            break
        keys = [key for _, key in some]
        _require_own(keys, prefix)
        place.delete(keys)
        with node.registry.transaction() as session:
            record_deleted(session, [copy for copy, _ in some])
        number += len(keys)
    return number + _delete_rest(node, claimed, place, prefix)


def _delete_rest(node: Node, claimed: ClaimedDeletion, place: Place, prefix: str) -> int:
    """Delete what else lies below the object's own prefix: inventories, bytes kept aside, leavings of a crash."""
    number, before = 0, [""]
    while found := [placed.key for placed in itertools.islice(place.objects(prefix), AT_ONCE)]:
        if found == before:
            raise KeepingError(
                f"{place.url} still lists {found[0]} after it was deleted.",
                consequence="The deletion is not ended; it is tried again by itself.",
                remedy="Look who writes there, or whether the storage keeps what is deleted (versions, locks).",
            )
        _keep(node, claimed)
        _require_own(found, prefix)
        place.delete(found)
        number, before = number + len(found), found
    return number


def _require_own(keys: list[str], prefix: str) -> None:
    """Nothing of another object is ever deleted, whatever the registry or a listing says.

    Raises:
        KeepingError: A key does not lie below the object's own prefix.
    """
    foreign = [key for key in keys if not key.startswith(prefix)]
    if foreign:
        raise KeepingError(
            f"{foreign[0]} does not belong to the object that is deleted.",
            consequence="Nothing of this location was deleted.",
            remedy="Have the registry checked: a key in it is not where it must be.",
            keys=foreign[:5],
        )


def _keep(node: Node, claimed: ClaimedDeletion) -> None:
    with node.registry.transaction() as session:
        if not renew_deletion(session, claimed, LEASE_SECONDS):
            raise _Overtaken


def _free_again(node: Node, kept: int) -> list[int]:
    """The work items whose bags may come again: not those whose tar lies where it arrived, or it would come by itself."""
    with node.registry.reading() as session:
        blocking = still_blocking(session, kept)
    free = []
    for item, receiving, name, etag in blocking:
        try:
            found = node.place(receiving).look(name)
        except ArchiveError as error:
            log.warning("deletion.receiving_away", work_item=item, message=error.message)
            continue
        if found is None or found.etag != etag:
            free.append(item)
    return free
