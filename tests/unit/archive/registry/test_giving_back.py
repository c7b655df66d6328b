# SPDX-License-Identifier: Apache-2.0
"""Units of a worker that ends wait again at once, with their attempts, and their old worker can write no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archive.errors import LeaseLost
from archive.registry import Registry, ledger
from archive.registry.dispatching import stalled_items
from archive.registry.giving_back import give_back
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow


def claim(registry: Registry, unit: int, owner: str) -> ledger.Claim:
    with registry.transaction() as session:
        made = ledger.claim(session, unit, owner, lease_seconds=60, max_attempts=2)
    assert made is not None
    return made


def test_a_unit_is_given_back_once_and_found_by_the_reconciler_at_once(
    registry: Registry, unit_of: Callable[..., int]
) -> None:
    unit = unit_of(Stage.VALIDATE)
    held = claim(registry, unit, "here:1:a")
    with registry.transaction() as session:
        session.get_one(ItemRow, held.item).in_flight = True
        assert give_back(session, {unit: "here:2:b"}) == 0
        assert give_back(session, {unit: "here:1:a"}) == 1
    with registry.reading() as session:
        row = session.get_one(UnitRow, unit)
        assert (row.state, row.attempts, row.owner) == (State.WAITING, 0, "")
        assert stalled_items(session, quiet_seconds=3600) == [held.item]
    with pytest.raises(LeaseLost), registry.transaction() as session:
        ledger.complete(session, held, {})
    assert claim(registry, unit, "there:3:c").attempt == 1


def test_a_unit_that_nobody_here_can_do_waits_a_while_without_losing_an_attempt(
    registry: Registry, unit_of: Callable[..., int]
) -> None:
    unit = unit_of(Stage.VALIDATE)
    held = claim(registry, unit, "here:1:a")
    with registry.transaction() as session:
        ledger.release(session, held, after_seconds=30)
    with registry.transaction() as session:
        assert ledger.claim(session, unit, "here:1:b", lease_seconds=60, max_attempts=2) is None
        assert session.get_one(UnitRow, unit).attempts == 0
