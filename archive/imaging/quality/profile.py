# SPDX-License-Identifier: Apache-2.0
"""Quality profiles: from where on a measurement is shown to the operator, and from where on it holds the item."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archive.errors import QualityProfileInvalid, QualityProfileUnknown
from archive.resource_files import resource_path

Verdict = Literal["pass", "review", "hold"]

Measurement = Literal[
    "sheet",
    "blank",
    "highlight_clipping",
    "shadow_clipping",
    "skew",
    "streaks",
    "cut_text",
    "paper_white",
    "evenness",
    "noise",
    "noisy",
    "sharpness",
    "duplicate",
    "ocr_confidence",
    "ocr_unsure_words",
    "orientation",
]
"""What is measured of every page; the profile says what of it is too much."""

DEFAULT = "house"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Strict):
    """From where on a measurement is flagged; a limit that is left out flags nothing.

    Attributes:
        review_below: Shown to the operator below this value.
        review_above: Shown to the operator above it.
        hold_below: Holds the item below this value.
        hold_above: Holds the item above it.
    """

    review_below: float | None = None
    review_above: float | None = None
    hold_below: float | None = None
    hold_above: float | None = None

    def verdict(self, measured: float) -> tuple[Verdict, float | None]:
        """What becomes of a value, and the limit that says so: the one it breaks, or the first there is."""
        broken: tuple[tuple[Verdict, float | None, bool], ...] = (
            ("hold", self.hold_below, self.hold_below is not None and measured < self.hold_below),
            ("hold", self.hold_above, self.hold_above is not None and measured > self.hold_above),
            ("review", self.review_below, self.review_below is not None and measured < self.review_below),
            ("review", self.review_above, self.review_above is not None and measured > self.review_above),
        )
        for verdict, limit, breaks in broken:
            if breaks:
                return verdict, limit
        # what is nearest to being broken comes first
        limits = (self.review_above, self.review_below, self.hold_above, self.hold_below)
        return "pass", next((limit for limit in limits if limit is not None), None)


class QualityProfile(_Strict):
    """What an institution asks of its images.

    Attributes:
        name: Its short name, by which settings and commands know it.
        title: Its name for people.
        source: The standard and the table that its figures come from.
        dpi_tolerance: Pixels per inch by which the resolution tag may differ: PNG counts in metres and rounds.
        sheet_mm: Width and height of every sheet, in either order, in mm; None where sheets differ.
        sheet_tolerance: Share by which an image may be larger or smaller than the sheet.
        checks: Limits by measurement; one that is left out is measured and never flagged.
    """

    name: str
    title: str
    source: str
    dpi_tolerance: float = Field(default=0.5, ge=0)
    sheet_mm: tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]] | None = None
    sheet_tolerance: float = Field(default=0.02, ge=0)
    checks: dict[Measurement, Limits] = Field(default_factory=dict)

    def limits(self, measurement: Measurement) -> Limits:
        """The limits of one measurement; those of nothing where the profile has none."""
        return self.checks.get(measurement, Limits())


def shipped_quality_profiles() -> tuple[str, ...]:
    """The names of the profiles that come with Recto."""
    return tuple(sorted(path.stem for path in resource_path("quality-profiles").glob("*.toml")))


@cache
def load_quality_profile(name: str) -> QualityProfile:
    """A shipped profile by its name, or an institution's own by the path of its TOML file.

    Raises:
        QualityProfileUnknown: There is neither a profile nor a file of that name.
        QualityProfileInvalid: The file is no profile; every problem is named.
    """
    path = Path(name)
    if name in shipped_quality_profiles():
        path = resource_path("quality-profiles", f"{name}.toml")
    elif not path.is_file():
        known = ", ".join(shipped_quality_profiles())
        raise QualityProfileUnknown(f"There is no quality profile {name!r}; shipped are: {known}.")
    try:
        return QualityProfile(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise QualityProfileInvalid(f"{path} is not TOML: {error}.", path=str(path)) from error
    except (ValidationError, TypeError) as error:
        raise QualityProfileInvalid(
            f"{path} is no quality profile: {_problems(error)}.", path=str(path)
        ) from error


def _problems(error: ValidationError | TypeError) -> str:
    if isinstance(error, TypeError):
        return str(error)
    return "; ".join(
        f"{'.'.join(str(step) for step in problem['loc'])}: {problem['msg']}" for problem in error.errors()
    )
