# SPDX-License-Identifier: Apache-2.0
"""One run: a batch, misfortunes drawn from a seed while it is worked on, and what is found at the end."""

from __future__ import annotations

import time
from dataclasses import dataclass

from archive.registry import open_registry
from archive.registry.states import SETTLED, State
from archive.registry.tables import BatchRow, ItemRow, UnitRow
from tests.chaos.batch import BATCH, Plan, prepare
from tests.chaos.faults import Chaos, Misfortune
from tests.chaos.proof import problems_of
from tests.chaos.stations import Stations
from tests.e2e.conftest import Home


@dataclass(frozen=True, slots=True)
class Storm:
    """How much happens, and how long the batch may take.

    Attributes:
        misfortunes: How many, at most; none after the batch ended.
        shortest: Seconds from one to the next, at least.
        longest: Seconds from one to the next, at most.
        patience: Seconds after which the batch must have ended.
    """

    misfortunes: int
    shortest: float
    longest: float
    patience: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run.

    Attributes:
        seed: What it was drawn from.
        seconds: From the first start to the end of the batch.
        happened: What befell it.
        claims: How often its units were claimed.
        units: How many units it has.
        problems: What was not as it must be; empty where all was well.
    """

    seed: int
    seconds: float
    happened: tuple[Misfortune, ...]
    claims: int
    units: int
    problems: tuple[str, ...]

    def __str__(self) -> str:
        verdict = "whole" if not self.problems else f"{len(self.problems)} PROBLEMS"
        return (
            f"seed {self.seed}: {verdict} after {self.seconds:.0f} s,"
            f" {sum(bool(one.whom) for one in self.happened)} misfortunes,"
            f" {self.claims} claims of {self.units} units"
        )

    def story(self) -> str:
        """All that happened and was found, line by line."""
        return "\n".join([str(self), *map(str, self.happened), *self.problems])


def run(home: Home, seed: int, plan: Plan, storm: Storm) -> Outcome:
    """Let a batch through a storm.

    Args:
        home: An empty home.
        seed: What the misfortunes are drawn from.
        plan: The batch.
        storm: How much happens.
    """
    manifest = prepare(home, plan)
    home.recto("batch", "submit", manifest)
    begun = time.monotonic()
    chaos = Chaos(home, seed)
    with Stations(home) as stations:
        ended = _weather(home, chaos, stations, storm)
        seconds = time.monotonic() - begun
        left = stations.end_warmly()
    problems = [*left, *problems_of(home, plan)]
    if not ended:
        problems.insert(0, f"The batch did not end within {storm.patience} s.")
    claims, units = _counts(home)
    return Outcome(seed, seconds, tuple(chaos.happened), claims, units, tuple(problems))


def _weather(home: Home, chaos: Chaos, stations: Stations, storm: Storm) -> bool:
    """Let misfortunes happen until the batch ends.

    Returns:
        Whether it ended in time.
    """
    registry = open_registry(f"sqlite:///{home.folder / 'state/registry.sqlite3'}")
    deadline = time.monotonic() + storm.patience
    next_at = time.monotonic() + chaos.pause(storm.shortest, storm.longest)
    try:
        while time.monotonic() < deadline:
            stations.keep_alive()
            chaos.wake_late()
            if len(chaos.happened) < storm.misfortunes and time.monotonic() >= next_at:
                chaos.strike()
                next_at = time.monotonic() + chaos.pause(storm.shortest, storm.longest)
            with registry.reading() as session:
                if State(session.get_one(BatchRow, BATCH).state) in SETTLED:
                    return True
            time.sleep(0.05)
    finally:
        registry.close()
        chaos.wake_late(everybody=True)
    return False


def _counts(home: Home) -> tuple[int, int]:
    registry = open_registry(f"sqlite:///{home.folder / 'state/registry.sqlite3'}")
    try:
        with registry.reading() as session:
            tokens = [
                unit.token for unit in session.query(UnitRow).join(ItemRow).filter(ItemRow.batch == BATCH)
            ]
    finally:
        registry.close()
    return sum(tokens), len(tokens)
