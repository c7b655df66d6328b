# SPDX-License-Identifier: Apache-2.0
"""Profiles as DART and dart-runner export them: read by path, every rule kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.bag.profile import BagProfile, load_profile
from archive.bag.validator import verify_bag
from archive.errors import BagContentsRefused, BagTagsInvalid, ProfileUnknown
from tests.unit.archive.bag.conftest import BagMaker

ProfileMaker = Callable[..., BagProfile]

SHELF = {"tagFile": "shelf/place.txt", "tagName": "Shelf", "required": True, "values": ["A", "B"]}
NOTE = {"tagFile": "bag-info.txt", "tagName": "Note", "emptyOK": False, "values": None, "defaultValue": None}
VERSION = {"tagFile": "bagit.txt", "tagName": "BagIt-Version", "values": ["1.0"]}
ENCODING = {"tagFile": "bagit.txt", "tagName": "Tag-File-Character-Encoding", "values": ["UTF-8"]}


@pytest.fixture
def profile_of(tmp_path: Path) -> ProfileMaker:
    """A profile of DART from a few changed keys."""

    def make(**changes: Any) -> BagProfile:
        document = {
            "id": "e2527323-079b-4e69-b199-0265181f546b",
            "name": "Attic",
            "acceptBagItVersion": ["0.97", "1.0"],
            "acceptSerialization": ["application/tar"],
            "bagItProfileInfo": {"bagItProfileIdentifier": "https://attic.example/profile.json"},
            "serialization": "optional",
            "tags": [VERSION, ENCODING, SHELF, NOTE],
            **changes,
        }
        file = tmp_path / "attic.json"
        file.write_text(json.dumps(document))
        return load_profile(str(file))

    return make


def test_aptrusts_own_profile_imports_to_the_shipped_one(reference_data: Path, aptrust: BagProfile) -> None:
    theirs = load_profile(str(reference_data / "profiles" / "aptrust-v2.3.json"))
    assert theirs.title == aptrust.title == "APTrust 2.3"
    # what the shipped one has beyond: how it is recognised, the user guide's rules, our words of help
    ours = {"name", "aliases", "source", "recognised_by_identifier", "recognised_by_tag_file"}
    ours |= {"names", "size", "tags"}
    assert theirs.model_dump(exclude=ours) == aptrust.model_dump(exclude=ours)
    plain = {"help", "default", "archive_fills"}
    assert [tag.model_dump(exclude=plain) for tag in theirs.tags] == [
        tag.model_dump(exclude=plain) for tag in aptrust.tags
    ]
    assert "Test University" not in str(theirs)


def test_tags_of_any_file_hold_on_write_and_on_read(profile_of: ProfileMaker, folder_bag: BagMaker) -> None:
    attic = profile_of()
    for tags in ({}, {"shelf/place.txt": {"Shelf": "C"}}, {"shelf/place.txt": {"Shelf": ""}}):
        with pytest.raises(BagTagsInvalid, match="Shelf"):
            folder_bag(profile=attic, tags=tags)
    bag = folder_bag(profile=attic, tags={"shelf/place.txt": {"Shelf": "B"}}).path
    assert verify_bag(bag, profile=attic).valid
    (bag / "shelf/place.txt").write_text("Shelf: C\n")
    rules = {finding.rule for finding in verify_bag(bag, profile=attic).errors}
    assert {"profile-tag", "file-changed"} <= rules


def test_an_optional_tag_may_be_absent_and_not_empty(profile_of: ProfileMaker) -> None:
    shelf = {"shelf/place.txt": {"Shelf": "A"}}
    assert profile_of().check_tags(shelf) == []
    (problem,) = profile_of().check_tags({**shelf, "bag-info.txt": {"Note": " "}})
    assert "Note is empty" in problem.message


def test_bagit_txt_is_held_against_version_and_encoding(
    profile_of: ProfileMaker, folder_bag: BagMaker
) -> None:
    attic = profile_of()
    assert (attic.bagit_versions, attic.encodings) == (("1.0",), ("UTF-8",))
    bag = folder_bag(profile=attic, tags={"shelf/place.txt": {"Shelf": "A"}}).path
    (bag / "bagit.txt").write_text("BagIt-Version: 0.97\nTag-File-Character-Encoding: ISO-8859-1\n")
    messages = [finding.message for finding in verify_bag(bag, profile=attic).errors]
    assert "Attic does not take BagIt 0.97." in messages
    assert "Attic does not take tag files in ISO-8859-1." in messages


def test_files_manifests_and_form_are_taken_over(profile_of: ProfileMaker, tar_bag: BagMaker) -> None:
    attic = profile_of(
        tags=[],
        serialization="required",
        acceptSerialization=["application/tar"],
        manifestsRequired=["sha512"],
        manifestsAllowed=["sha512", "sha256"],
        tagFilesRequired=["shelf.txt"],
        tagFilesAllowed=["shelf*", ""],
        tarDirMustMatchName=True,
        allowFetchTxt=True,
    )
    assert (attic.serialization, attic.tar_folder_named_alike, attic.fetch_allowed) == (
        "required",
        True,
        True,
    )
    with pytest.raises(BagContentsRefused, match=r"shelf\.txt.*is required"):
        tar_bag(profile=attic, tags={})
    written = tar_bag(profile=attic, tags={"shelf.txt": {"Shelf": "A"}})
    assert verify_bag(written.path, profile=attic).valid
    with pytest.raises(BagContentsRefused, match=r"note\.txt.*not among the files allowed"):
        tar_bag(profile=attic, tags={"shelf.txt": {"Shelf": "A"}, "note.txt": {"x": "y"}})


def test_one_value_without_its_list_is_understood(profile_of: ProfileMaker) -> None:
    # DART 2 wrote so
    attic = profile_of(tags=[SHELF | {"values": "A"}, NOTE | {"values": ""}])
    assert [tag.values for tag in attic.tags] == [("A",), ()]


@pytest.mark.parametrize(
    "changes",
    [
        {"acceptBagItVersion": []},
        {"acceptBagItVersion": ["0.97"]},
        {"tags": [{"tagName": "Shelf"}]},
        {"tags": [SHELF, SHELF | {"tagName": "shelf"}]},
        {"tags": "none"},
        {"serialization": "perhaps"},
        {"payloadMustSing": True},
        {"bagItProfileInfo": []},
        {"manifestsAllowed": [1]},
    ],
)
def test_a_profile_that_breaks_the_form_is_refused(changes: dict[str, Any], profile_of: ProfileMaker) -> None:
    with pytest.raises(ProfileUnknown, match=r"attic\.json"):
        profile_of(**changes)
