# SPDX-License-Identifier: Apache-2.0
"""What checks found of pages at the desk, kept with them and beside the other pages of their item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archive.imaging.quality.order import PageFacts, check_order
from archive.imaging.quality.profile import Limits, QualityProfile, load_quality_profile
from archive.registry.pipelines import pipeline_of
from archive.registry.stages import Stage
from workers.desk.desk import Desk
from workers.node import Node

Checks = Sequence[dict[str, Any]]
"""As `CheckResult.to_json` tells them."""


def profile_at_desk(node: Node, batch: str) -> str:
    """The quality profile by which the workers will check a batch: its pipeline's, else the station's.

    Raises:
        BatchUnknown: No such batch.
    """
    with node.registry.reading() as session:
        stages = pipeline_of(session, batch).stages
    usual = node.settings.quality.profile
    for rule in stages:
        if rule.step == Stage.CHARACTERISE:
            return str(rule.parameters.get("quality_profile", usual))
    return usual


def keep_checks(desk: Desk, found: Mapping[int, Checks], profile: str) -> None:
    """Keep what checks of the pixels found, and whether a page is less sharp or noisier than the item's others.

    Args:
        desk: The item's desk.
        found: By place. A page that was discarded meanwhile is left out.
        profile: The name or path of the quality profile.

    Raises:
        DeskClosed: The item has gone on.
        QualityProfileUnknown, QualityProfileInvalid: There is no such profile.
    """
    limits = load_quality_profile(profile)
    # places stand for page numbers: they stay what they are when pages are moved
    facts = {
        place.id: PageFacts.of_checks(place.id, place.checks) for place in desk.state().places if place.checks
    }
    complete: dict[int, Checks] = {}
    for place, checks in found.items():
        facts[place] = PageFacts.of_checks(place, checks)
        told = check_order(list(facts.values()), _without_duplicates(limits), {})
        of_page = [check.to_json() for number, check in told if number == place]
        complete[place] = [*checks, *of_page]
    desk.note_checks(complete)


def _without_duplicates(profile: QualityProfile) -> QualityProfile:
    """Looking for pages that came twice takes the longer the more there are: the workers do, when all are there."""
    return profile.model_copy(update={"checks": {**profile.checks, "duplicate": Limits()}})
