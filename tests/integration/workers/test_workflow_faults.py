# SPDX-License-Identifier: Apache-2.0
"""A graph of small stages on a real broker and real worker processes, of which something is killed again and again."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.workflow.effects import STEP_SECONDS, STEPS
from benchmarks.workflow.faults import FAULTS
from benchmarks.workflow.runs import LEDGER, run, stand

ITEMS = 24
UNITS = len(STEPS) * ITEMS + 1

QUICK = {
    "RECTO_LEDGER__LEASE_SECONDS": "2",
    "RECTO_LEDGER__RECONCILE_SECONDS": "1",
    STEP_SECONDS: "0.01",
}


@pytest.mark.parametrize(
    ("faults", "repeated"),
    [(("child", "worker", "flush"), 3), (("result", "memory"), 0)],
    ids=["processes killed", "messages lost"],
)
def test_every_unit_is_recorded_exactly_once_whatever_is_killed(
    faults: tuple[str, ...], repeated: int, tmp_path: Path
) -> None:
    environment = {
        name: value.format(folder=tmp_path)
        for fault in faults
        for name, value in (FAULTS[fault].environment or {}).items()
    }
    durable = all(FAULTS[fault].durable for fault in faults)
    # the first strikes of itself where the environment says so; all others in turn, at equal distances
    left = [(place, FAULTS[name]) for place, name in enumerate(faults, start=1)]
    with stand(LEDGER, tmp_path, durable=durable, environment={**QUICK, **environment}) as standing:

        def strike(_seconds: float, tasks: int) -> None:
            if left and tasks >= left[0][0] * UNITS // (len(faults) + 1):
                _, fault = left.pop(0)
                if fault.strike is not None:
                    fault.strike(standing)

        outcome = run(LEDGER, ITEMS, standing, give_up=60.0, meanwhile=strike)
    assert left == []
    assert outcome.finished is not None
    assert outcome.missing == 0
    assert outcome.recorded == f"{UNITS} units done, 0 of them twice, chain whole"
    # only what was at work in a process that died, and had left its effect already, leaves it again
    assert outcome.repeated <= repeated
    assert ("result" in faults) == (tmp_path / "died").exists()
