# SPDX-License-Identifier: Apache-2.0
"""What surrounds a run on the ledger: the step as an installed distribution, and what the registry says afterwards."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

from archive.registry import open_registry
from archive.registry.events import read_events, verify_chain

BATCH = "graph"
RECORD_SECONDS = 3.0
ENTRY_POINTS = "[recto.steps]\neffect = benchmarks.workflow.ledger:EFFECT\n"
METADATA = "Metadata-Version: 2.1\nName: recto-benchmark-steps\nVersion: 1\n"


def install_step(folder: Path) -> None:
    """Make a folder that, when it is on the path, is an installed distribution with the step."""
    installed = folder / "recto_benchmark_steps-1.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text(METADATA, encoding="utf-8")
    (installed / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")


def recorded(home: Path, units: int) -> str:
    """What the ledger says of its units: how often each came to its end, and whether the chain is whole.

    Args:
        home: The station's home.
        units: How many there are; the last one is recorded a moment after its effect is seen.
    """
    registry = open_registry(f"sqlite:///{home / 'state/registry.sqlite3'}")
    deadline = time.monotonic() + RECORD_SECONDS
    try:
        ended: Counter[tuple[str, str]] = Counter()
        while len(ended) < units and time.monotonic() < deadline:
            time.sleep(0.05)
            with registry.reading() as session:
                ended = Counter(
                    (event["item"], event["detail"]["stage"])
                    for event in read_events(session, BATCH)
                    if event["detail"].get("to") == "done"
                )
        with registry.reading() as session:
            report = verify_chain(session, BATCH)
    finally:
        registry.close()
    doubled = sum(count > 1 for count in ended.values())
    chain = "whole" if report.whole else json.dumps(report.problems)
    return f"{len(ended)} units done, {doubled} of them twice, chain {chain}"
