# SPDX-License-Identifier: Apache-2.0
"""What a step is: a function that works on a unit, and what a pipeline must know of it beforehand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workers.steps.parameters import Parameter

if TYPE_CHECKING:
    from workers.work import Held, Work

APPLIES_TO = ("batch", "item", "chunk")
"""What a stage can be applied to: the whole batch, one item, or one chunk of an item's pages."""


@dataclass(frozen=True)
class Step:
    """What an entry point of the group `recto.steps` gives, under the name that pipelines call it by.

    A unit may be run again: after a crash, a lost lease, a retry. A step therefore looks at what is there
    already, writes under the same names, and records its effects in `work.recording()`.

    Attributes:
        run: Does the work. What it returns is kept with the unit (JSON); `Held` asks a person to decide.
        check: Whether the step is able to run here; raises an `ArchiveError` with a remedy when it is not.
            Called before every `run`.
        clean_up: Called at the end whatever happened, and before the next attempt of one that died.
        title: What it does, in a few words.
        parameters: What a pipeline may set for it; anything else is a problem of the pipeline.
        applies_to: Which of `APPLIES_TO` it can be applied to.
        needs: Steps of which each must come before it in a pipeline.
        queue: Where its messages go when a pipeline does not say.
    """

    run: Callable[[Work], dict[str, Any] | Held]
    check: Callable[[Work], None] | None = None
    clean_up: Callable[[Work], None] | None = None
    title: str = ""
    parameters: tuple[Parameter, ...] = ()
    applies_to: tuple[str, ...] = APPLIES_TO
    needs: tuple[str, ...] = ()
    queue: str = "default"

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of this name; None where the step has none."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)
