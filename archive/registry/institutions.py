# SPDX-License-Identifier: Apache-2.0
"""Depositors: where their bags arrive, where they are kept, and where restored ones go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.errors import InstitutionExists, InstitutionInvalid, InstitutionUnknown
from archive.registry.clock import now_iso
from archive.registry.receiving_tables import InstitutionRow

ACTIVE, DISABLED = "active", "disabled"

PAGE = 100
"""Depositors read at once; however many there are, all of them are read, page by page."""

_ID = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_OPTION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Institution:
    """A depositor; see `InstitutionRow`.

    Attributes:
        storage_options: For each storage option the preservation locations that keep a copy each.
    """

    id: str
    name: str
    receiving: str
    storage_options: Mapping[str, tuple[str, ...]]
    default_option: str
    restore: str = ""
    quarantine: str = ""
    state: str = ACTIVE
    created_at: str = field(default="", compare=False)

    @property
    def copies(self) -> int:
        """The most copies that one of its options asks for."""
        return max(len(locations) for locations in self.storage_options.values())

    @property
    def locations(self) -> tuple[str, ...]:
        """All its preservation locations, each once."""
        return tuple(dict.fromkeys(place for option in self.storage_options.values() for place in option))

    def to_json(self) -> dict[str, Any]:
        """The document that `recto institution show --json` prints."""
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "receiving": self.receiving,
            "restore": self.restore or None,
            "quarantine": self.quarantine or None,
            "storage_options": {name: list(places) for name, places in self.storage_options.items()},
            "default_option": self.default_option,
            "created_at": self.created_at,
        }


def check_institution(institution: Institution) -> None:
    """Refuse what could not be worked with later.

    Raises:
        InstitutionInvalid: The identifier is not safe in keys and addresses, or the locations do not make sense.
    """
    if not _ID.fullmatch(institution.id) or ".." in institution.id:
        raise InstitutionInvalid(
            f"{institution.id!r} cannot be the identifier of a depositor.",
            remedy="Use up to 64 of a-z, 0-9, dot, hyphen and underscore, as in library.example.org; "
            "a letter or digit first and last, and no two dots together.",
        )
    if not institution.name.strip() or not institution.name.isprintable():
        raise InstitutionInvalid(f"{institution.id} needs a name that can be read.")
    if not institution.receiving.strip():
        raise InstitutionInvalid(f"{institution.id} has no location where its bags arrive.")
    if not institution.storage_options:
        raise InstitutionInvalid(
            f"{institution.id} has no preservation location.",
            remedy="Name at least one: --store Standard=LOCATION, once for each copy.",
        )
    for name, places in institution.storage_options.items():
        if not _OPTION.fullmatch(name):
            raise InstitutionInvalid(f"{name!r} cannot be the name of a storage option.")
        if not places or not all(place.strip() for place in places):
            raise InstitutionInvalid(f"Storage option {name} names no location.")
        if len(set(places)) < len(places):
            raise InstitutionInvalid(
                f"Storage option {name} names a location twice: two copies in one place are one."
            )
    if institution.default_option not in institution.storage_options:
        raise InstitutionInvalid(
            f"The default option {institution.default_option!r} of {institution.id} is none of its storage options: "
            f"{', '.join(institution.storage_options)}."
        )


def add_institution(session: Session, institution: Institution) -> Institution:
    """Register a depositor.

    Returns:
        It, as it is registered.

    Raises:
        InstitutionExists: Its identifier is taken.
        InstitutionInvalid: It cannot be worked with.
    """
    check_institution(institution)
    if session.get(InstitutionRow, institution.id) is not None:
        raise InstitutionExists(f"The depositor {institution.id} is registered already.", id=institution.id)
    made = replace(institution, created_at=now_iso())
    session.add(InstitutionRow(id=made.id, created_at=made.created_at, **_values(made)))
    session.flush()
    return made


def change_institution(session: Session, institution: Institution) -> Institution:
    """Write what a depositor is from now on; its identifier stays.

    Raises:
        InstitutionUnknown: It is not registered.
        InstitutionInvalid: It cannot be worked with.
    """
    check_institution(institution)
    row = _row(session, institution.id)
    for name, value in _values(institution).items():
        setattr(row, name, value)
    session.flush()
    return institution_of(row)


def set_state(session: Session, institution: str, state: str) -> Institution:
    """Enable or disable a depositor.

    Raises:
        InstitutionUnknown: It is not registered.
    """
    row = _row(session, institution)
    row.state = state
    session.flush()
    return institution_of(row)


def get_institution(session: Session, institution: str) -> Institution:
    """A depositor by its identifier.

    Raises:
        InstitutionUnknown: It is not registered.
    """
    return institution_of(_row(session, institution))


def list_institutions(
    session: Session, *, state: str | None = None, after: str = "", most: int = PAGE
) -> list[Institution]:
    """A page of depositors in the order of their identifiers.

    Args:
        session: A session.
        state: Only those in this state.
        after: Only those whose identifiers come behind this one: the last of the page before.
        most: How many at most.
    """
    query = select(InstitutionRow).where(InstitutionRow.id > after).order_by(InstitutionRow.id).limit(most)
    if state is not None:
        query = query.where(InstitutionRow.state == state)
    return [institution_of(row) for row in session.scalars(query)]


def all_institutions(session: Session, *, state: str | None = None) -> Iterator[Institution]:
    """All depositors, read page by page."""
    after = ""
    while page := list_institutions(session, state=state, after=after):
        yield from page
        after = page[-1].id


def count_institutions(session: Session, *, state: str | None = None) -> int:
    """How many depositors there are."""
    query = select(func.count()).select_from(InstitutionRow)
    if state is not None:
        query = query.where(InstitutionRow.state == state)
    return session.scalar(query) or 0


def institution_of(row: InstitutionRow) -> Institution:
    """A row as a value."""
    options = {name: tuple(places) for name, places in row.storage_options.items()}
    return Institution(
        row.id,
        row.name,
        row.receiving,
        options,
        row.default_option,
        row.restore,
        row.quarantine,
        row.state,
        row.created_at,
    )


def _row(session: Session, institution: str) -> InstitutionRow:
    row = session.get(InstitutionRow, institution)
    if row is None:
        raise InstitutionUnknown(f"There is no depositor {institution!r}.", id=institution)
    return row


def _values(institution: Institution) -> dict[str, Any]:
    return {
        "name": institution.name,
        "state": institution.state,
        "receiving": institution.receiving,
        "restore": institution.restore,
        "quarantine": institution.quarantine,
        "storage_options": {name: list(places) for name, places in institution.storage_options.items()},
        "default_option": institution.default_option,
    }
