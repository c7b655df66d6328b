# SPDX-License-Identifier: Apache-2.0
"""Depositors as the command line manages them: registered whole, with locations that were tried and do not overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import structlog

from archive.errors import InstitutionInvalid, RestorePlaceRefused, StorageError
from archive.registry import institutions
from archive.registry.institutions import Institution
from archive.registry.work_items import open_batches
from archive.storage.trial import StorageTrial, try_storage
from workers.errors import SettingsInvalid
from workers.node import Node
from workers.receiving.same_place import lies_in, top_of

log = structlog.get_logger(__name__)

_RECEIVING, _KEPT, _RESTORE, _QUARANTINE = (
    "receiving location",
    "preservation location",
    "restore location",
    "quarantine",
)
_BELOW_RECEIVING = "/quarantine"


@dataclass(frozen=True, slots=True)
class _Purpose:
    """A location of a depositor, and what it is for."""

    name: str
    location: str


def add_institution(node: Node, institution: Institution, *, check: bool = True) -> Institution:
    """Register a depositor.

    Args:
        node: Settings and registry.
        institution: The depositor.
        check: Whether its locations are tried; without it they must still be addresses that can be understood.

    Raises:
        InstitutionExists, InstitutionInvalid: It cannot be registered so.
        SettingsInvalid: A location is no storage target of the settings.
        StorageError: A location cannot be used.
    """
    institutions.check_institution(institution)
    if check:
        try_locations(node, institution)
    with node.registry.transaction() as session:
        _require_apart(node, institution, institutions.all_institutions(session))
        made = institutions.add_institution(session, institution)
    log.info("institution.added", institution=made.id)
    return made


def change_institution(node: Node, changed: Institution, *, check: bool = True) -> Institution:
    """Write what a depositor is from now on.

    Raises:
        InstitutionUnknown, InstitutionInvalid, SettingsInvalid, StorageError: As `add_institution`; also where bags
            of it are being ingested, and would not be found any more.
    """
    institutions.check_institution(changed)
    if check:
        try_locations(node, changed)
    with node.registry.transaction() as session:
        before = institutions.get_institution(session, changed.id)
        _require_at_rest(before, changed, len(open_batches(session, [changed.id])))
        _require_apart(node, changed, institutions.all_institutions(session))
        # whether it is enabled is decided elsewhere
        made = institutions.change_institution(session, replace(changed, state=before.state))
    log.info("institution.changed", institution=made.id)
    return made


def _require_at_rest(before: Institution, changed: Institution, at_work: int) -> None:
    """Refuse to move locations while bags are on their way between them.

    Raises:
        InstitutionInvalid: Some are.
    """
    moved = (before.receiving, before.storage_options) != (changed.receiving, changed.storage_options)
    if at_work and moved:
        raise InstitutionInvalid(
            f"{at_work} bags of {changed.id} are being ingested, from and into the locations that it has now.",
            consequence="Nothing was changed: bags would not be found, or copies be missed.",
            remedy="Disable it, wait until they are done (recto receive list --state open), change and enable it.",
        )


def set_state(node: Node, institution: str, state: str) -> Institution:
    """Enable or disable a depositor; what is being ingested goes on.

    Raises:
        InstitutionUnknown: It is not registered.
    """
    with node.registry.transaction() as session:
        changed = institutions.set_state(session, institution, state)
    log.info("institution.state", institution=institution, state=state)
    return changed


def try_locations(node: Node, institution: Institution) -> list[StorageTrial]:
    """Prove that every location can be reached and written to, and that the receiving one can be listed.

    Raises:
        StorageError: One cannot; it is named with what it is for.
        SettingsInvalid: One is no storage target of the settings.
    """
    trials = []
    for purpose in _purposes(institution):
        try:
            # listed first: a folder that is missing must not be made by trying
            if purpose.name == _RECEIVING:
                next(iter(node.place(purpose.location).objects()), None)
            trials.append(try_storage(node.storage_target(purpose.location)))
        except StorageError as error:
            raise type(error)(
                f"The {purpose.name} of {institution.id} cannot be used: {error.message}",
                consequence="Nothing was registered or changed.",
                remedy=error.remedy,
                **error.facts,
            ) from error
    return trials


def _purposes(institution: Institution) -> Iterator[_Purpose]:
    yield _Purpose(_RECEIVING, institution.receiving)
    for location in institution.locations:
        yield _Purpose(_KEPT, location)
    if institution.restore:
        yield _Purpose(_RESTORE, institution.restore)
    if institution.quarantine:
        yield _Purpose(_QUARANTINE, institution.quarantine)


def _require_apart(node: Node, institution: Institution, others: Iterator[Institution]) -> None:
    """Refuse locations of which one lies in the other where that would mix what must be apart.

    Raises:
        InstitutionInvalid: A receiving location holds, or lies in, something else; two copies lie in one place;
            restored or refused bags would lie among copies.
        SettingsInvalid: A location is no storage target of the settings.
    """
    own = list(_purposes(institution))
    receiving = own[0]
    top = top_of(node, receiving.location)
    for purpose in own[1:]:
        if purpose.name == _QUARANTINE and top_of(node, purpose.location) == top + _BELOW_RECEIVING:
            # where refused bags of a receiving location go anyhow
            continue
        _refuse_overlap(node, institution.id, receiving, institution.id, purpose)
    for places in institution.storage_options.values():
        tops = [top_of(node, place) for place in places]
        if len(set(tops)) < len(tops):
            raise InstitutionInvalid(
                f"Two locations of {institution.id} are the same place: {', '.join(places)}.",
                remedy="Name a place of its own for each copy: two copies in one place are one.",
            )
    _refuse_among_copies(node, institution, institution)
    for other in others:
        if other.id == institution.id:
            continue
        _refuse_among_copies(node, institution, other)
        _refuse_among_copies(node, other, institution)
        for purpose in _purposes(other):
            _refuse_overlap(node, institution.id, receiving, other.id, purpose)
        for purpose in own[1:]:
            _refuse_overlap(node, other.id, next(_purposes(other)), institution.id, purpose)


def _refuse_among_copies(node: Node, giving: Institution, keeping: Institution) -> None:
    """Nothing but copies lies where copies are kept: a disk that is not mounted must be seen to be empty."""
    for kept in (purpose for purpose in _purposes(keeping) if purpose.name == _KEPT):
        for purpose in _purposes(giving):
            if purpose.name in {_RESTORE, _QUARANTINE} and lies_in(
                top_of(node, purpose.location), top_of(node, kept.location)
            ):
                raise InstitutionInvalid(
                    f"The {purpose.name} of {giving.id} ({purpose.location}) lies in a preservation location of "
                    f"{keeping.id} ({kept.location}).",
                    remedy="Keep nothing else where copies are kept: name another place.",
                )


def require_restorable_to(node: Node, location: str, key: str) -> None:
    """Refuse to restore to where bags arrive, of any depositor, or where copies are kept.

    Args:
        node: Settings and registry.
        location: Where to restore to.
        key: What is to be written there.

    Raises:
        RestorePlaceRefused: It is such a place.
    """
    wanted = f"{top_of(node, location)}/{key}"
    with node.registry.reading() as session:
        purposes = {
            purpose: each.id
            for each in institutions.all_institutions(session)
            for purpose in _purposes(each)
            if purpose.name in {_RECEIVING, _KEPT}
        }
    for purpose, owner in purposes.items():
        try:
            taken = top_of(node, purpose.location)
        except (SettingsInvalid, InstitutionInvalid):
            # of a target that the settings have no more: nothing is read or kept there
            continue
        if lies_in(wanted, taken):
            raise RestorePlaceRefused(
                f"{location} is, or lies in, the {purpose.name} {purpose.location} of {owner}.",
                location=location,
            )


def _refuse_overlap(node: Node, receiver: str, receiving: _Purpose, other: str, purpose: _Purpose) -> None:
    one, two = top_of(node, receiving.location), top_of(node, purpose.location)
    if lies_in(one, two) or lies_in(two, one):
        raise InstitutionInvalid(
            f"The receiving location of {receiver} ({receiving.location}) and the {purpose.name} of {other} "
            f"({purpose.location}) overlap.",
            remedy="Give each depositor a receiving location of its own, in which nothing else is kept.",
        )
