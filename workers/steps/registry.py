# SPDX-License-Identifier: Apache-2.0
"""Finding a step by its name: one that comes with Recto, or one of a site's own, loaded when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint

import structlog

from archive.distributions import distribution_of, offered
from archive.manifest.nearest import did_you_mean
from workers.errors import StepBroken, StepUnknown
from workers.receiving.steps import INGEST_STEPS
from workers.steps.shipped import SHIPPED
from workers.steps.step import Step

log = structlog.get_logger(__name__)

GROUP = "recto.steps"
"""The entry point group in which distributions offer steps: name -> `workers.steps.step.Step`."""


@dataclass(frozen=True, slots=True)
class SiteStep:
    """A step that an installed distribution offers.

    Attributes:
        name: What pipelines call it by.
        distribution: Name and version of the distribution.
        broken: Why it cannot be used; None where it can.
    """

    name: str
    distribution: str
    broken: StepBroken | None


def find_step(name: str) -> Step:
    """The step of this name; a shipped one is found without looking at what else is installed.

    Raises:
        StepUnknown: There is none.
        StepBroken: It cannot be loaded, is no step, or two distributions offer it.
    """
    shipped = SHIPPED.get(name)
    return shipped if shipped is not None else _load(name)


def step_of_stage(name: str) -> Step:
    """The step that a unit of the ledger names: one of an ingest too, which `find_step` does not know.

    Raises:
        StepUnknown, StepBroken: See `find_step`.
    """
    return INGEST_STEPS.get(name) or find_step(name)


def step_names() -> tuple[str, ...]:
    """The names of all steps that a pipeline may have, the shipped ones first; broken ones are among them."""
    return (*SHIPPED, *sorted(_offered().keys() - SHIPPED.keys() - INGEST_STEPS.keys()))


def known_steps() -> tuple[str, ...]:
    """The names of all steps that this computer can do."""
    return (*step_names(), *INGEST_STEPS)


def site_steps() -> list[SiteStep]:
    """The steps that installed distributions offer, each loaded to see whether it can be used."""
    found = []
    for name, points in sorted(_offered().items()):
        broken = None
        try:
            _require_free(name, points)
            _load(name)
        except StepBroken as error:
            broken = error
        found.append(SiteStep(name, " and ".join(map(distribution_of, points)), broken))
    return found


def forget_steps() -> None:
    """Look again at what is installed."""
    _offered.cache_clear()
    _load.cache_clear()


@cache
def _offered() -> dict[str, tuple[EntryPoint, ...]]:
    try:
        return offered(GROUP)
    except (OSError, ValueError) as error:
        raise StepBroken(
            f"What installed packages offer cannot be read: {error}.",
            remedy="Install the package again whose entry_points.txt is damaged, then see: recto doctor",
        ) from error


def _require_free(name: str, points: tuple[EntryPoint, ...]) -> None:
    offered_by = " and ".join(map(distribution_of, points))
    if name in SHIPPED or name in INGEST_STEPS:
        raise StepBroken(
            f"{offered_by} offers a step {name!r}, which is the name of one that comes with Recto.",
            remedy=f"Give the step another name in the entry points of {offered_by}; Recto's own is used.",
        )
    if len(points) > 1:
        raise StepBroken(
            f"The step {name!r} is offered more than once: by {offered_by}.",
            remedy="Uninstall one of them, or give one of the steps another name.",
        )


@cache
def _load(name: str) -> Step:
    points = _offered().get(name, ())
    if not points:
        raise StepUnknown(f"There is no step {name!r}. {did_you_mean(name, step_names())}")
    _require_free(name, points)
    (point,) = points
    try:
        loaded = point.load()
    except (Exception, SystemExit) as error:
        # the boundary to foreign code: whatever its import raises is told with the name of who offers it
        raise StepBroken(
            f"The step {name!r} of {distribution_of(point)} cannot be loaded from {point.value}: "
            f"{type(error).__name__}: {error}."
        ) from error
    if not isinstance(loaded, Step):
        raise StepBroken(
            f"The step {name!r} of {distribution_of(point)} is no step: {point.value} is of type {type(loaded).__name__}.",
            remedy="Let its entry point name a workers.steps.step.Step.",
        )
    log.debug("step.loaded", step=name, distribution=distribution_of(point))
    return loaded
