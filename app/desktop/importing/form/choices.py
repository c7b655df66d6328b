# SPDX-License-Identifier: Apache-2.0
"""What can be chosen in the form: the station's scanners, the bag profiles with their tags, and what is usual."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from archive.bag.profile import BagProfile, shipped_profiles
from archive.bag.profile_form import FormField, form_fields
from archive.manifest.form import ManifestForm
from archive.manifest.profile_tags import FILLED_FROM_THE_MANIFEST
from archive.registry.batches import list_batches
from hardware.discovery import list_devices
from hardware.scanner import DeviceInfo
from workers.node import Node

RESOLUTIONS = ("150", "200", "300", "400", "600", "1200")
LANGUAGES = ("eng", "deu", "fra", "ita", "spa", "nld", "lat", "Fraktur")
RIGHTS = (
    "https://creativecommons.org/publicdomain/mark/1.0/",
    "https://creativecommons.org/publicdomain/zero/1.0/",
    "https://creativecommons.org/licenses/by/4.0/",
    "https://rightsstatements.org/vocab/InC/1.0/",
    "https://rightsstatements.org/vocab/NKC/1.0/",
)

_FILLED = frozenset(label.lower() for label in FILLED_FROM_THE_MANIFEST)


@dataclass(frozen=True, slots=True)
class Choices:
    """What an operation found out for the form.

    Attributes:
        profiles: The bag profiles.
        institution: Who owned the material of the newest batch; "" where there is none.
    """

    profiles: tuple[BagProfile, ...]
    institution: str


def read_choices(node: Node) -> Choices:
    """Read profiles and registry; for an operation."""
    with node.registry.reading() as session:
        newest = next(iter(list_batches(session)), None)
        institution = newest.institution if newest is not None else ""
    return Choices(shipped_profiles(), institution)


def find_scanners(node: Node, look_up: Callable[[], None]) -> list[DeviceInfo]:
    """All scanners of the station; for an operation. `look_up` is called between them and may raise to end it."""
    found = []
    for device in list_devices(node.hardware()):
        look_up()
        found.append(device)
    return found


def asked_tags(profile: BagProfile) -> list[FormField]:
    """The tags of a profile that a person fills in; those that Recto knows already are left out."""
    return [
        field for field in form_fields(profile) if not field.computed and field.label.lower() not in _FILLED
    ]


def first_form(choices: Choices, today: date) -> ManifestForm:
    """The form as it is shown first: what is usual is filled in."""
    return ManifestForm(
        batch={
            "id": f"batch-{today.isoformat()}",
            "institution": choices.institution,
            "resolution_dpi": "300",
            "color_profile": "sRGB",
            "bag_profile": choices.profiles[0].name if choices.profiles else "",
        },
        tags=default_tags(choices.profiles[:1]),
    )


def default_tags(profiles: Sequence[BagProfile]) -> dict[str, str]:
    """The tags that a profile asks for, each with its default."""
    return {field.label: field.default for profile in profiles for field in asked_tags(profile)}
