# SPDX-License-Identifier: Apache-2.0
"""Holding a bag against the profile of the archive it is meant for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from archive.bag.findings import Rule
from archive.bag.manifest_check import Findings, algorithms_of, hashlib_name
from archive.bag.manifest_lines import manifest_name, tag_manifest_name
from archive.bag.profile import IDENTIFIER_TAG, BagProfile, ManifestRule, Tags
from archive.bag.tag_files import BAG_INFO, FETCH_TXT


class Form(StrEnum):
    """How a bag comes."""

    FOLDER = "folder"
    TAR = "tar"
    GZIPPED_TAR = "tar.gz"


_MEDIA_TYPES: dict[Form, set[str]] = {
    # what profiles in use write; none of the compressed ones is registered for tar
    Form.TAR: {"application/tar", "application/x-tar"},
    Form.GZIPPED_TAR: {
        "application/gzip",
        "application/x-gzip",
        "application/tar+gzip",
        "application/x-gtar",
        "application/x-tgz",
    },
}


def check_profile(
    profile: BagProfile | None,
    tags: Tags,
    *,
    repeated: Mapping[str, Sequence[tuple[str, str]]],
    sizes: Mapping[str, int],
    version: str,
    form: Form,
    findings: Findings,
) -> None:
    """Add what the profile finds wrong.

    Args:
        profile: The profile; None where the bag was made for none we know.
        tags: Tag file -> label -> first value.
        repeated: Tag file -> all its labels and values.
        sizes: Bytes of all files of the bag, by path.
        version: Its BagIt version.
        form: How it came.
        findings: Where findings go.
    """
    if profile is None:
        identifier = tags.get(BAG_INFO, {}).get(IDENTIFIER_TAG)
        if identifier:
            findings.warn(Rule.PROFILE_UNKNOWN, BAG_INFO, f"The profile {identifier} is not known here.")
        return
    paths = list(sizes)
    findings.errors += profile.check_tags(tags)
    for file, pairs in repeated.items():
        findings.errors += profile.check_repeated(file, pairs)
    findings.warnings += profile.recommend_tags(tags)
    if version not in profile.bagit_versions:
        findings.error(Rule.PROFILE_VERSION, "bagit.txt", f"{profile.title} does not take BagIt {version}.")
    if FETCH_TXT in paths and not profile.fetch_allowed:
        findings.error(Rule.PROFILE_FETCH, FETCH_TXT, f"{profile.title} takes no bags with fetch.txt.")
    if FETCH_TXT not in paths and profile.fetch_required:
        findings.error(Rule.PROFILE_FETCH, FETCH_TXT, f"{profile.title} requires fetch.txt.")
    for path, problem in profile.file_problems(sizes):
        findings.error(Rule.PROFILE_FILES, path, f"{path} {problem} ({profile.title}).")
    _check_serialization(profile, form, findings)
    _check_manifests(profile, profile.manifests, paths, findings, tag=False)
    _check_manifests(profile, profile.tag_manifests, paths, findings, tag=True)
    for path in paths:
        refusal = profile.names.problem(path)
        if refusal:
            findings.error(Rule.PROFILE_NAME, path, f"The path {refusal} ({profile.title}).")


def _check_serialization(profile: BagProfile, form: Form, findings: Findings) -> None:
    if form is Form.FOLDER:
        if profile.serialization == "required":
            # the folder is what the tar unpacks to: right in itself, and only not yet in the form for delivery
            findings.warn(
                Rule.PROFILE_SERIALIZATION, "", f"{profile.title} takes this bag as a tar, not as a folder."
            )
    elif profile.serialization == "forbidden" or not _MEDIA_TYPES[form] & set(profile.serialization_types):
        findings.error(Rule.PROFILE_SERIALIZATION, "", f"{profile.title} does not take bags as {form}.")


def _check_manifests(
    profile: BagProfile, rule: ManifestRule, paths: Sequence[str], findings: Findings, *, tag: bool
) -> None:
    kind = tag_manifest_name if tag else manifest_name
    present = {
        hashlib_name(algorithm) or algorithm: name
        for name, algorithm in algorithms_of(paths, tag=tag).items()
    }
    for algorithm in rule.required:
        if algorithm not in present:
            findings.error(
                Rule.PROFILE_MANIFEST, kind(algorithm), f"{profile.title} requires {kind(algorithm)}."
            )
    for algorithm, name in sorted(present.items()):
        if not rule.allows(algorithm):
            findings.error(Rule.PROFILE_MANIFEST, name, f"{profile.title} does not allow {name}.")
