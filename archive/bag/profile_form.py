# SPDX-License-Identifier: Apache-2.0
"""A profile as a form to fill in: which tags to ask for, in which order, with which choices and help."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archive.bag.plan import COMPUTED_TAGS
from archive.bag.profile import BagProfile
from archive.bag.tag_files import BAG_INFO


@dataclass(frozen=True, slots=True)
class FormField:
    """One tag to ask for.

    Attributes:
        file: The tag file it stands in.
        label: Its label.
        required: Whether a bag cannot be made without a value, given or by default.
        recommended: Whether its absence deserves a warning.
        may_be_empty: Whether it may be there without a value.
        repeatable: Whether the archive takes more than one.
        values: The choices; free text where empty.
        default: What is filled in where nothing is given, "" for nothing.
        computed: Whether Recto fills it in, so that nobody is asked.
        help: What it is for.
    """

    file: str
    label: str
    required: bool
    recommended: bool
    may_be_empty: bool
    repeatable: bool
    values: tuple[str, ...]
    default: str
    computed: bool
    help: str

    def to_json(self) -> dict[str, Any]:
        """The field as a JSON object."""
        return dataclasses.asdict(self) | {"values": list(self.values)}


def form_fields(profile: BagProfile) -> Iterator[FormField]:
    """The fields of a profile's form, in the order of the profile.

    What is filled in is held against the profile by `BagProfile.check_tags` after
    `BagProfile.fill_defaults`.
    """
    computed = {label.lower() for label in COMPUTED_TAGS}
    for rule in profile.tags:
        yield FormField(
            file=rule.file,
            label=rule.name,
            required=rule.required,
            recommended=rule.recommended,
            may_be_empty=rule.may_be_empty,
            repeatable=rule.repeatable,
            values=rule.values,
            default=rule.default or "",
            computed=rule.file == BAG_INFO and rule.name.lower() in computed,
            help=rule.help,
        )
