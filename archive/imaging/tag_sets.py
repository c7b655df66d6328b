# SPDX-License-Identifier: Apache-2.0
"""Which tags a master must, may and must not have: rules as data, of Recto, of the SLUB, or of an institution."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from archive.errors import MasterTagsUnfit, TagSetInvalid, TagSetUnknown
from archive.imaging import tiff_directory
from archive.imaging.tag_values import TagValue, is_of_kind, values_of_field
from archive.resource_files import resource_path

PHOTOMETRIC = 262
OWN_CHOICE = frozenset({269, 270, 271, 272, 305, 306, 315, 700, 33432})
"""Tags that a master can be without: they tell what the bag tells too."""

Tags = Mapping[int, Sequence[TagValue]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TagRule(_Strict):
    """What a set asks of one tag.

    Attributes:
        number: The tag.
        name: What TIFF calls it.
        presence: Whether it has to be there.
        photometric: The values of tag 262 for which the rule holds; for all when empty.
        one_of: The value lists that are allowed; all when empty.
        range: Smallest and largest value; None where there is none.
        kind: What its value has to be: printable ASCII, a date as tag 306 has it, an ICC profile.
    """

    number: int = Field(ge=1, le=65535)
    name: str
    presence: Literal["mandatory", "allowed", "forbidden"] = "allowed"
    photometric: tuple[int, ...] = ()
    one_of: tuple[tuple[int, ...], ...] = ()
    range: tuple[float, float] | None = None
    kind: Literal["any", "ascii", "datetime", "icc"] = "any"

    @model_validator(mode="after")
    def _range_is_one(self) -> Self:
        if self.range is not None and self.range[0] > self.range[1]:
            raise ValueError(f"tag {self.number}: {self.range[0]:g} is above {self.range[1]:g}")
        return self

    def problem(self, values: Sequence[TagValue]) -> str:
        """What is wrong with the values of a tag that is there, as the end of a sentence; "" for nothing."""
        if self.one_of and tuple(values) not in self.one_of:
            allowed = " or ".join(",".join(map(str, each)) for each in self.one_of)
            return f"is {_shown(values)}, not {allowed}"
        if self.range is not None:
            low, high = self.range
            if not all(isinstance(value, int | float) and low <= value <= high for value in values):
                return f"is {_shown(values)}, not within {low:g} to {high:g}"
        if not is_of_kind(values, self.kind):
            words = {
                "ascii": "printable ASCII",
                "datetime": "a date as YYYY:MM:DD HH:MM:SS",
                "icc": "an ICC profile",
            }
            return f"is not {words[self.kind]}"
        return ""


class TagSet(_Strict):
    """What an institution asks of the tags of its masters.

    Attributes:
        name: Its short name, by which settings and pipelines know it.
        title: Its name for people.
        source: Where its rules come from.
        unlisted: What of tags that no rule names.
        tag: The rules; of several for one tag the first that holds counts.
    """

    name: str
    title: str
    source: str
    unlisted: Literal["allowed", "forbidden"]
    tag: tuple[TagRule, ...]

    def rules(self, photometric: TagValue | None) -> dict[int, TagRule]:
        """By tag, the rules that hold for images of a photometric interpretation."""
        holding: dict[int, TagRule] = {}
        for rule in self.tag:
            if not rule.photometric or photometric in rule.photometric:
                holding.setdefault(rule.number, rule)
        return holding

    def refuses(self, tag: int, photometric: TagValue | None) -> bool:
        """Whether a tag must not be there, whatever its value."""
        rule = self.rules(photometric).get(tag)
        return self.unlisted == "forbidden" if rule is None else rule.presence == "forbidden"

    def problems(self, tags: Tags) -> list[str]:
        """What keeps an image from fitting, in parts of a sentence; nothing where it fits.

        Args:
            tags: The values of all its tags.
        """
        return list(self._problems(tags))

    def _problems(self, tags: Tags) -> Iterator[str]:
        photometric = next(iter(tags.get(PHOTOMETRIC, ())), None)
        rules = self.rules(photometric)
        for number, rule in sorted(rules.items()):
            if rule.presence == "mandatory" and number not in tags:
                yield f"{rule.name} ({number}) is missing"
        for number, values in sorted(tags.items()):
            held = rules.get(number)
            if self.refuses(number, photometric):
                yield f"{f'{held.name} ({number})' if held else f'tag {number}'} is not allowed"
            elif held is not None and (problem := held.problem(values)):
                yield f"{held.name} ({number}) {problem}"


def _shown(values: Sequence[TagValue]) -> str:
    shown = ",".join(
        f"{value:g}" if isinstance(value, int | float) else repr(value)[:40] for value in values[:4]
    )
    return f"{shown},..." if len(values) > 4 else shown  # noqa: PLR2004 - as shown


def fitting_fields(fields: Sequence[tiff_directory.Field], tag_set: TagSet) -> list[tiff_directory.Field]:
    """The fields of a master without those that a set does not want, if the rest of them fits.

    Args:
        fields: What the master would say.
        tag_set: What it must, may and must not say.

    Raises:
        MasterTagsUnfit: The page itself is none that the set allows.
    """
    photometric = next((values_of_field(field)[0] for field in fields if field.tag == PHOTOMETRIC), None)
    kept = [
        field
        for field in fields
        if field.tag not in OWN_CHOICE or not tag_set.refuses(field.tag, photometric)
    ]
    problems = tag_set.problems({field.tag: values_of_field(field) for field in kept})
    if problems:
        raise MasterTagsUnfit(
            f"The page does not fit the tag set {tag_set.name}: {'; '.join(problems)}.",
            tag_set=tag_set.name,
            problems=problems,
        )
    return kept


def shipped_tag_sets() -> tuple[str, ...]:
    """The names of the sets that come with Recto."""
    return tuple(sorted(path.stem for path in resource_path("tag-sets").glob("*.toml")))


@cache
def load_tag_set(name: str) -> TagSet:
    """A shipped set by its name, or an institution's own by the path of its TOML file.

    Raises:
        TagSetUnknown: There is neither a set nor a file of that name.
        TagSetInvalid: The file is no tag set; every problem is named.
    """
    path = Path(name)
    if name in shipped_tag_sets():
        path = resource_path("tag-sets", f"{name}.toml")
    elif not path.is_file():
        known = ", ".join(shipped_tag_sets())
        raise TagSetUnknown(f"There is no tag set {name!r}; shipped are: {known}.")
    try:
        return TagSet(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TagSetInvalid(f"{path} is not TOML: {error}.", path=str(path)) from error
    except OSError as error:
        raise TagSetInvalid(f"{path} cannot be read: {error.strerror}.", path=str(path)) from error
    except TypeError as error:
        raise TagSetInvalid(f"{path} is no tag set: {error}.", path=str(path)) from error
    except ValidationError as error:
        found = "; ".join(
            f"{'.'.join(str(step) for step in problem['loc'])}: {problem['msg']}"
            for problem in error.errors()
        )
        raise TagSetInvalid(f"{path} is no tag set: {found}.", path=str(path)) from error
