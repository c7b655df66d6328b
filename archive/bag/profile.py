# SPDX-License-Identifier: Apache-2.0
"""Bag profiles as data: which tags, manifests and forms an archive asks of a bag."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from archive.bag.dart_profile import from_dart, is_dart
from archive.bag.findings import Finding, Rule
from archive.bag.manifest_lines import MANIFEST_NAME
from archive.bag.profile_rules import FileRule, NameRule, SizeRule, Strict
from archive.bag.standard_profile import is_standard, own_form
from archive.bag.tag_files import BAG_INFO, BAGIT_TXT, FETCH_TXT, TagValue, pairs_of, values_of
from archive.errors import ProfileUnknown
from archive.resource_files import resource_path

IDENTIFIER_TAG = "BagIt-Profile-Identifier"

Tags = Mapping[str, Mapping[str, TagValue]]
"""Tag file -> label -> value, or the values of a label that stands there more than once."""


class TagRule(Strict):
    """What a profile says about one tag.

    Attributes:
        file: The tag file it stands in, such as "aptrust-info.txt".
        name: Its label.
        required: Whether the tag must be there.
        recommended: Whether its absence deserves a warning.
        may_be_empty: Whether it may be there without a value.
        repeatable: Whether it may stand there more than once.
        values: The legal values; any where empty.
        default: The value filled in when a bag is made without it.
        archive_fills: Whether the archive itself fills in the default, so that its absence is no error.
        help: What it is for, in words an operator understands.
    """

    file: str
    name: str
    required: bool = False
    recommended: bool = False
    may_be_empty: bool = True
    repeatable: bool = True
    values: tuple[str, ...] = ()
    default: str | None = None
    archive_fills: bool = False
    help: str = ""


class ManifestRule(Strict):
    """Digest algorithms of manifests. `allowed` means any where empty."""

    required: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()

    def allows(self, algorithm: str) -> bool:
        """Whether a manifest of this algorithm may be in the bag."""
        return not self.allowed or algorithm in self.allowed


class BagProfile(Strict):
    """The rules of one archive for the bags it takes.

    Attributes:
        name: The name it is chosen by; `aliases` are other names for it.
        title: Its name for people.
        source: Where the rules come from.
        identifier: The address written as BagIt-Profile-Identifier; "" for none.
        recognised_by_identifier: Parts of an identifier that mean this profile.
        recognised_by_tag_file: A tag file whose presence means this profile; "" for none.
        bagit_versions: The BagIt versions it takes.
        encodings: The encodings of tag files it takes, as bagit.txt declares them; any where empty.
        serialization: Whether bags come as one file.
        serialization_types: Media types of that file.
        tar_folder_named_alike: Whether the folder in a tar must have the tar's own name.
        fetch_allowed: Whether fetch.txt may be there; `fetch_required` whether it must.
        payload_empty: Whether the bag may hold nothing but one empty file below data/.
        manifests: Algorithms of payload manifests; `tag_manifests` of tag manifests.
        tag_files: Rules for files beside data/; `payload_files` for those below it.
        names: Further rules for file names.
        size: Rules for the size of the whole.
        tags: The rules for tags, in the order a form shows them.
    """

    name: str
    aliases: tuple[str, ...] = ()
    title: str
    source: str = ""
    identifier: str = ""
    recognised_by_identifier: tuple[str, ...] = ()
    recognised_by_tag_file: str = ""
    bagit_versions: tuple[str, ...] = ("0.97", "1.0")
    encodings: tuple[str, ...] = ()
    serialization: Literal["required", "optional", "forbidden"] = "optional"
    serialization_types: tuple[str, ...] = ("application/tar",)
    tar_folder_named_alike: bool = False
    fetch_allowed: bool = False
    fetch_required: bool = False
    payload_empty: bool = False
    manifests: ManifestRule = ManifestRule()
    tag_manifests: ManifestRule = ManifestRule()
    tag_files: FileRule = FileRule()
    payload_files: FileRule = FileRule()
    names: NameRule = NameRule()
    size: SizeRule = SizeRule()
    tags: tuple[TagRule, ...] = ()

    def means(self, identifier: str) -> bool:
        """Whether a BagIt-Profile-Identifier, also one of an earlier release, means this profile."""
        return bool(identifier) and (
            identifier == self.identifier or any(part in identifier for part in self.recognised_by_identifier)
        )

    @property
    def tag_file_names(self) -> tuple[str, ...]:
        """The tag files that the rules speak of."""
        return tuple(dict.fromkeys(rule.file for rule in self.tags))

    def file_problems(self, sizes: Mapping[str, int]) -> list[tuple[str, str]]:
        """Each file that must not be in the bag or is missing from it, with the reason.

        Args:
            sizes: Bytes of the files in the bag, by path. Those BagIt itself asks for are never judged.
        """
        payload = [path for path in sizes if path.startswith("data/")]
        tag_files = [path for path in sizes if not path.startswith("data/") and not _is_of_bagit(path)]
        problems = self.tag_files.problems(tag_files) + self.payload_files.problems(payload)
        if self.payload_empty and (len(payload) > 1 or any(sizes[path] for path in payload)):
            problems.append(("data", "must be empty"))
        too_large = self.size.problem(sum(sizes.values()))
        return [*problems, ("", f"bag {too_large}")] if too_large else problems

    def place_tags(self, labels: Mapping[str, TagValue]) -> dict[str, dict[str, TagValue]]:
        """Put each tag into the file the profile has it in, and all others into bag-info.txt.

        Args:
            labels: Values by label, or by `file/label` where the file is chosen by hand, as in
                "aptrust-info.txt/Title".
        """
        homes = {rule.name.lower(): rule.file for rule in self.tags}
        placed: dict[str, dict[str, TagValue]] = {}
        for label, value in labels.items():
            file, slash, name = label.rpartition("/")
            home = file if slash else homes.get(label.lower(), BAG_INFO)
            placed.setdefault(home, {})[name] = value
        return placed

    def check_tags(self, tags: Tags) -> list[Finding]:
        """All the ways in which tags break the rules. Labels are compared without case (RFC 8493, 2.2.2)."""
        findings: list[Finding] = []
        for rule in self.tags:
            findings += [
                Finding(Rule.PROFILE_TAG, rule.file, f"{problem} (profile {self.title}).")
                for problem in _tag_problems(rule, _values(tags, rule))
            ]
        return findings

    def check_repeated(self, file: str, pairs: Sequence[tuple[str, str]]) -> list[Finding]:
        """The ways in which tags that stand in a file more than once break the rules.

        Args:
            file: The tag file.
            pairs: Labels and values as they stand there; of each label the first is not looked at.
        """
        findings: list[Finding] = []
        for rule in (rule for rule in self.tags if rule.file == file):
            values = [value for label, value in pairs if label.lower() == rule.name.lower()]
            problems = [problem for value in values[1:] if (problem := _tag_problem(rule, value))]
            if len(values) > 1 and not rule.repeatable:
                problems.insert(0, f"{rule.name} stands there {len(values)} times")
            findings += [
                Finding(Rule.PROFILE_TAG, file, f"{problem} (profile {self.title}).") for problem in problems
            ]
        return findings

    def recommend_tags(self, tags: Tags) -> list[Finding]:
        """The tags whose absence deserves a warning: recommended, or filled in by the archive."""
        return [
            Finding(
                Rule.PROFILE_TAG,
                rule.file,
                f"{rule.name} is absent and will become {rule.default}."
                if rule.archive_fills
                else f"{rule.name} is recommended by {self.title} and absent.",
            )
            for rule in self.tags
            if (rule.recommended or rule.archive_fills) and not _values(tags, rule)
        ]

    def fill_defaults(self, tags: Tags) -> dict[str, dict[str, TagValue]]:
        """A copy of the tags with the profile's defaults where a value is absent or empty."""
        filled = {file: dict(values) for file, values in tags.items()}
        for rule in self.tags:
            if rule.default is not None and not any(value.strip() for value in _values(tags, rule)):
                labels = filled.setdefault(rule.file, {})
                spelled = next((label for label in labels if label.lower() == rule.name.lower()), rule.name)
                labels[spelled] = rule.default
        return filled


