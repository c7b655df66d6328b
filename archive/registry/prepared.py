# SPDX-License-Identifier: Apache-2.0
"""Statements on columns, executed with as little as possible between them and the driver of SQLite.

A change of state is a dozen small statements. SQLite answers each in some microseconds, and SQLAlchemy's
execution adds two hundred. So the text of a statement, the order of its values and their conversion are
taken from SQLAlchemy once; from then on the driver is called. Other databases, and whoever
listens to the statements of an engine, are served by SQLAlchemy as ever.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, Executable, Insert, Select, Update
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

MOST_KNOWN = 500
"""How many statements are kept; there are some fifty, and lists of several lengths in some of them."""

_DRIVER = "driver's connection"

Convert = Callable[[Any], Any]
Values = Mapping[str, Any]


class Found(Protocol):
    """What a statement has found: of SQLAlchemy's results, what is used here."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        ...

    def all(self) -> Sequence[Any]:
        """All rows."""
        ...

    def first(self) -> Any | None:
        """The first row; None without any."""
        ...

    def one(self) -> Any:
        """The one row."""
        ...

    def one_or_none(self) -> Any | None:
        """The one row, if there is one."""
        ...

    def scalar_one(self) -> Any:
        """The first column of the one row."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


@dataclass(slots=True)
class _Rows:
    rows: list[Any]
    rowcount: int

    def all(self) -> list[Any]:
        return self.rows

    def first(self) -> Any | None:
        return self.rows[0] if self.rows else None

    def one(self) -> Any:
        if not self.rows:
            raise NoResultFound("No row was found when one was required")
        return self.one_or_none()

    def one_or_none(self) -> Any | None:
        if len(self.rows) > 1:
            raise MultipleResultsFound("Multiple rows were found when at most one was required")
        return self.first()

    def scalar_one(self) -> Any:
        return self.one()[0]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)


class _Value(NamedTuple):
    """Where a value comes from: a name, with its place in a list or -1; or no name, and a constant."""

    name: str | None
    place: int
    constant: Any
    convert: Convert | None


class _Prepared(NamedTuple):
    """A statement as the driver wants it.

    Attributes:
        text: With a question mark for each value.
        values: What takes their places.
        row: Makes a row that knows its columns by name; None where nothing is returned.
        columns: Conversions of single columns, by their place.
    """

    text: str
    values: tuple[_Value, ...]
    row: Callable[[Any], Any] | None
    columns: tuple[tuple[int, Convert], ...]


_known: WeakKeyDictionary[Dialect, dict[Any, _Prepared]] = WeakKeyDictionary()


def execute(session: Session, statement: Executable, values: Values | None = None) -> Found:
    """Execute a statement on columns, after what is pending of mapped objects.

    Args:
        session: The transaction.
        statement: One that is made once, for it is kept.
        values: By the names of its parameters.

    Raises:
        DBAPIError: The database refuses, as SQLAlchemy tells it.
    """
    session.flush()
    connection = _driver_of(session)
    if connection is None or not isinstance(statement, (Select, Update, Insert)) or _selects(statement):
        return cast("Found", session.connection().execute(statement, values or {}))
    return _execute(session, connection, statement, values or {})


def _selects(statement: Executable) -> bool:
    """Whether rows are inserted that the database itself selects, with what SQLAlchemy adds to each."""
    return isinstance(statement, Insert) and statement.select is not None


def _driver_of(session: Session) -> sqlite3.Connection | None:
    """The driver's connection of a session's transaction; None where SQLAlchemy is to execute."""
    if session.in_nested_transaction():
        # SQLAlchemy tells the database of a savepoint only when it is asked for a statement
        return None
    transaction = session.get_transaction()
    known: tuple[object, sqlite3.Connection | None] = session.info.get(_DRIVER, (None, None))
    if transaction is None or known[0] is not transaction:
        found = _driver_behind(session.connection())
        known = session.info[_DRIVER] = (session.get_transaction(), found)
    driver = known[1]
    # a statement must never find itself outside of the transaction, where it would commit at once
    return driver if driver is not None and driver.in_transaction else None


def _driver_behind(connection: Connection) -> sqlite3.Connection | None:
    if connection.dialect.name != "sqlite" or connection.dispatch.before_cursor_execute:
        return None
    driver = connection.connection.dbapi_connection
    return driver if isinstance(driver, sqlite3.Connection) else None


def _execute(
    session: Session, connection: sqlite3.Connection, statement: Select[Any] | Update | Insert, values: Values
) -> _Rows:
    bind = session.get_bind()
    prepared = _prepared(bind.dialect, statement, values)
    given = [
        constant if name is None else _given(values[name], place, convert)
        for name, place, constant, convert in prepared.values
    ]
    try:
        cursor = connection.execute(prepared.text, given)
        if prepared.row is None:
            return _Rows([], cursor.rowcount)
        rows: list[Any] = cursor.fetchall()
    except sqlite3.Error as error:
        raise DBAPIError.instance(prepared.text, given, error, sqlite3.Error, dialect=bind.dialect) from error
    for place, convert in prepared.columns:
        rows = [(*row[:place], convert(row[place]), *row[place + 1 :]) for row in rows]
    return _Rows([prepared.row(row) for row in rows], -1)


def _given(value: Any, place: int, convert: Convert | None) -> Any:
    one = value if place < 0 else value[place]
    return one if convert is None else convert(one)


def _prepared(dialect: Dialect, statement: Select[Any] | Update | Insert, values: Values) -> _Prepared:
    known = _known.setdefault(dialect, {})
    lengths = tuple(len(value) for value in values.values() if isinstance(value, (list, tuple)))
    key = (statement, *values, *lengths)
    prepared = known.get(key)
    if prepared is None:
        if len(known) >= MOST_KNOWN:
            known.clear()
        prepared = known[key] = _prepare(dialect, statement, values)
    return prepared


def _prepare(dialect: Dialect, statement: Select[Any] | Update | Insert, values: Values) -> _Prepared:
    compiled = statement.compile(dialect=dialect, column_keys=sorted(values))
    if compiled.prefetch:
        raise ValueError(f"SQLAlchemy alone knows what it adds to {compiled}.")
    state = compiled.construct_expanded_state(dict(values), escape_names=False)
    parts = {
        part: (name, place)
        for name, names in state.parameter_expansion.items()
        for place, part in enumerate(names)
    }
    ordered: list[_Value] = []
    for named in state.positiontup or ():
        name, place = parts.get(named, (named, -1))
        bound = compiled.binds[name]
        convert = _type(dialect, bound.type).bind_processor(dialect)
        if name in values:
            ordered.append(_Value(name, place, None, convert))
        else:
            ordered.append(_Value(None, -1, _given(bound.effective_value, place, convert), None))
    return _Prepared(state.statement, tuple(ordered), *_columns(dialect, statement))


def _columns(
    dialect: Dialect, statement: Executable
) -> tuple[Callable[[Any], Any] | None, tuple[tuple[int, Convert], ...]]:
    if not isinstance(statement, Select):
        return None, ()
    columns = statement.selected_columns
    names = [str(column.key) for column in columns]
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 (known when it runs)
    converts = [_type(dialect, column.type).result_processor(dialect, None) for column in columns]
    return row._make, tuple((place, convert) for place, convert in enumerate(converts) if convert)


def _type(dialect: Dialect, general: TypeEngine[Any]) -> TypeEngine[Any]:
    return general.dialect_impl(dialect)
