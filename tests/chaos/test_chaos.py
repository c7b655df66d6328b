# SPDX-License-Identifier: Apache-2.0
"""A batch whose processes are killed and stopped at random ends whole, with nothing done twice."""

from __future__ import annotations

import os
import random
from pathlib import Path

from tests.chaos.batch import Plan
from tests.chaos.run import Storm, run
from tests.e2e.conftest import Home


def test_a_batch_of_many_small_pages_ends_whole_whatever_is_killed(tmp_path: Path) -> None:
    seed = int(os.environ.get("RECTO_CHAOS_SEED") or random.SystemRandom().randrange(1 << 31))
    outcome = run(Home(tmp_path / "home"), seed, Plan(), Storm(7, shortest=0.5, longest=2.5, patience=150))
    assert not outcome.problems, f"To repeat: RECTO_CHAOS_SEED={seed}\n{outcome.story()}"
    assert any(misfortune.whom for misfortune in outcome.happened)