def _is_of_bagit(path: str) -> bool:
    return path in {BAGIT_TXT, BAG_INFO, FETCH_TXT} or bool(MANIFEST_NAME.fullmatch(path))


def _values(tags: Tags, rule: TagRule) -> tuple[str, ...]:
    for label, value in tags.get(rule.file, {}).items():
        if label.lower() == rule.name.lower():
            return values_of(value)
    return ()


def _tag_problems(rule: TagRule, values: Sequence[str]) -> list[str]:
    found = [_tag_problem(rule, value) for value in values] or [_tag_problem(rule, None)]
    if len(values) > 1 and not rule.repeatable:
        found.insert(0, f"{rule.name} stands there {len(values)} times")
    return [problem for problem in found if problem]


def _tag_problem(rule: TagRule, value: str | None) -> str | None:
    if value is None:
        return f"{rule.name} is missing" if rule.required and not rule.archive_fills else None
    if not value.strip():
        return None if rule.may_be_empty else f"{rule.name} is empty"
    if rule.values and value.strip() not in rule.values:
        return f"{rule.name} is {value!r} and must be one of {', '.join(rule.values)}"
    return None


def shipped_profiles() -> tuple[BagProfile, ...]:
    """All profiles shipped with Recto, by name."""
    files = sorted(resource_path("bag-profiles").glob("*.json"))
    return tuple(_read_profile(file) for file in files)


