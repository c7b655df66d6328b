# SPDX-License-Identifier: Apache-2.0
"""Finding an OCR engine by its name: Tesseract, or one that an installed distribution offers, loaded when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint

from archive.distributions import distribution_of, offered
from archive.errors import EngineBroken, EngineUnknown
from archive.manifest.nearest import did_you_mean
from archive.text.engine import OcrEngine
from archive.text.engine_tesseract import TesseractEngine

GROUP = "recto.ocr"
"""The entry point group in which distributions offer engines: name -> an `archive.text.engine.OcrEngine`."""

TESSERACT = TesseractEngine()
SHIPPED: dict[str, OcrEngine] = {TESSERACT.name: TESSERACT}


@dataclass(frozen=True, slots=True)
class SiteEngine:
    """An engine that an installed distribution offers.

    Attributes:
        name: What pipelines call it by.
        distribution: Name and version of the distribution.
        broken: Why it cannot be used; None where it can.
    """

    name: str
    distribution: str
    broken: EngineBroken | None


def find_engine(name: str) -> OcrEngine:
    """The engine of this name; Tesseract is found without looking at what else is installed.

    Raises:
        EngineUnknown: There is none.
        EngineBroken: It cannot be loaded, is no engine, or two distributions offer it.
    """
    shipped = SHIPPED.get(name)
    return shipped if shipped is not None else _load(name)


def site_engines() -> list[SiteEngine]:
    """The engines that installed distributions offer, each loaded to see whether it can be used.

    Raises:
        EngineBroken: What is installed cannot be read at all.
    """
    found = []
    for name, points in sorted(_offered().items()):
        broken = None
        try:
            _require_free(name, points)
            _load(name)
        except EngineBroken as error:
            broken = error
        found.append(SiteEngine(name, _told(points), broken))
    return found


def forget_engines() -> None:
    """Look again at what is installed."""
    _offered.cache_clear()
    _load.cache_clear()


@cache
def _offered() -> dict[str, tuple[EntryPoint, ...]]:
    try:
        return offered(GROUP)
    except (OSError, ValueError) as error:
        raise EngineBroken(
            f"What installed packages offer cannot be read: {error}.",
            remedy="Install the package again whose entry_points.txt is damaged, then see: recto doctor",
        ) from error


def _told(points: tuple[EntryPoint, ...]) -> str:
    return " and ".join(map(distribution_of, points))


def _require_free(name: str, points: tuple[EntryPoint, ...]) -> None:
    if name in SHIPPED:
        raise EngineBroken(
            f"{_told(points)} offers an OCR engine {name!r}, which is the name of one that comes with Recto.",
            remedy=f"Give the engine another name in the entry points of {_told(points)}; Recto's own is used.",
        )
    if len(points) > 1:
        raise EngineBroken(
            f"The OCR engine {name!r} is offered more than once: by {_told(points)}.",
            remedy="Uninstall one of them, or give one of the engines another name.",
        )


@cache
def _load(name: str) -> OcrEngine:
    points = _offered().get(name, ())
    if not points:
        raise EngineUnknown(
            f"There is no OCR engine {name!r}. {did_you_mean(name, (*SHIPPED, *sorted(_offered())))}"
        )
    _require_free(name, points)
    (point,) = points
    try:
        loaded = point.load()
    except (Exception, SystemExit) as error:
        # the boundary to foreign code: whatever its import raises is told with the name of who offers it
        raise EngineBroken(
            f"The OCR engine {name!r} of {distribution_of(point)} cannot be loaded from {point.value}: "
            f"{type(error).__name__}: {error}."
        ) from error
    if isinstance(loaded, type) or not isinstance(loaded, OcrEngine):
        raise EngineBroken(
            f"The OCR engine {name!r} of {distribution_of(point)} is none: {point.value} is of type {type(loaded).__name__}.",
            remedy="Let its entry point name an object with all that archive.text.engine.OcrEngine has.",
        )
    if loaded.name != name:
        raise EngineBroken(
            f"The OCR engine {name!r} of {distribution_of(point)} calls itself {loaded.name!r}.",
            remedy="Give it the same name in its entry point and in its attribute name.",
        )
    return loaded
