# SPDX-License-Identifier: Apache-2.0
"""Whether the bag profile that a manifest names is there, and takes the tags that the manifest gives."""

from __future__ import annotations

from collections.abc import Iterator

from archive.bag.plan import COMPUTED_TAGS
from archive.bag.profile import BagProfile, TagRule, load_profile
from archive.errors import ProfileUnknown
from archive.manifest.draft import Draft, Field, Record
from archive.manifest.model import BatchDescription
from archive.manifest.problems import Code, Problem, shown
from archive.manifest.rules import tidy

FILLED_FROM_THE_MANIFEST = (
    "Source-Organization",
    "Bag-Group-Identifier",
    "Internal-Sender-Identifier",
    "Internal-Sender-Description",
    "Title",
    "Description",
)
"""Tags that every bag gets from what the manifest says elsewhere."""

_NEVER_ASKED = frozenset(label.lower() for label in (*COMPUTED_TAGS, *FILLED_FROM_THE_MANIFEST))


def asked_for(rule: TagRule) -> bool:
    """Whether a manifest must give this tag, for nobody else does."""
    given = rule.default or rule.archive_fills or rule.name.lower() in _NEVER_ASKED
    return rule.required and not given


def profile_problems(draft: Draft) -> Iterator[Problem]:
    """All problems that a manifest has with its bag profile."""
    name = draft.batch.fields.get("bag_profile")
    wanted = tidy(name.value) if name is not None else None
    if not isinstance(wanted, str) or not wanted:
        wanted = BatchDescription.model_fields["bag_profile"].default
    try:
        profile = load_profile(wanted)
    except ProfileUnknown as error:
        place = draft.batch.place_of("bag_profile")
        yield Problem.at(place, Code.BAG_PROFILE_UNKNOWN, error.message, error.remedy)
        return
    yield from _unlisted_values(draft.batch, profile)
    for item in draft.items:
        yield from _unlisted_values(item, profile)
    yield from _missing(draft, profile)


def _unlisted_values(record: Record, profile: BagProfile) -> Iterator[Problem]:
    choices = {rule.name.lower(): rule.values for rule in profile.tags if rule.values}
    for label, field in _tags(record).items():
        values, value = choices.get(_plain(label), ()), _text(field)
        if value and values and value not in values:
            yield Problem.at(
                field.place,
                Code.TAG_VALUE,
                f"{shown(value)} is no value that {profile.title} takes for the tag {label}.",
                f"Write one of: {', '.join(values)}.",
            )


def _missing(draft: Draft, profile: BagProfile) -> Iterator[Problem]:
    for rule in filter(asked_for, profile.tags):
        lacking = [record for record in draft.items if not _says(record, rule)]
        if lacking and not _says(draft.batch, rule):
            place = lacking[0].place if len(lacking) < len(draft.items) else draft.batch.place
            yield Problem.at(
                place,
                Code.TAG_MISSING,
                f"{profile.title} takes no bag without the tag {rule.name}.",
                f"Give the batch, or each item, a value tag.{rule.name}.",
            )


def _says(record: Record, rule: TagRule) -> bool:
    return any(_plain(label) == rule.name.lower() and _text(field) for label, field in _tags(record).items())


def _tags(record: Record) -> dict[str, Field]:
    tags = record.fields.get("tags")
    return tags.value if tags is not None and isinstance(tags.value, dict) else {}


def _plain(label: str) -> str:
    """A label without the tag file that may stand before it, as labels are compared: without case."""
    return label.rpartition("/")[2].strip().lower()


def _text(field: Field) -> str:
    return tidy(field.value) if isinstance(field.value, str) else ""