def load_profile(name_or_path: str) -> BagProfile:
    """The profile of this name or alias, or the one in this file.

    The file has our own form, the standard one of the BagIt Profiles Specification up to 1.4, or that of
    DART and dart-runner.

    Raises:
        ProfileUnknown: There is none, or its file breaks the form.
    """
    profiles = shipped_profiles()
    for profile in profiles:
        if name_or_path.lower() in {profile.name, *profile.aliases}:
            return profile
    if Path(name_or_path).is_file():
        return _read_profile(Path(name_or_path))
    names = ", ".join(profile.name for profile in profiles)
    raise ProfileUnknown(
        f"There is no bag profile {name_or_path!r}.",
        remedy=f"Choose one of {names}, or give the path of a profile file.",
        name=name_or_path,
    )


def detect_profile(tags: Tags, tag_files: set[str]) -> BagProfile | None:
    """The shipped profile that a bag was made for, or None.

    BagIt-Profile-Identifier decides; where it is absent, a tag file that only one profile uses.
    """
    named = (
        value for label, value in pairs_of(tags.get(BAG_INFO, {})) if label.lower() == IDENTIFIER_TAG.lower()
    )
    identifier = next(named, "")
    for profile in shipped_profiles():
        if identifier:
            if profile.means(identifier):
                return profile
        elif profile.recognised_by_tag_file and profile.recognised_by_tag_file in tag_files:
            return profile
    return None


def _read_profile(file: Path) -> BagProfile:
    try:
        document = json.loads(file.read_bytes())
        if is_standard(document):
            document = own_form(document, file.stem)
        elif is_dart(document):
            document = from_dart(document, file.stem)
        return BagProfile.model_validate(document)
    except ValidationError as error:
        # by the place in the file; pydantic's own text has a line for each, and names of classes
        problems = [
            ": ".join(part for part in (".".join(map(str, told["loc"])), told["msg"]) if part)
            for told in error.errors()
        ]
        raise _not_understood(file, "; ".join(problems)) from error
    except (OSError, ValueError, RecursionError) as error:
        raise _not_understood(file, str(error)) from error


def _not_understood(file: Path, reason: str) -> ProfileUnknown:
    return ProfileUnknown(f"The bag profile in {file} cannot be understood: {reason}.", path=str(file))
