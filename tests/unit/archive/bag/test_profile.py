# SPDX-License-Identifier: Apache-2.0
"""Profiles: the shipped ones say what the archives say, and tags are held against them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from archive.bag.contents import PayloadFile
from archive.bag.findings import Rule
from archive.bag.plan import plan_bag
from archive.bag.profile import BagProfile, detect_profile, load_profile, shipped_profiles
from archive.bag.validator import verify_bag
from archive.errors import BagContentsRefused, ProfileUnknown
from tests.unit.archive.bag.conftest import BagMaker


def test_the_shipped_aptrust_profile_agrees_with_aptrusts_own(
    reference_data: Path, aptrust: BagProfile
) -> None:
    theirs = json.loads((reference_data / "profiles" / "aptrust-v2.3.json").read_text())
    assert aptrust.identifier == theirs["bagItProfileInfo"]["bagItProfileIdentifier"]
    assert list(aptrust.bagit_versions) == theirs["acceptBagItVersion"]
    assert aptrust.tar_folder_named_alike == theirs["tarDirMustMatchName"]
    assert (aptrust.serialization, list(aptrust.serialization_types)) == (
        theirs["serialization"],
        theirs["acceptSerialization"],
    )
    assert aptrust.fetch_allowed == theirs["allowFetchTxt"]
    assert list(aptrust.manifests.required) == theirs["manifestsRequired"]
    assert list(aptrust.manifests.allowed) == theirs["manifestsAllowed"]
    assert list(aptrust.tag_manifests.allowed) == theirs["tagManifestsAllowed"]
    ours = {(t.file, t.name): (t.required, t.may_be_empty, sorted(t.values)) for t in aptrust.tags}
    assert ours == {
        (t["tagFile"], t["tagName"]): (t["required"], t["emptyOk"], sorted(t["values"]))
        for t in theirs["tags"]
        if t["tagFile"] != "bagit.txt"
    }


def test_the_shipped_btr_profile_agrees_with_the_official_one(reference_data: Path) -> None:
    theirs = json.loads((reference_data / "profiles" / "btr-bagit-profile-1.0-official.json").read_text())
    btr = load_profile("btr")
    assert btr.identifier == theirs["BagIt-Profile-Info"]["BagIt-Profile-Identifier"]
    assert btr.serialization == theirs["Serialization"]
    assert set(btr.serialization_types) == set(theirs["Accept-Serialization"])
    assert btr.fetch_allowed == theirs["Allow-Fetch.txt"]
    assert list(btr.manifests.allowed) == theirs["Manifests-Allowed"]
    ours = {t.name: (t.required, t.recommended) for t in btr.tags if t.name != "BagIt-Profile-Identifier"}
    assert {name: required for name, (required, _) in ours.items()} == {
        name: rule["required"] for name, rule in theirs["Bag-Info"].items()
    }


def test_every_shipped_profile_is_found_by_name_and_alias() -> None:
    for profile in shipped_profiles():
        assert all(load_profile(name) == profile for name in (profile.name, *profile.aliases))


def test_a_profile_can_be_a_file_of_the_institution(tmp_path: Path, aptrust: BagProfile) -> None:
    file = tmp_path / "ours.json"
    file.write_text(
        json.dumps({"name": "ours", "title": "Ours", "tags": [{"file": "bag-info.txt", "name": "Box"}]})
    )
    assert load_profile(str(file)).tags[0].name == "Box"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "char 0"),
        ("[]", "dictionary"),
        ('{"name": "x"}', "title: Field required"),
        ('{"name": "x", "title": "x", "colour": "red"}', "colour: Extra inputs"),
        ('{"BagIt-Profile-Info": 5}', "BagIt-Profile-Info: "),
        ("[" * 100_000, "recursion"),
    ],
    ids=["empty", "list", "short", "unknown key", "standard", "deep"],
)
def test_a_profile_file_that_breaks_the_form_is_refused_in_one_line(
    tmp_path: Path, content: str, reason: str
) -> None:
    file = tmp_path / "broken.json"
    file.write_text(content)
    with pytest.raises(ProfileUnknown, match=r"broken\.json") as refused:
        load_profile(str(file))
    assert reason in refused.value.message
    assert "\n" not in refused.value.message


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ProfileUnknown) as caught:
        load_profile("aptrast")
    assert "aptrust-2.3" in caught.value.remedy


def test_missing_empty_and_illegal_tags_are_all_told(aptrust: BagProfile) -> None:
    tags = {
        "aptrust-info.txt": {"Title": " ", "Storage-Option": "Attic"},
        "bag-info.txt": {"Source-Organization": ""},
    }
    messages = [finding.message for finding in aptrust.check_tags(tags)]
    assert len(messages) == 4
    assert "Source-Organization is empty" in messages[0]
    assert "Title is empty" in messages[1]
    assert "Access is missing" in messages[2]
    assert "'Attic'" in messages[3]


def test_defaults_fill_what_is_absent_and_leave_what_is_given(aptrust: BagProfile) -> None:
    given = {"aptrust-info.txt": {"Title": "T", "access": "Restricted"}}
    filled = aptrust.fill_defaults(given)
    assert filled["aptrust-info.txt"] == {"Title": "T", "access": "Restricted", "Storage-Option": "Standard"}
    assert given == {"aptrust-info.txt": {"Title": "T", "access": "Restricted"}}
    assert aptrust.check_tags(filled) == []


def test_the_identifier_decides_and_else_the_tag_file() -> None:
    btr = "https://github.com/dpscollaborative/btr_bagit_profile/releases/download/1.0/btr-bagit-profile.json"
    info = {"bag-info.txt": {"BagIt-Profile-Identifier": btr}}
    assert getattr(detect_profile(info, {"aptrust-info.txt"}), "name", None) == "btr-1.0"
    assert getattr(detect_profile({}, {"aptrust-info.txt"}), "name", None) == "aptrust-2.3"
    assert detect_profile({"bag-info.txt": {"BagIt-Profile-Identifier": "urn:other"}}, set()) is None
    assert detect_profile({}, set()) is None


@pytest.mark.parametrize(
    "identifier",
    [
        "https://github.com/dpscollaborative/btr_bagit_profile/releases/download/1.0/btr-bagit-profile.json",
        "https://raw.githubusercontent.com/dpscollaborative/btr_bagit_profile/master/btr-bagit-profile.json",
    ],
)
def test_btr_is_known_by_its_official_and_its_earlier_identifier_and_written_with_the_official(
    identifier: str, folder_bag: BagMaker
) -> None:
    info = {"Source-Organization": "The Library"}
    bag = folder_bag(profile=load_profile("btr"), tags={"bag-info.txt": info}).path
    written = (bag / "bag-info.txt").read_text()
    official = load_profile("btr").identifier
    assert f"BagIt-Profile-Identifier: {official}\n" in written
    (bag / "bag-info.txt").write_text(written.replace(official, identifier))
    report = verify_bag(bag, second_opinion=False)
    assert report.profile == "btr-1.0"
    assert {finding.rule for finding in report.errors} <= {Rule.FILE_CHANGED}


def test_a_bag_made_for_another_profile_is_told_when_held_against_this_one(folder_bag: BagMaker) -> None:
    report = verify_bag(folder_bag().path, profile=load_profile("btr"), second_opinion=False)
    assert any("made for the profile" in finding.message for finding in report.warnings)


def test_the_rules_of_aptrusts_user_guide_hold_when_a_bag_is_made(
    aptrust: BagProfile, tmp_path: Path
) -> None:
    longest = "/".join(["a" * 100] * 9) + "/" + "b" * 85
    assert len(f"data/{longest}") == 999
    assert aptrust.names.problem(f"data/{longest}") is None
    assert aptrust.names.problem(f"data/{longest}b") == "is longer than 999 characters"
    assert aptrust.names.problem("data/-x") == "has a name that starts with '-'"
    for escaped in ("a\\u0007b", "\\U007F", "\\u0085"):
        assert aptrust.names.problem(f"data/{escaped}") == "contains an escaped control character"
    assert aptrust.names.problem("data/\\u00e9") is None
    source = tmp_path / "vast.tif"
    source.touch()
    os.truncate(source, 5_000_000_000_001)
    vast = PayloadFile("vast.tif", source, 5_000_000_000_001, {"sha256": "0" * 64})
    with pytest.raises(BagContentsRefused, match="at most 5000000000000 are taken"):
        plan_bag("bag", [vast], {"aptrust-info.txt": {"Title": "T"}}, [], aptrust, "2026-03-31")


def test_many_files_and_bytes_are_worth_a_warning(aptrust: BagProfile) -> None:
    assert aptrust.size.advice(2_000_000_000_000, 9_999) == []
    files, many = aptrust.size.advice(2_000_000_000_001, 10_000)
    assert "advises 2000000000000 at most" in files
    assert "advises fewer than 10000" in many


def test_tags_given_on_a_command_line_find_their_files(aptrust: BagProfile) -> None:
    assert aptrust.place_tags({"title": "T", "Box": "7", "own/tags.txt/Shelf": "3"}) == {
        "aptrust-info.txt": {"title": "T"},
        "bag-info.txt": {"Box": "7"},
        "own/tags.txt": {"Shelf": "3"},
    }
