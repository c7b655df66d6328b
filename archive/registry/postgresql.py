# SPDX-License-Identifier: Apache-2.0
"""What Recto asks of PostgreSQL: a dead server is noticed, no wait is endless, reports are of one moment, one clock counts."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import URL, make_url

from archive.registry.clock import keep_time_of

log = logging.getLogger(__name__)

DRIVER = "postgresql+psycopg"

LOCK_SECONDS = 60
"""How long a writer waits for another one; they commit in milliseconds."""
STATEMENT_SECONDS = 300
"""How long a statement may take; the largest report of a million pages takes seconds."""
FORGOTTEN_SECONDS = 300
"""After this a transaction is ended in which nothing happens: its process was stopped, and its locks hold up all others."""

_CONNECTION = {
    # a host that is switched off refuses nothing and answers nothing
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "40000",
    # what `pg_stat_activity` shows
    "application_name": "recto",
}
"""Parameters of libpq, where the address does not give them."""

_MIGRATION_LOCK = 0x7265_6374_6F
"""A number that no other program is likely to lock: "recto" in ASCII."""

READING = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""Execution options of a session that only reads: all it reads is of one moment, as on SQLite."""


def full_address(url: str) -> URL:
    """An address with the driver that Recto has: `postgresql://` and `postgres://` say none.

    Raises:
        sqlalchemy.exc.ArgumentError: It is no address.
    """
    address = make_url(url)
    if address.drivername in {"postgresql", "postgres"}:
        address = address.set(drivername=DRIVER)
    return address


def is_postgresql(address: URL) -> bool:
    """Whether an address is that of a PostgreSQL server."""
    return address.get_backend_name() == "postgresql"


def engine_options(address: URL) -> dict[str, Any]:
    """How `create_engine` is to open connections to this address; what the address says itself stays."""
    return {
        "connect_args": {name: value for name, value in _CONNECTION.items() if name not in address.query},
        # a connection that died while nobody used it is replaced, not found out about in a transaction
        "pool_pre_ping": True,
        # as many as there are threads that ask at once; five stay open
        "pool_size": 5,
        "max_overflow": -1,
    }


def prepare(engine: Engine) -> None:
    """Have each new connection set its limits, and see whether the two clocks agree."""
    limits = {
        "lock_timeout": LOCK_SECONDS,
        "statement_timeout": STATEMENT_SECONDS,
        "idle_in_transaction_session_timeout": FORGOTTEN_SECONDS,
    }
    statement = "; ".join(f"SET {name} = '{seconds}s'" for name, seconds in limits.items())

    @event.listens_for(engine, "connect")
    def set_limits(connection: Any, _record: Any) -> None:
        # not by libpq's `options`: connection poolers refuse those
        with connection.cursor() as cursor:
            cursor.execute(statement)

            def ask() -> float:
                cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
                return float(cursor.fetchone()[0])

            ahead = keep_time_of(ask)
        connection.commit()
        if ahead:
            log.warning("The clock of this host is %+.0f s ahead; that of the database counts.", ahead)


def be_the_only_one_to_migrate(connection: Connection) -> None:
    """Wait until no other process migrates, and let none begin until the transaction ends."""
    # the other one may have a million pages to go through, and so may we
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
