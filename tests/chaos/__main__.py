# SPDX-License-Identifier: Apache-2.0
"""The long form: `python -m tests.chaos` lets batches through one storm after the other."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.chaos.batch import Plan
from tests.chaos.run import Storm, run
from tests.e2e.conftest import Home


def main() -> int:
    """Run the storms and tell of each; 1 when a batch was not whole."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="how many storms")
    parser.add_argument("--seed", type=int, help="of the first storm; the next ones count on from it")
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--pages", type=int, default=10, help="pages of each item")
    parser.add_argument("--misfortunes", type=int, default=60, help="of each storm, at most")
    parser.add_argument("--pipeline", default="book")
    parser.add_argument("--keep", type=Path, help="an empty folder in which all homes are left")
    arguments = parser.parse_args()
    first = random.SystemRandom().randrange(1 << 31) if arguments.seed is None else arguments.seed
    plan = Plan(items=arguments.items, pages=arguments.pages, pipeline=arguments.pipeline)
    storm = Storm(arguments.misfortunes, shortest=0.5, longest=4.0, patience=900.0)
    failed = 0
    for seed in range(first, first + arguments.runs):
        with tempfile.TemporaryDirectory(prefix="recto-chaos-") as temporary:
            folder = Path(temporary) if arguments.keep is None else arguments.keep
            outcome = run(Home(folder / f"home-{seed}"), seed, plan, storm)
        print(outcome.story() if outcome.problems else outcome, flush=True)  # noqa: T201
        failed += bool(outcome.problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
