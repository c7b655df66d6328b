# SPDX-License-Identifier: Apache-2.0
"""Where on a target sheet its patches and edges lie and which colours they have: data, one file a target."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from archive.errors import TargetGeometryInvalid
from archive.resource_files import resource_path

Millimetres = Annotated[float, Field(ge=-2000, le=2000, allow_inf_nan=False)]
Length = Annotated[float, Field(gt=0, le=2000, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Area(_Strict):
    """A rectangle on the sheet, in millimetres from the upper left corner of the frame; it may lie outside of it.

    Attributes:
        x: Its left side.
        y: Its upper side.
        width: To the right.
        height: Downwards.
    """

    x: Millimetres
    y: Millimetres
    width: Length
    height: Length


class Patch(Area):
    """A patch of one colour.

    Attributes:
        name: What it is called.
        lab: CIE L*a*b* under D50, as its maker or a measurement says.
        neutral: Whether it is a gray of the scale by which tones are judged.
    """

    name: str
    lab: tuple[float, float, float]
    neutral: bool = False


class Edge(Area):
    """An area through whose middle a slanted edge runs.

    Attributes:
        name: What it is called.
        upright: Whether the edge runs downwards, so that sharpness is measured along the rows.
    """

    name: str
    upright: bool


class TargetGeometry(_Strict):
    """A target sheet.

    Attributes:
        name: Its short name.
        title: Its name for people.
        source: Where its colours and lengths come from: they differ from edition to edition.
        width: Width of the dark frame by which the sheet is found, in millimetres.
        height: Its height.
        patches: The patches.
        edges: The slanted edges.
        paper: Areas of even white or gray all over the sheet, by which the light is judged.
    """

    name: str
    title: str
    source: str
    width: Length
    height: Length
    patches: tuple[Patch, ...] = Field(min_length=1)
    edges: tuple[Edge, ...] = ()
    paper: tuple[Area, ...] = ()

    @model_validator(mode="after")
    def _names_are_told_apart(self) -> TargetGeometry:
        names = [patch.name for patch in self.patches] + [edge.name for edge in self.edges]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise ValueError(f"named more than once: {', '.join(doubled)}")
        return self

    @property
    def neutrals(self) -> tuple[Patch, ...]:
        """The grays, the lightest first."""
        return tuple(
            sorted((patch for patch in self.patches if patch.neutral), key=lambda patch: -patch.lab[0])
        )


def shipped_geometries() -> tuple[str, ...]:
    """The names of the target sheets that come with Recto."""
    return tuple(sorted(path.stem for path in resource_path("target-geometries").glob("*.toml")))


def load_geometry(name: str) -> TargetGeometry:
    """A shipped target sheet by its name, or an institution's own by the path of its TOML file.

    Raises:
        TargetGeometryInvalid: There is none of that name, or the file does not describe one.
    """
    path = Path(name)
    if name in shipped_geometries():
        path = resource_path("target-geometries", f"{name}.toml")
    try:
        return TargetGeometry(**tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        known = ", ".join(shipped_geometries())
        raise TargetGeometryInvalid(
            f"There is no target sheet {name!r}, and no such file can be read: {error.strerror}. Shipped are: {known}."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise TargetGeometryInvalid(f"{path} is not TOML: {error}.", path=str(path)) from error
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'file'}: {problem['msg']}" for problem in error.errors()
        )
        raise TargetGeometryInvalid(
            f"{path} describes no target sheet: {problems}.", path=str(path)
        ) from error
