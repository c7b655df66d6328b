# SPDX-License-Identifier: Apache-2.0
"""Reading the bag profiles of DART and dart-runner, which know tags in any tag file, into our own form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_BAGIT_TXT = "bagit.txt"


def _lower_keys(document: object) -> object:
    """A JSON object with its keys in lower case, as DART reads them: it writes emptyOk and emptyOK."""
    if not isinstance(document, Mapping):
        return document
    return {str(key).lower(): value for key, value in document.items()}


def _texts(value: object) -> object:
    """A list of texts; DART 2 wrote a single one without its list, and null for none."""
    if value is None:
        return ()
    found = [value] if isinstance(value, str) else value
    return [text for text in found if text != ""] if isinstance(found, list) else found


def _text(value: object) -> object:
    return "" if value is None else value


_Text = Annotated[str, BeforeValidator(_text)]
_Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class _Info(BaseModel):
    identifier: _Text = Field(alias="bagitprofileidentifier", default="")
    organization: _Text = Field(alias="sourceorganization", default="")
    description: _Text = Field(alias="externaldescription", default="")
    version: _Text = Field(alias="version", default="")


class _Tag(BaseModel):
    # what else stands here is DART's own book-keeping: ids, drafts of values, flags of its forms
    file: str = Field(alias="tagfile", min_length=1)
    name: str = Field(alias="tagname", min_length=1)
    required: bool = False
    may_be_empty: bool = Field(alias="emptyok", default=False)
    values: _Texts = ()
    default: _Text = Field(alias="defaultvalue", default="")
    help: _Text = ""


class _Profile(BaseModel):
    # a rule we do not know would silently not be kept
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: object = None
    user_can_delete: object = Field(alias="usercandelete", default=None)
    is_built_in: object = Field(alias="isbuiltin", default=None)
    base: object = Field(alias="baseprofileid", default=None)
    needed_fields: object = Field(alias="required", default=None)
    errors: object = None
    name: _Text = ""
    description: _Text = ""
    info: Annotated[_Info, BeforeValidator(_lower_keys)] = Field(alias="bagitprofileinfo")
    versions: _Texts = Field(alias="acceptbagitversion", min_length=1)
    types: _Texts = Field(alias="acceptserialization", default=())
    fetch_allowed: bool = Field(alias="allowfetchtxt", default=False)
    serialization: Literal["required", "optional", "forbidden"] = "optional"
    manifests_required: _Texts = Field(alias="manifestsrequired", default=())
    manifests_allowed: _Texts = Field(alias="manifestsallowed", default=())
    tag_manifests_required: _Texts = Field(alias="tagmanifestsrequired", default=())
    tag_manifests_allowed: _Texts = Field(alias="tagmanifestsallowed", default=())
    tag_files_required: _Texts = Field(alias="tagfilesrequired", default=())
    tag_files_allowed: _Texts = Field(alias="tagfilesallowed", default=())
    tar_folder_named_alike: bool = Field(alias="tardirmustmatchname", default=False)
    tags: list[Annotated[_Tag, BeforeValidator(_lower_keys)]]


def is_dart(document: object) -> bool:
    """Whether a JSON document is a profile of DART."""
    lower = _lower_keys(document)
    return isinstance(lower, dict) and "bagitprofileinfo" in lower


def from_dart(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The same rules in the form of `archive.bag.profile.BagProfile`, as a JSON object.

    Values that somebody entered in DART for one job ("userValue") are no rules and are left out.

    Args:
        document: The profile as DART or dart-runner exports it.
        name: What to call it.

    Raises:
        ValidationError: It breaks the form, or has rules that are not known here.
        ValueError: It names one tag twice, or takes no version of BagIt.
    """
    profile = _Profile.model_validate(_lower_keys(document))
    declared = {tag.name.lower(): tag.values for tag in profile.tags if tag.file == _BAGIT_TXT}
    versions = [
        version
        for version in profile.versions
        if version in (declared.get("bagit-version") or profile.versions)
    ]
    if not versions:
        raise ValueError("acceptBagItVersion and the values of BagIt-Version have nothing in common")
    _refuse_doubled(profile.tags)
    return {
        "name": name,
        "title": _title(profile, name),
        "source": f"{profile.info.description or profile.description} (DART profile)".strip(),
        "identifier": profile.info.identifier,
        "bagit_versions": versions,
        "encodings": declared.get("tag-file-character-encoding", ()),
        "serialization": profile.serialization,
        "serialization_types": profile.types,
        "tar_folder_named_alike": profile.tar_folder_named_alike,
        "fetch_allowed": profile.fetch_allowed,
        "manifests": {"required": profile.manifests_required, "allowed": profile.manifests_allowed},
        "tag_manifests": {
            "required": profile.tag_manifests_required,
            "allowed": profile.tag_manifests_allowed,
        },
        "tag_files": {
            "required": [file for file in profile.tag_files_required if file != _BAGIT_TXT],
            "allowed": profile.tag_files_allowed or ("*",),
        },
        "tags": [_rule(tag) for tag in profile.tags if tag.file != _BAGIT_TXT],
    }


def _title(profile: _Profile, name: str) -> str:
    title, version = profile.name or profile.info.organization or name, profile.info.version
    return title if version in title else f"{title} {version}"


def _rule(tag: _Tag) -> dict[str, Any]:
    return {
        "file": tag.file,
        "name": tag.name,
        "required": tag.required,
        "may_be_empty": tag.may_be_empty,
        "values": tag.values,
        "default": tag.default or None,
        "help": tag.help,
    }


def _refuse_doubled(tags: list[_Tag]) -> None:
    seen: set[tuple[str, str]] = set()
    for tag in tags:
        place = (tag.file, tag.name.lower())
        if place in seen:
            raise ValueError(f"{tag.file}/{tag.name} is described twice")
        seen.add(place)
