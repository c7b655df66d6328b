# SPDX-License-Identifier: Apache-2.0
"""A worker that is killed at a chosen moment of a unit: `python -m tests.killed_unit UNIT MODULE:NAME COUNT`.

It runs the unit with the settings of its environment, and kills itself when the function is called for the
COUNT-th time. It ends with 0 where that never happened.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from archive.registry.dispatching import end_leases, running_units
from workers.node import Node
from workers.run_unit import run_unit
from workers.settings import load_settings

REPOSITORY = Path(__file__).resolve().parent.parent


def killed_in(node: Node, unit: int, place: str, count: int = 1) -> None:
    """Run a unit in a worker that is killed, and let its lease end.

    Args:
        node: Whose registry has the unit; its home is in the environment.
        unit: Key of the unit.
        place: The function, as `module:name` or `module:class.name`, in which the worker dies.
        count: In which of its calls.
    """
    command = [sys.executable, "-m", "tests.killed_unit", str(unit), place, str(count)]
    ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stdout + ended.stderr
    with node.registry.transaction() as session:
        end_leases(session, running_units(session))


def main(unit: str, place: str, count: str) -> None:
    """Run the unit."""
    module, _, path = place.partition(":")
    holder: Any = import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        holder = getattr(holder, parent)
    honest, left = getattr(holder, name), int(count)

    def dying(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return honest(*arguments, **named)

    setattr(holder, name, dying)
    run_unit(Node(load_settings()), int(unit), "killed")


if __name__ == "__main__":
    main(*sys.argv[1:])
