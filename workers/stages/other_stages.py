# SPDX-License-Identifier: Apache-2.0
"""What a batch's pipeline asks of another step than the one at work."""

from __future__ import annotations

from typing import Any

from archive.registry.pipelines import pipeline_of
from workers.work import Work


def parameter_of(work: Work, step: str, name: str, otherwise: Any) -> Any:
    """A parameter of the first stage that a step does.

    Args:
        work: The work at hand, of whichever stage.
        step: The step's name.
        name: The parameter's.
        otherwise: The value where the pipeline has no such stage, or the stage says nothing.
    """
    with work.node.registry.reading() as session:
        stages = pipeline_of(session, work.claim.batch).stages
    for rule in stages:
        if rule.step == step:
            return rule.parameters.get(name, otherwise)
    return otherwise
