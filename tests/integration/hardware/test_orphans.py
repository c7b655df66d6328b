# SPDX-License-Identifier: Apache-2.0
"""A device process never outlives its parent, however that went and whatever it was at."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

PARENT = """
import os, sys, time
from pathlib import Path
from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.discovery import open_session
from hardware.scanner import PageProgress, ScanRequest
from hardware.simulated.faults import Fault, FaultKind

state, spool = sys.argv[1], Path(sys.argv[2])
hang = (Fault(FaultKind.HANG, line=5, seconds=3600),) if state == "hanging" else ()
device = SimulatedDevice("slow", line_delay=0.05, faults=hang, fault_record=spool.with_name("happened"))
session = open_session("simulated:slow", HardwareConfiguration(simulated=(device,), sane=False))
# the parent's end of the channel stays open in a process that the parent forked
heir = os.fork()
if heir == 0:
    time.sleep(60)
    os._exit(0)
def tell():
    print(session.process_id, heir, file=sys.stderr, flush=True)
if state == "idle":
    tell()
    time.sleep(60)
session.apply({"resolution": 50})
for event in session.scan(ScanRequest(spool, 1)):
    if isinstance(event, PageProgress):
        tell()
"""


@contextmanager
def killed_parent(state: str, folder: Path) -> Iterator[int]:
    """Kill a parent whose device process is idle, scanning or hanging; gives the id of that process."""
    private = folder / state / "private"
    private.mkdir(parents=True)
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, state, str(folder / state / "spool")],
        env=os.environ | {"TMPDIR": str(private)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stderr is not None
        child, heir = map(int, parent.stderr.readline().split())
        while state == "hanging" and not (folder / state / "happened").exists():
            assert parent.poll() is None
        parent.kill()
        parent.wait()
        try:
            yield child
        finally:
            os.kill(heir, signal.SIGKILL)


@pytest.mark.parametrize("states", [("idle", "scanning", "hanging")], ids=["idle, scanning and hanging"])
def test_the_device_process_of_a_killed_parent_ends_and_leaves_nothing(
    tmp_path: Path, gone: Callable[[int, float], bool], states: tuple[str, ...]
) -> None:
    # all at once: one that hangs is given five seconds
    with ExitStack() as stack:
        children = [stack.enter_context(killed_parent(state, tmp_path)) for state in states]
        for child in children:
            assert gone(child, 15)
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "happened"]
    assert left == []
    assert list(tmp_path.glob("*/private/*")) == []
