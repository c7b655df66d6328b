# SPDX-License-Identifier: Apache-2.0
"""What a change of state needs to know of a unit and its item, read and written in single, prepared statements.

A unit that does nothing costs what its changes of state cost, and those are all that this module is about:
plain columns instead of mapped objects, and no manifest read where nobody asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, null, select, update
from sqlalchemy.inspection import inspect
from sqlalchemy.orm import Mapper, Session

from archive.registry.events import chain_end
from archive.registry.prepared import execute
from archive.registry.states import State
from archive.registry.tables import ItemRow, StageHoldRow, UnitRow

UNIT = cast("Table", UnitRow.__table__)
ITEM = cast("Table", ItemRow.__table__)
_HOLD = cast("Table", StageHoldRow.__table__)


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit with what matters of its item; `item` and what follows `finished_at` are None for a whole batch's."""

    id: int
    batch: str
    item: int | None
    stage: str
    chunk: int
    state: str
    attempts: int
    token: int
    lease_until: float
    next_attempt_at: float
    first_page: int | None
    last_page: int | None
    item_name: str | None
    item_state: str | None
    on_hold: str | None
    device: str | None
    priority: int | None


_READ = (
    select(
        *(UNIT.c[name] for name in ("id", "batch", "item", "stage", "chunk", "state", "attempts", "token")),
        *(UNIT.c[name] for name in ("lease_until", "next_attempt_at", "first_page", "last_page")),
        ITEM.c.name,
        ITEM.c.state,
        *(ITEM.c[name] for name in ("on_hold", "device", "priority")),
    )
    .select_from(UNIT.outerjoin(ITEM, ITEM.c.id == UNIT.c.item))
    .where(UNIT.c.id == bindparam("unit"))
)
_RUN = (
    update(UNIT)
    .where(
        UNIT.c.id == bindparam("unit"),
        UNIT.c.token == bindparam("old_token"),
        UNIT.c.state == bindparam("old"),
    )
    .values(
        state=State.RUNNING.value,
        token=UNIT.c.token + 1,
        attempts=UNIT.c.attempts + 1,
        owner=bindparam("new_owner"),
        lease_until=bindparam("until"),
        started_at=bindparam("moment"),
        finished_at=null(),
    )
)
_END = (
    update(UNIT)
    .where(UNIT.c.id == bindparam("unit"))
    .values(
        state=State.DONE.value,
        lease_until=0.0,
        owner="",
        finished_at=bindparam("moment"),
        result=bindparam("outcome", type_=UNIT.c.result.type),
        error=null(),
        completions=UNIT.c.completions + 1,
    )
)
_RENEW = update(UNIT).where(UNIT.c.id == bindparam("unit")).values(lease_until=bindparam("until"))
_STATES = select(UNIT.c.state).where(UNIT.c.item == bindparam("of_item")).distinct()
_ANSWER = "nothing is held"
_ANY_HOLD = select(_HOLD.c.id).limit(1)


def forget(session: Session, kind: type[Any], key: Any) -> None:
    """Let a mapped object that the session may hold be read anew, for its row was written behind its back."""
    mapper = cast("Mapper[Any]", inspect(kind))
    known = session.identity_map.get(mapper.identity_key_from_primary_key((key,)))
    if known is not None:
        session.expire(known)


def read_facts(session: Session, unit: int) -> UnitFacts | None:
    """A unit, its batch locked until the transaction ends; None where there is none."""
    row: Sequence[Any] | None = execute(session, _READ, {"unit": unit}).one_or_none()
    if row is None:
        return None
    facts = UnitFacts(*row)
    if not chain_end(session, facts.batch).fresh:
        return facts
    # what was read before the lock may have changed until it was granted
    again: Sequence[Any] = execute(session, _READ, {"unit": unit}).one()
    return UnitFacts(*again)


def begin(session: Session, facts: UnitFacts, owner: str, moment: float, lease_until: float) -> bool:
    """Let a unit run, when it is still as it was read."""
    values = {"unit": facts.id, "old_token": facts.token, "old": facts.state}
    values |= {"new_owner": owner, "moment": moment, "until": lease_until}
    taken = execute(session, _RUN, values).rowcount == 1
    forget(session, UnitRow, facts.id)
    return bool(taken)


def end(session: Session, unit: int, result: Mapping[str, Any], moment: float) -> None:
    """Let a unit be done."""
    execute(session, _END, {"unit": unit, "outcome": dict(result), "moment": moment})
    forget(session, UnitRow, unit)


def lengthen(session: Session, unit: int, lease_until: float) -> None:
    """Let a lease end later."""
    execute(session, _RENEW, {"unit": unit, "until": lease_until})
    forget(session, UnitRow, unit)


def states_of_item(session: Session, item: int) -> set[State]:
    """The states that the units of an item are in."""
    return {State(state) for (state,) in execute(session, _STATES, {"of_item": item})}


def nothing_is_held(session: Session) -> bool:
    """Whether there is no stage at all of which nothing may begin, which is the rule; asked once in a transaction."""
    transaction = session.get_transaction()
    known, answer = session.info.get(_ANSWER, (None, False))
    if transaction is None or known is not transaction:
        answer = execute(session, _ANY_HOLD).first() is None
        session.info[_ANSWER] = (session.get_transaction(), answer)
    return bool(answer)


def holds_changed(session: Session) -> None:
    """Let `nothing_is_held` ask again."""
    session.info.pop(_ANSWER, None)
