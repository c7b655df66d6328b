# SPDX-License-Identifier: Apache-2.0
"""Reading the standard form of bag profiles (BagIt Profiles Specification, 1.1 to 1.4) into our own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

INFO = "BagIt-Profile-Info"

_TAR_TYPES = ("application/tar", "application/x-tar")


class _Strict(BaseModel):
    # a rule we do not know would silently not be kept
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Info(BaseModel):
    identifier: str = Field(alias="BagIt-Profile-Identifier", min_length=1)
    organization: str = Field(alias="Source-Organization", default="")
    description: str = Field(alias="External-Description", default="")
    version: str = Field(alias="Version", default="")
    form: str = Field(alias="BagIt-Profile-Version", default="1.1.0")


class _Tag(_Strict):
    required: bool = False
    recommended: bool = False
    repeatable: bool = True
    values: tuple[str, ...] = ()
    description: str = ""


class _Profile(_Strict):
    info: _Info = Field(alias=INFO)
    bag_info: dict[str, _Tag] = Field(alias="Bag-Info", default={})
    other_info: tuple[dict[str, dict[str, _Tag]], ...] = Field(alias="Other-Info", default=())
    manifests_required: tuple[str, ...] = Field(alias="Manifests-Required", default=())
    manifests_allowed: tuple[str, ...] = Field(alias="Manifests-Allowed", default=())
    tag_manifests_required: tuple[str, ...] = Field(alias="Tag-Manifests-Required", default=())
    tag_manifests_allowed: tuple[str, ...] = Field(alias="Tag-Manifests-Allowed", default=())
    tag_files_required: tuple[str, ...] = Field(alias="Tag-Files-Required", default=())
    tag_files_allowed: tuple[str, ...] = Field(alias="Tag-Files-Allowed", default=("*",))
    payload_files_required: tuple[str, ...] = Field(alias="Payload-Files-Required", default=())
    payload_files_allowed: tuple[str, ...] = Field(alias="Payload-Files-Allowed", default=("*",))
    data_empty: bool = Field(alias="Data-Empty", default=False)
    fetch_allowed: bool = Field(alias="Allow-Fetch.txt", default=True)
    fetch_required: bool = Field(alias="Fetch.txt-Required", default=False)
    serialization: Literal["required", "optional", "forbidden"] = Field(
        alias="Serialization", default="optional"
    )
    accept_serialization: tuple[str, ...] = Field(alias="Accept-Serialization", default=())
    accept_bagit_version: tuple[str, ...] = Field(alias="Accept-BagIt-Version", min_length=1)


def is_standard(document: object) -> bool:
    """Whether a JSON document is a profile in the standard form."""
    return isinstance(document, Mapping) and INFO in document


def own_form(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The same rules in the form of `archive.bag.profile.BagProfile`, as a JSON object.

    "Other-Info", with which some archives describe tag files beside bag-info.txt, is understood:
    its section "APTrust-Info" means aptrust-info.txt.

    Args:
        document: The profile in the standard form.
        name: What to call it.

    Raises:
        ValidationError: It breaks the form, or has rules that are not known here.
        ValueError: Its rules contradict each other.
    """
    profile = _Profile.model_validate(document)
    _refuse_contradictions(profile)
    title = " ".join(part for part in (profile.info.organization or name, profile.info.version) if part)
    types = profile.accept_serialization or (_TAR_TYPES if profile.serialization == "optional" else ())
    return {
        "name": name,
        "title": title,
        "source": f"{profile.info.description} (BagIt Profiles {profile.info.form})".strip(),
        "identifier": profile.info.identifier,
        "bagit_versions": profile.accept_bagit_version,
        "serialization": profile.serialization,
        "serialization_types": types,
        "fetch_allowed": profile.fetch_allowed,
        "fetch_required": profile.fetch_required,
        "payload_empty": profile.data_empty,
        "manifests": {"required": profile.manifests_required, "allowed": profile.manifests_allowed},
        "tag_manifests": {
            "required": profile.tag_manifests_required,
            "allowed": profile.tag_manifests_allowed,
        },
        "tag_files": {"required": profile.tag_files_required, "allowed": profile.tag_files_allowed},
        "payload_files": {
            "required": profile.payload_files_required,
            "allowed": profile.payload_files_allowed,
        },
        "tags": _tags(profile),
    }


def _tags(profile: _Profile) -> list[dict[str, Any]]:
    files: list[tuple[str, Mapping[str, _Tag]]] = [("bag-info.txt", profile.bag_info)]
    files += [(f"{name.lower()}.txt", tags) for group in profile.other_info for name, tags in group.items()]
    rules = [
        {
            "file": file,
            "name": label,
            "required": tag.required,
            "recommended": tag.recommended,
            "may_be_empty": not tag.required,
            "repeatable": tag.repeatable,
            "values": tag.values,
            "help": tag.description,
        }
        for file, tags in files
        for label, tag in tags.items()
    ]
    if "bagit-profile-identifier" not in {label.lower() for label in profile.bag_info}:
        # always required, and should not be listed (section "Implementation Details")
        rules.append(
            {
                "file": "bag-info.txt",
                "name": "BagIt-Profile-Identifier",
                "required": True,
                "may_be_empty": False,
            }
        )
    return rules


def _refuse_contradictions(profile: _Profile) -> None:
    for what, required, allowed in (
        ("Manifests", profile.manifests_required, profile.manifests_allowed),
        ("Tag-Manifests", profile.tag_manifests_required, profile.tag_manifests_allowed),
    ):
        if allowed and not set(required) <= set(allowed):
            raise ValueError(f"{what}-Allowed leaves out some of {what}-Required")
    if profile.fetch_required and not profile.fetch_allowed:
        raise ValueError("Fetch.txt-Required contradicts Allow-Fetch.txt")
    if profile.serialization == "required" and not profile.accept_serialization:
        raise ValueError("Serialization is required, and Accept-Serialization names no form")
