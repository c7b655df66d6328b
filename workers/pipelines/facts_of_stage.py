# SPDX-License-Identifier: Apache-2.0
"""What a person wants to know of a stage, in words: both drawings say the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from archive.registry.stages import Per, Pipeline, StageRule
from workers.pipelines.duration import write_duration


def applied_to(rule: StageRule) -> str:
    """What the stage has one unit for."""
    if rule.per is not Per.CHUNK:
        return f"each {rule.per}" if rule.per is Per.ITEM else "the whole batch"
    if rule.chunk_pages is None:
        return "each chunk of pages"
    return f"each {rule.chunk_pages} pages" if rule.chunk_pages > 1 else "each page"


def queue_of(rule: StageRule) -> str:
    """The queue that its messages go to."""
    return "capture.STATION" if rule.queue == "capture" else rule.queue


def limits_of(rule: StageRule) -> str:
    """When a unit is asked to end, and when its process is killed."""
    return f"{write_duration(rule.soft_seconds)} / {write_duration(rule.hard_seconds)}"


def attempts_of(rule: StageRule) -> str:
    """How many attempts a unit has."""
    return str(rule.attempts) if rule.attempts is not None else "as set"


def remarks_on(rule: StageRule) -> list[str]:
    """What else there is to say of the stage."""
    remarks = []
    if rule.step != rule.name:
        remarks.append(f"step {rule.step}")
    if rule.same_chunk:
        remarks.append("begins when the same chunk is done")
    if rule.in_order:
        remarks.append("one chunk after the other")
    if rule.condition:
        remarks.append(f"only when {' '.join(rule.condition.split())}")
    if rule.optional:
        remarks.append("optional: a failure is recorded, and the item goes on")
    if rule.parameters:
        given = (f"{name} {_plain(value)}" for name, value in rule.parameters.items())
        remarks.append(f"with {'; '.join(given)}")
    return remarks


def essential_followers(pipeline: Pipeline) -> Mapping[str, tuple[str, ...]]:
    """For each stage those that wait for it, without those that wait for one of these as well."""
    before: dict[str, frozenset[str]] = {}
    followers: dict[str, list[str]] = {rule.name: [] for rule in pipeline.stages}
    for rule in pipeline.stages:
        before[rule.name] = frozenset(rule.after).union(*(before[name] for name in rule.after))
        for name in rule.after:
            if not any(name in before[other] for other in rule.after if other != name):
                followers[name].append(rule.name)
    return {name: tuple(names) for name, names in followers.items()}


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return "none" if value is None else json.dumps(value)
