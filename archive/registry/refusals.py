# SPDX-License-Identifier: Apache-2.0
"""What a database says when it refuses, in Recto's words: away for the moment, or never with this value."""

from __future__ import annotations

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    DisconnectionError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)

from archive.errors import RegistryError, RegistryOvertaken, RegistryUnreachable, RegistryValueRefused

_AWAY = (OperationalError, InterfaceError, InternalError, DisconnectionError)
"""Locked, full, restarting, cut off, chosen as the victim of a deadlock, or a standby that only reads."""

_FORBIDDEN = "42501"
_OVERTAKEN = "23505"
"""insufficient_privilege and unique_violation (PostgreSQL, Appendix A)."""


def refusal(error: SQLAlchemyError, url: str) -> RegistryError | None:
    """The error by which Recto tells what a database refused; None for what is no refusal.

    Args:
        error: What SQLAlchemy raised.
        url: The registry's address, without a password.
    """
    reason = in_one_line(error)
    if isinstance(error, _AWAY):
        return RegistryUnreachable(f"The registry {url} refused: {reason}.")
    if isinstance(error, DataError):
        return RegistryValueRefused(f"The registry {url} cannot hold a value: {reason}.")
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    if state == _OVERTAKEN:
        # it was not there when this transaction looked, and only a transaction beside it can have written it
        return RegistryOvertaken(f"The registry {url} has it already: {reason}.")
    if state == _FORBIDDEN:
        return RegistryUnreachable(
            f"The registry {url} refused: {reason}.",
            remedy="Give the user the rights to all tables of the registry, or make it the owner of the database.",
        )
    return None


def in_one_line(error: BaseException) -> str:
    """What the driver said, in one line and without its full stop."""
    said = str(getattr(error, "orig", None) or error)
    return " ".join(said.split()).rstrip(".")
