# SPDX-License-Identifier: Apache-2.0
"""Whether the condition that a pipeline sets for a stage holds for a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workers.work import Work


def not_applicable(work: Work) -> str:
    """Why a unit need not be run, as a sentence; "" where it is to be run."""
    if not work.rule.condition:
        return ""
    from workers.pipelines.condition import parse_condition
    from workers.pipelines.facts import facts_of

    if parse_condition(work.rule.condition).holds(facts_of(work)):
        return ""
    return f"Its condition does not hold: {work.rule.condition}"
