# SPDX-License-Identifier: Apache-2.0
"""Profiles in the standard form: read by path, kept when bags are written and when they are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.bag.profile import BagProfile, load_profile
from archive.bag.report import BagReport
from archive.bag.validator import verify_bag
from archive.bag.writer import WrittenBag
from archive.errors import BagContentsRefused, BagTagsInvalid, ProfileUnknown, ProfileUnwritable

BagMaker = Callable[..., WrittenBag]
ProfileMaker = Callable[..., BagProfile]

INFO = {
    "BagIt-Profile-Identifier": "https://example.org/profile-1.json",
    "Source-Organization": "The Library",
    "External-Description": "Scans",
    "Version": "1",
    "BagIt-Profile-Version": "1.4.0",
}


@pytest.fixture
def profile_of(tmp_path: Path) -> ProfileMaker:
    """Write a profile in the standard form and load it; keyword arguments are its other sections."""

    def make(**sections: Any) -> BagProfile:
        file = tmp_path / "library.json"
        document = {"BagIt-Profile-Info": INFO, "Accept-BagIt-Version": ["1.0"], **sections}
        file.write_text(json.dumps(document))
        return load_profile(str(file))

    return make


def _told(report: BagReport) -> set[tuple[str, str]]:
    return {(str(finding.rule), finding.file) for finding in report.errors}


def test_the_official_btr_profile_imports_to_the_shipped_one(reference_data: Path) -> None:
    official = reference_data / "profiles" / "btr-bagit-profile-1.0-official.json"
    imported, shipped = load_profile(str(official)), load_profile("btr")
    same = {"identifier", "bagit_versions", "serialization", "fetch_allowed", "manifests", "tag_manifests"}
    assert imported.model_dump(include=same) == shipped.model_dump(include=same)
    assert set(imported.serialization_types) == set(shipped.serialization_types)
    rules = {tag.name: (tag.required, tag.may_be_empty, tag.values) for tag in imported.tags}
    assert rules == {tag.name: (tag.required, tag.may_be_empty, tag.values) for tag in shipped.tags}
    recommended = {tag.name for tag in shipped.tags if tag.recommended}
    # the official one recommends these in certain cases only, which its form cannot say
    conditional = {"Bag-Group-Identifier", "Bag-Count", "Bag-Producing-Organization"}
    assert {tag.name for tag in imported.tags if tag.recommended} == recommended | conditional


def test_a_bag_written_to_the_official_btr_profile_keeps_it(reference_data: Path, tar_bag: BagMaker) -> None:
    official = load_profile(str(reference_data / "profiles" / "btr-bagit-profile-1.0-official.json"))
    written = tar_bag(profile=official, tags={"bag-info.txt": {"Source-Organization": "The Library"}})
    assert verify_bag(written.path, profile=official).errors == ()
    assert verify_bag(written.path).profile == "btr-1.0"
    with pytest.raises(BagTagsInvalid, match="Source-Organization is missing"):
        tar_bag(profile=official, tags={})


def test_required_tags_and_legal_values_hold_on_write_and_on_read(
    profile_of: ProfileMaker, tar_bag: BagMaker
) -> None:
    profile = profile_of(
        **{"Bag-Info": {"Box": {"required": True, "values": ["1", "2"], "repeatable": False}}}
    )
    with pytest.raises(BagTagsInvalid, match="Box is missing"):
        tar_bag(profile=profile, tags={})
    with pytest.raises(BagTagsInvalid, match="must be one of 1, 2"):
        tar_bag(profile=profile, tags={"bag-info.txt": {"Box": "3"}})
    good = tar_bag(profile=profile, tags={"bag-info.txt": {"Box": "2"}})
    assert verify_bag(good.path, profile=profile).errors == ()
    foreign = tar_bag(profile=load_profile("bagit"), tags={}, destination=good.path.parent / "b/letter_1.tar")
    messages = [finding.message for finding in verify_bag(foreign.path, profile=profile).errors]
    assert len(messages) == 2
    assert "Box is missing" in messages[0]
    assert "BagIt-Profile-Identifier is missing" in messages[1]


def test_a_tag_that_may_stand_once_is_found_twice(profile_of: ProfileMaker, folder_bag: BagMaker) -> None:
    rule = {"repeatable": False, "values": ["1", "2"]}
    bag = folder_bag(profile=profile_of(**{"Bag-Info": {"Box": rule}}), tags={"bag-info.txt": {"Box": "1"}})
    with (bag.path / "bag-info.txt").open("a") as file:
        file.write("box: 9\n")
    report = verify_bag(bag.path, profile=profile_of(**{"Bag-Info": {"Box": rule}}), second_opinion=False)
    messages = [finding.message for finding in report.errors if finding.rule == "profile-tag"]
    assert len(messages) == 2
    assert "2 times" in messages[0]
    assert "'9'" in messages[1]


def test_a_tag_with_several_values_is_written_where_the_profile_lets_it(
    profile_of: ProfileMaker, folder_bag: BagMaker
) -> None:
    several = {"bag-info.txt": {"Contact-Name": ("Ada", "Grace")}}
    once = profile_of(**{"Bag-Info": {"Contact-Name": {"repeatable": False}}})
    with pytest.raises(BagTagsInvalid, match="Contact-Name stands there 2 times"):
        folder_bag(profile=once, tags=several)
    named = profile_of(**{"Bag-Info": {"Contact-Name": {"values": ["Ada", "Joan"]}}})
    with pytest.raises(BagTagsInvalid, match="'Grace' and must be one of Ada, Joan"):
        folder_bag(profile=named, tags=several)
    free = profile_of(**{"Bag-Info": {"Contact-Name": {"required": True}}})
    bag = folder_bag(profile=free, tags=several).path
    assert "Contact-Name: Ada\nContact-Name: Grace\n" in (bag / "bag-info.txt").read_text()
    assert verify_bag(bag, profile=free).errors == ()
    assert verify_bag(bag, profile=once).errors != ()


def test_tag_files_beside_bag_info_are_described_and_read(
    profile_of: ProfileMaker, tar_bag: BagMaker
) -> None:
    profile = profile_of(**{"Other-Info": [{"Library-Info": {"Shelf": {"required": True}}}]})
    assert profile.place_tags({"shelf": "7"}) == {"library-info.txt": {"shelf": "7"}}
    with pytest.raises(BagTagsInvalid, match="Shelf is missing"):
        tar_bag(profile=profile, tags={})
    written = tar_bag(profile=profile, tags={"library-info.txt": {"Shelf": "7"}})
    assert verify_bag(written.path, profile=profile).errors == ()


def test_files_that_are_required_or_not_allowed_are_told(profile_of: ProfileMaker, tar_bag: BagMaker) -> None:
    profile = profile_of(
        **{
            "Tag-Files-Required": ["catalogue.txt"],
            "Tag-Files-Allowed": ["catalogue.txt"],
            "Payload-Files-Allowed": ["data/masters/*"],
        }
    )
    with pytest.raises(BagContentsRefused) as caught:
        tar_bag(profile=profile, tags={"aptrust-info.txt": {"Title": "T"}})
    refused = {problem["file"] for problem in caught.value.facts["problems"]}
    assert refused == {"catalogue.txt", "aptrust-info.txt", "data/empty.txt", "data/ocr/0001.txt"}
    foreign = tar_bag(profile=load_profile("bagit"), tags={"aptrust-info.txt": {"Title": "T"}})
    told = _told(verify_bag(foreign.path, profile=profile))
    assert {file for rule, file in told if rule == "profile-files"} == refused


def test_an_empty_payload_can_be_demanded(profile_of: ProfileMaker, tar_bag: BagMaker) -> None:
    profile = profile_of(**{"Data-Empty": True})
    with pytest.raises(BagContentsRefused, match="must be empty"):
        tar_bag(profile=profile, tags={})
    written = tar_bag({"keep": b""}, profile=profile, tags={})
    assert verify_bag(written.path, profile=profile).errors == ()


def test_a_profile_that_forbids_our_usual_digest_is_kept(profile_of: ProfileMaker, tar_bag: BagMaker) -> None:
    profile = profile_of(
        **{
            "Manifests-Required": ["sha512"],
            "Manifests-Allowed": ["sha512"],
            "Tag-Manifests-Allowed": ["sha1"],
            "Accept-Serialization": ["application/x-tar"],
        }
    )
    written = tar_bag(profile=profile, tags={})
    report = verify_bag(written.path, profile=profile)
    assert (report.errors, report.second_opinion) == ((), "valid")
    other = profile_of(**{"Manifests-Allowed": ["md5"], "Tag-Manifests-Allowed": ["md5"]})
    assert _told(verify_bag(written.path, profile=other)) == {
        ("profile-manifest", "manifest-sha512.txt"),
        ("profile-manifest", "tagmanifest-sha1.txt"),
    }


@pytest.mark.parametrize(
    "section",
    [
        {"Accept-BagIt-Version": ["0.97"]},
        {"Fetch.txt-Required": True},
        {"Manifests-Required": ["crc32"]},
        {"Manifests-Allowed": ["blake9"]},
    ],
)
def test_what_recto_does_not_write_is_refused_before_the_first_byte(
    section: dict[str, Any], profile_of: ProfileMaker, tar_bag: BagMaker, tmp_path: Path
) -> None:
    with pytest.raises(ProfileUnwritable):
        tar_bag(profile=profile_of(**section), tags={})
    assert not (tmp_path / "bags").exists()


def test_a_required_fetch_file_is_missed_on_read(profile_of: ProfileMaker, tar_bag: BagMaker) -> None:
    written = tar_bag(profile=profile_of(), tags={})
    told = _told(verify_bag(written.path, profile=profile_of(**{"Fetch.txt-Required": True})))
    assert told == {("profile-fetch", "fetch.txt")}


@pytest.mark.parametrize(
    "section",
    [
        {"BagIt-Profile-Info": {"Version": "1"}},
        {"Accept-BagIt-Version": []},
        {"Colour": "red"},
        {"Bag-Info": {"Box": {"colour": "red"}}},
        {"Bag-Info": {"Box": {"values": "1"}}},
        {"Serialization": "sometimes"},
        {"Serialization": "required"},
        {"Manifests-Required": ["md5"], "Manifests-Allowed": ["sha256"]},
        {"Fetch.txt-Required": True, "Allow-Fetch.txt": False},
    ],
)
def test_a_profile_that_breaks_the_form_is_refused(section: dict[str, Any], profile_of: ProfileMaker) -> None:
    with pytest.raises(ProfileUnknown, match=r"library\.json"):
        profile_of(**section)
