# SPDX-License-Identifier: Apache-2.0
"""Finding a provider by its name: the one that comes with Recto, or what an installed package offers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib.metadata import EntryPoint
from typing import Any

from archive.distributions import distribution_of, offered
from archive.manifest.nearest import did_you_mean
from workers.enrichment.chat_endpoint import PROVIDER
from workers.enrichment.provider import Provider
from workers.errors import ProviderBroken, ProviderUnknown

GROUP = "recto.enrichment"
"""The entry point group in which distributions offer providers: name -> `workers.enrichment.provider.Provider`."""

SHIPPED = {"openai-compatible": PROVIDER}


@dataclass(frozen=True, slots=True)
class KnownProvider:
    """A provider, as it is told of.

    Attributes:
        name: What pipelines and consents call it by.
        title: What it is.
        distribution: Who offers it.
        problem: Why it cannot be used; "" where it can.
    """

    name: str
    title: str
    distribution: str
    problem: str

    def to_json(self) -> dict[str, Any]:
        """The provider as a JSON object."""
        return asdict(self)


def find_provider(name: str) -> Provider:
    """The provider of this name; the shipped one is found without looking at what else is installed.

    Raises:
        ProviderUnknown: There is none.
        ProviderBroken: It cannot be loaded, is no provider, or is offered more than once.
    """
    shipped = SHIPPED.get(name)
    if shipped is not None:
        return shipped
    points = _offered().get(name, ())
    if not points:
        names = (*SHIPPED, *_offered())
        raise ProviderUnknown(f"There is no provider {name!r}. {did_you_mean(name, names)}")
    return _load(name, points)


def known_providers() -> list[KnownProvider]:
    """All providers, each loaded to see whether it can be used."""
    known = [KnownProvider(name, each.title, "comes with Recto", "") for name, each in SHIPPED.items()]
    for name, points in sorted(_offered().items()):
        title = problem = ""
        try:
            title = _load(name, points).title
        except ProviderBroken as error:
            problem = error.message
        known.append(KnownProvider(name, title, " and ".join(map(distribution_of, points)), problem))
    return known


def _offered() -> dict[str, tuple[EntryPoint, ...]]:
    try:
        return offered(GROUP)
    except (OSError, ValueError) as error:
        raise ProviderBroken(f"What installed packages offer cannot be read: {error}.") from error


def _load(name: str, points: tuple[EntryPoint, ...]) -> Provider:
    offered_by = " and ".join(map(distribution_of, points))
    if name in SHIPPED or len(points) > 1:
        raise ProviderBroken(
            f"The name {name!r} of a provider is taken more than once, by {offered_by}.",
            remedy="Uninstall one of them, or give one of the providers another name.",
        )
    (point,) = points
    try:
        loaded = point.load()
    except (Exception, SystemExit) as error:
        # the boundary to foreign code: whatever its import raises is told with the name of who offers it
        raise ProviderBroken(
            f"The provider {name!r} of {offered_by} cannot be loaded: {type(error).__name__}: {error}."
        ) from error
    if not isinstance(loaded, Provider):
        raise ProviderBroken(
            f"The provider {name!r} of {offered_by} is none: it is a {type(loaded).__name__}."
        )
    return loaded
