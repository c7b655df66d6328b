# SPDX-License-Identifier: Apache-2.0
"""Trying a database before the registry moves there: nothing is made, upgraded or left behind."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from archive.errors import RegistryUnreachable

_TABLE = "recto_connection_test"


@dataclass(frozen=True, slots=True)
class RegistryTrial:
    """What a trial found.

    Attributes:
        url: The address, without a password.
        has_registry: Whether Recto's tables are there already.
        seconds: How long it took.
    """

    url: str
    has_registry: bool
    seconds: float


def try_registry(url: str) -> RegistryTrial:
    """Prove that a database can be reached and written to: a table is made and rolled back.

    Raises:
        RegistryUnreachable: The address is wrong, its driver is missing, or the database refuses.
    """
    begun = time.monotonic()
    try:
        address = make_url(url)
        has_registry = _try(address)
    except ModuleNotFoundError as error:
        raise RegistryUnreachable(
            f"The driver {error.name} for this kind of database is not installed.",
            consequence="The registry stays where it is.",
            remedy=f"Have it installed where Recto is: pip install {error.name}",
        ) from error
    except (ArgumentError, SQLAlchemyError, OSError, ValueError) as error:
        # a ValueError repeats what stands in the place of a port: part of a password, perhaps
        reason = (
            "it is no address"
            if isinstance(error, ValueError)
            else str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        )
        raise RegistryUnreachable(
            f"The database cannot be used: {reason}.",
            consequence="The registry stays where it is.",
            remedy="Check the address, the user, the password and whether the server is running.",
        ) from error
    return RegistryTrial(address.render_as_string(hide_password=True), has_registry, time.monotonic() - begun)


def _try(address: URL) -> bool:
    if address.get_backend_name() == "sqlite" and address.database and not Path(address.database).exists():
        # connecting would leave an empty file behind
        folder = next(path for path in Path(address.database).absolute().parents if path.exists())
        with tempfile.TemporaryFile(dir=folder, prefix=".recto-connection-test-"):
            return False
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            has_registry = inspect(connection).has_table("alembic_version")
            connection.execute(text(f"CREATE TABLE {_TABLE} (number INTEGER)"))
            connection.execute(text(f"DROP TABLE {_TABLE}"))
            connection.rollback()
            return has_registry
    finally:
        engine.dispose()
