# SPDX-License-Identifier: Apache-2.0
"""Deciding everything about a bag before its first byte: contents, tags, algorithms, times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from archive.bag.contents import PayloadFile, TagFile, check_contents, refused_contents
from archive.bag.findings import Finding, Rule
from archive.bag.manifest_check import hashlib_name
from archive.bag.profile import IDENTIFIER_TAG, BagProfile, ManifestRule, Tags
from archive.bag.reserved_tags import reserved_problems
from archive.bag.tag_files import (
    BAG_INFO,
    BAGIT_DECLARATION,
    BAGIT_TXT,
    TagValue,
    format_tags,
    pairs_of,
    tag_problem,
)
from archive.errors import BagTagsInvalid, ProfileUnwritable

ALWAYS_DIGEST = "sha256"
"""Every bag carries this digest, unless its profile forbids it."""

COMPUTED_TAGS = ("Bagging-Date", "Payload-Oxum", "Bag-Size", IDENTIFIER_TAG, "Bagging-Software")
"""Tags of bag-info.txt that are filled in when a bag is made."""

_WRITTEN_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class BagPlan:
    """A bag that may be written as it stands.

    Attributes:
        name: Its name and top folder.
        mtime: The time of all its files, seconds since 1970.
        payload: Sorted by path.
        leading: The tag files written before the payload, bagit.txt first.
        trailing: The tag files written after it.
        algorithms: Those of its payload manifests; `tag_algorithms` of its tag manifests.
        payload_bytes: Bytes below data/.
    """

    name: str
    mtime: int
    payload: tuple[PayloadFile, ...]
    leading: tuple[TagFile, ...]
    trailing: tuple[TagFile, ...]
    algorithms: tuple[str, ...]
    tag_algorithms: tuple[str, ...]
    payload_bytes: int


def plan_bag(
    name: str,
    payload: Sequence[PayloadFile],
    tags: Tags,
    tag_files: Sequence[TagFile],
    profile: BagProfile,
    bagging_date: str,
) -> BagPlan:
    """Check everything that can be checked beforehand.

    Raises:
        ProfileUnwritable: The profile asks for what is not written here.
        BagContentsRefused, PayloadMissing, PayloadChanged: As `check_contents`.
        BagTagsInvalid: With all findings in `facts["findings"]`.
    """
    _refuse_unwritable(profile)
    day = _day(bagging_date)
    ordered = tuple(sorted(payload, key=lambda file: file.path))
    payload_bytes = sum(file.size for file in ordered)
    computed = {
        "Bagging-Date": day.isoformat(),
        "Payload-Oxum": f"{payload_bytes}.{len(ordered)}",
        "Bag-Size": _readable_size(payload_bytes),
        **({IDENTIFIER_TAG: profile.identifier} if profile.identifier else {}),
    }
    filled = _filled_tags(tags, computed, profile)
    check_contents(name, ordered, tag_files, [file for file in filled if file != BAG_INFO], profile.names)
    _refuse_files(name, ordered, [*filled, *(file.path for file in tag_files)], profile)
    texts = [TagFile(BAGIT_TXT, BAGIT_DECLARATION), TagFile(BAG_INFO, format_tags(filled[BAG_INFO]))]
    texts += [TagFile(file, format_tags(filled[file])) for file in sorted(filled) if file != BAG_INFO]
    return BagPlan(
        name=name,
        mtime=int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()),
        payload=ordered,
        leading=tuple(texts),
        trailing=tuple(sorted(tag_files, key=lambda file: file.path.encode())),
        algorithms=_algorithms(ordered, profile.manifests),
        tag_algorithms=_algorithms(ordered, profile.tag_manifests),
        payload_bytes=payload_bytes,
    )


def _filled_tags(
    tags: Tags, computed: Mapping[str, str], profile: BagProfile
) -> dict[str, dict[str, TagValue]]:
    filled = profile.fill_defaults(tags)
    bag_info = filled.setdefault(BAG_INFO, {})
    findings = [
        Finding(Rule.BAG_INFO, BAG_INFO, f"{label} is computed by Recto and cannot be {value!r}.")
        for label, value in bag_info.items()
        for known, right in computed.items()
        if label.lower() == known.lower() and value != right
    ]
    bag_info.update(computed)
    bag_info.setdefault("Bagging-Software", _software())
    findings += _writing_problems(filled)
    findings += [
        Finding(Rule.BAG_INFO, BAG_INFO, f"{problem}.") for problem in reserved_problems(pairs_of(bag_info))
    ]
    findings += profile.check_tags(filled)
    if findings:
        told = " ".join(finding.message for finding in findings)
        raise BagTagsInvalid(
            f"The tags do not suit {profile.title}: {told}",
            findings=[finding.to_json() for finding in findings],
        )
    return filled


def _writing_problems(tags: Tags) -> list[Finding]:
    findings: list[Finding] = []
    for file, labels in tags.items():
        problems = [problem for label, value in pairs_of(labels) if (problem := tag_problem(label, value))]
        folded = [label.lower() for label in labels]
        problems += [
            f"{label} stands twice" for label in {label for label in folded if folded.count(label) > 1}
        ]
        findings += [Finding(Rule.PROFILE_TAG, file, f"In {file}, {problem}.") for problem in problems]
    return findings


def _algorithms(payload: Sequence[PayloadFile], rule: ManifestRule) -> tuple[str, ...]:
    everywhere = set(payload[0].digests) if payload else set()
    for file in payload:
        everywhere.intersection_update(file.digests)
    chosen = {name for name in {*everywhere, ALWAYS_DIGEST} if rule.allows(name)} | {*rule.required}
    # a profile that forbids all of them still allows something
    return tuple(sorted(chosen or rule.allowed[:1]))


def _refuse_unwritable(profile: BagProfile) -> None:
    asked = {name for rule in (profile.manifests, profile.tag_manifests) for name in rule.required}
    asked |= {rule.allowed[0] for rule in (profile.manifests, profile.tag_manifests) if rule.allowed}
    unknown = sorted(name for name in asked if hashlib_name(name) != name)
    reasons = [f"its digests include {', '.join(unknown)}"] if unknown else []
    if _WRITTEN_VERSION not in profile.bagit_versions:
        reasons.append(f"it takes BagIt {', '.join(profile.bagit_versions)} only")
    if profile.fetch_required:
        reasons.append("it requires fetch.txt")
    if reasons:
        raise ProfileUnwritable(
            f"Recto cannot write bags to the profile {profile.title}: {'; '.join(reasons)}.",
            profile=profile.name,
        )


def _refuse_files(
    name: str, payload: Sequence[PayloadFile], tag_files: Sequence[str], profile: BagProfile
) -> None:
    sizes = {f"data/{file.path}": file.size for file in payload} | dict.fromkeys(tag_files, 0)
    problems = profile.file_problems(sizes)
    if problems:
        raise refused_contents(name, problems)


def _day(bagging_date: str) -> dt.date:
    try:
        return dt.datetime.fromisoformat(bagging_date).date()
    except ValueError as error:
        raise BagTagsInvalid(
            f"The bagging date {bagging_date!r} is no ISO date such as 2026-03-31.", bagging_date=bagging_date
        ) from error


def _readable_size(size: int) -> str:
    value = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:  # noqa: PLR2004 - the decimal step
            return f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:.4g} TB"


def _software() -> str:
    try:
        return f"Recto {version('recto')}"
    except PackageNotFoundError:
        return "Recto"
