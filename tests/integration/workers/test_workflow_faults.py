# SPDX-License-Identifier: Apache-2.0
"""A graph of small stages on a real broker and real worker processes, of which something is killed half-way."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.workflow.faults import FAULTS, survive
from benchmarks.workflow.runs import LEDGER

ITEMS = 12
UNITS = 4 * ITEMS + 1

QUICK = {"RECTO_LEDGER__LEASE_SECONDS": "2", "RECTO_LEDGER__RECONCILE_SECONDS": "1"}


@pytest.mark.parametrize("fault", ["child", "worker", "memory", "flush", "result"])
def test_every_unit_is_recorded_exactly_once_whatever_is_killed(fault: str, tmp_path: Path) -> None:
    outcome = survive(LEDGER, FAULTS[fault], ITEMS, tmp_path, watch=60.0, settings=QUICK).outcome
    assert outcome.finished is not None
    assert outcome.missing == 0
    assert outcome.recorded == f"{UNITS} units done, 0 of them twice, chain whole"
    # only what was at work in a process that died, and had left its effect already, leaves it again
    assert outcome.repeated <= (0 if fault in {"memory", "flush"} else 2)
