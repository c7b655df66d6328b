# SPDX-License-Identifier: Apache-2.0
"""What is asked of a target at each level of a standard; a level is reached when no figure is below it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archive.errors import TargetLevelsInvalid
from archive.resource_files import resource_path

Figure = Literal[
    "color_mean",
    "color_90th",
    "color_max",
    "tone",
    "highlight_gain_low",
    "highlight_gain_high",
    "gain_low",
    "gain_high",
    "white_balance",
    "noise",
    "sampling_efficiency",
    "modulation",
    "aliasing",
    "misregistration",
    "scale",
    "evenness",
]
"""What is measured of a target (`archive.imaging.targets.measurement`)."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bounds(_Strict):
    """What one figure may be at a level.

    Attributes:
        at_least: Its lower bound.
        at_most: Its upper bound.
    """

    at_least: float | None = None
    at_most: float | None = None

    def allows(self, value: float) -> bool:
        """Whether a value is within the bounds."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)


class Level(_Strict):
    """One level.

    Attributes:
        name: What it is called: "3 star", "B".
        figures: Bounds by figure; what is left out is not asked.
    """

    name: str
    figures: dict[Figure, Bounds] = Field(default_factory=dict)


class TargetLevels(_Strict):
    """The levels of a standard.

    Attributes:
        name: The short name by which settings know it.
        title: Its name for people.
        source: The standard and the table that the figures come from.
        levels: The highest first.
    """

    name: str
    title: str
    source: str
    levels: tuple[Level, ...] = Field(min_length=1)

    def reached(self, figures: dict[str, float]) -> Level | None:
        """The highest level whose bounds all figures keep; None where even the lowest is missed.

        A figure that a level asks for and that was not measured counts as missed.
        """
        return next((level for level in self.levels if not missed(level, figures)), None)

    def level(self, name: str) -> Level:
        """A level by its name.

        Raises:
            TargetLevelsInvalid: There is none of that name.
        """
        for level in self.levels:
            if level.name == name:
                return level
        known = ", ".join(level.name for level in self.levels)
        raise TargetLevelsInvalid(f"{self.title} has no level {name!r}; its levels are: {known}.")


def missed(level: Level, figures: dict[str, float]) -> tuple[str, ...]:
    """The figures that keep a target from a level."""
    return tuple(
        name
        for name, bounds in level.figures.items()
        if name not in figures or not bounds.allows(figures[name])
    )


def shipped_levels() -> tuple[str, ...]:
    """The names of the standards that come with Recto."""
    return tuple(sorted(path.stem for path in resource_path("target-levels").glob("*.toml")))


def load_levels(name: str) -> TargetLevels:
    """The levels of a shipped standard by its name, or of an institution's own by the path of its TOML file.

    Raises:
        TargetLevelsInvalid: There is none of that name, or the file does not describe levels.
    """
    path = Path(name)
    if name in shipped_levels():
        path = resource_path("target-levels", f"{name}.toml")
    try:
        return TargetLevels(**tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise TargetLevelsInvalid(
            f"There are no levels {name!r}, and no such file can be read: {error.strerror}. "
            f"Shipped are: {', '.join(shipped_levels())}."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise TargetLevelsInvalid(f"{path} is not TOML: {error}.", path=str(path)) from error
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'file'}: {problem['msg']}" for problem in error.errors()
        )
        raise TargetLevelsInvalid(f"{path} describes no levels: {problems}.", path=str(path)) from error
