# SPDX-License-Identifier: Apache-2.0
"""Holding a bag against the profile of the archive it is meant for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from archive.bag.declaration import Declaration
from archive.bag.findings import Rule
from archive.bag.manifest_check import Findings, algorithms_of, hashlib_name
from archive.bag.manifest_lines import manifest_name, tag_manifest_name
from archive.bag.profile import IDENTIFIER_TAG, BagProfile, ManifestRule, Tags
from archive.bag.tag_files import BAG_INFO, BAGIT_TXT, FETCH_TXT, pairs_of


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
    declaration: Declaration,
    form: Form,
    foreign_top: str,
    findings: Findings,
) -> None:
    """Add what the profile finds wrong.

    Args:
        profile: The profile; None where the bag was made for none we know.
        tags: Tag file -> label -> first value.
        repeated: Tag file -> all its labels and values.
        sizes: Bytes of all files of the bag, by path.
        declaration: What its bagit.txt says.
        form: How it came.
        foreign_top: The folder in its tar where that has another name than the tar, else "".
        findings: Where findings go.
    """
    _check_top(profile, foreign_top, findings)
    _check_named(profile, _named_profile(tags), findings)
    if profile is None:
        return
    findings.errors += profile.check_tags(tags)
    for file, pairs in repeated.items():
        findings.errors += profile.check_repeated(file, pairs)
    findings.warnings += profile.recommend_tags(tags)
    _check_declaration(profile, declaration, findings)
    _check_files(profile, sizes, findings)
    _check_serialization(profile, form, findings)
    _check_manifests(profile, profile.manifests, list(sizes), findings, tag=False)
    _check_manifests(profile, profile.tag_manifests, list(sizes), findings, tag=True)


def _check_named(profile: BagProfile | None, named: str, findings: Findings) -> None:
    if named and profile is None:
        findings.warn(Rule.PROFILE_UNKNOWN, BAG_INFO, f"The profile {named} is not known here.")
    elif named and profile is not None and profile.identifier and not profile.means(named):
        findings.warn(Rule.PROFILE_TAG, BAG_INFO, f"The bag says it was made for the profile {named}.")


def _check_files(profile: BagProfile, sizes: Mapping[str, int], findings: Findings) -> None:
    if FETCH_TXT in sizes and not profile.fetch_allowed:
        findings.error(Rule.PROFILE_FETCH, FETCH_TXT, f"{profile.title} takes no bags with fetch.txt.")
    if FETCH_TXT not in sizes and profile.fetch_required:
        findings.error(Rule.PROFILE_FETCH, FETCH_TXT, f"{profile.title} requires fetch.txt.")
    for path, problem in profile.file_problems(sizes):
        findings.error(Rule.PROFILE_FILES, path, f"{path or 'The'} {problem} ({profile.title}).")
    for advice in profile.size.advice(sum(sizes.values()), len(sizes)):
        findings.warn(Rule.PROFILE_FILES, "", f"{advice} ({profile.title}).")
    for path in sizes:
        refusal = profile.names.problem(path)
        if refusal:
            findings.error(Rule.PROFILE_NAME, path, f"The path {refusal} ({profile.title}).")


def _named_profile(tags: Tags) -> str:
    pairs = pairs_of(tags.get(BAG_INFO, {}))
    return next((value for label, value in pairs if label.lower() == IDENTIFIER_TAG.lower()), "")


def _check_top(profile: BagProfile | None, foreign_top: str, findings: Findings) -> None:
    """RFC 8493, section 4.2 asks only for one folder in a tar; some archives want it to have its name."""
    if foreign_top:
        findings.judge(
            Rule.TOP_FOLDER,
            "",
            f"The folder in the tar is named {foreign_top}, unlike the tar.",
            error=profile is not None and profile.tar_folder_named_alike,
        )


def _check_declaration(profile: BagProfile, declaration: Declaration, findings: Findings) -> None:
    version, encoding = declaration.version, declaration.encoding
    if version not in profile.bagit_versions:
        findings.error(Rule.PROFILE_VERSION, BAGIT_TXT, f"{profile.title} does not take BagIt {version}.")
    if profile.encodings and encoding.upper() not in {taken.upper() for taken in profile.encodings}:
        findings.error(
            Rule.PROFILE_VERSION, BAGIT_TXT, f"{profile.title} does not take tag files in {encoding}."
        )


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
