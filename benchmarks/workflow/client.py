# SPDX-License-Identifier: Apache-2.0
"""The process that submits: what building and publishing takes, and by how much it grows.

Run as `python -m benchmarks.workflow.client ENGINE ITEMS`; prints one JSON object.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path


def main() -> None:
    engine = importlib.import_module(f"benchmarks.workflow.{sys.argv[1]}")
    items = int(sys.argv[2])
    # a station's registry is there, and the first connection loads modules: neither is what a workflow costs
    engine.prepare()
    with engine.app.connection_for_write() as connection:
        connection.ensure_connection()
    _ = engine.app.backend
    # the peak is counted from here on (proc(5), clear_refs)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _peak_kilobytes()
    begun, worked = time.time(), time.process_time()
    engine.publish(items)
    seconds = time.time() - begun
    worked = time.process_time() - worked
    growth = _peak_kilobytes() - before
    told = {"begun": begun, "publish_seconds": seconds, "cpu_seconds": worked, "growth_bytes": growth * 1024}
    # told at once: the work goes on while this process ends
    print(json.dumps(told), flush=True)


def _peak_kilobytes() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
