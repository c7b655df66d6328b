# SPDX-License-Identifier: Apache-2.0
"""One frozen type for the progress of all long work on the archive floor, and how to stop it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one piece of work is.

    Attributes:
        activity: What is being done, in words an operator understands.
        done: Units finished so far.
        total: Units in all, or None where it cannot be known.
        unit: What is counted: "bytes", "files", "pages".
    """

    activity: str
    done: int
    total: int | None
    unit: str = "bytes"


ProgressCallback = Callable[[Progress], None]
"""Called at most a few times a second. It may raise to cancel the work: the work then cleans up."""


def no_progress(progress: Progress) -> None:
    """Listen to nothing: the default where nobody watches."""
