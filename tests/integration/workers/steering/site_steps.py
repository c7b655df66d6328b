# SPDX-License-Identifier: Apache-2.0
"""The steps of an imaginary site: well-behaved ones, and those that nobody wants in a pool."""

from __future__ import annotations

import ctypes
import os
import time
from typing import Any

from workers.steps.step import Step
from workers.work import Work


def note(work: Work, what: str) -> None:
    """Write a line that tests read: when, what, and in which item."""
    with (work.node.settings.data_directory / "notes").open("a") as notes:
        notes.write(f"{time.monotonic()} {what} {work.claim.item_name}\n")


def _nap(work: Work) -> dict[str, Any]:
    time.sleep(work.parameters.get("seconds", 0.05))
    note(work, "napped")
    return {}


def _raise(work: Work) -> dict[str, Any]:
    raise ZeroDivisionError(f"nobody divides {work.claim.item_name} by zero")


def _abort(work: Work) -> dict[str, Any]:
    note(work, "aborts")
    os.abort()


def _segfault(work: Work) -> dict[str, Any]:
    note(work, "falls")
    ctypes.string_at(0)
    return {}


def _eat(work: Work) -> dict[str, Any]:
    import resource

    note(work, "eats")
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    return {"eaten": len(bytearray(4 << 30))}


def _dawdle(work: Work) -> dict[str, Any]:
    """Never ends by itself, but looks up between two pages."""
    note(work, "dawdles")
    while True:
        time.sleep(0.05)
        work.still_ours()


def _hang(work: Work) -> dict[str, Any]:
    """Never ends and never looks up, and takes every exception for weather."""
    note(work, "hangs")
    while True:
        try:
            time.sleep(60)
        except Exception as error:  # noqa: BLE001 (that is what is wrong with it)
            note(work, f"ignores {type(error).__name__}")


def _tidy(work: Work) -> None:
    note(work, "tidied")


nap = Step(run=_nap)
raising = Step(run=_raise, clean_up=_tidy)
aborting = Step(run=_abort, clean_up=_tidy)
falling = Step(run=_segfault)
eating = Step(run=_eat)
dawdling = Step(run=_dawdle, clean_up=_tidy)
hanging = Step(run=_hang)
