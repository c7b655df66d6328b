# SPDX-License-Identifier: Apache-2.0
"""`recto bag create` for many folders: skipped, made and failed ones are told apart."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.command_line import main


@pytest.fixture
def boxes(recto_home: Path, tmp_path: Path) -> Path:
    """Three folders with one file each."""
    top = tmp_path / "boxes"
    for number in range(3):
        (top / f"box_{number}").mkdir(parents=True)
        (top / f"box_{number}" / "page.txt").write_text(f"page {number}")
    return top


def _create(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["bag", "create", *map(str, arguments), "--json"])


def test_a_csv_bags_its_folders_and_a_second_run_names_them_as_there(boxes: Path, tmp_path: Path) -> None:
    sheet = boxes / "batch.csv"
    sheet.write_text(
        "\ufeffBag-Name,Root-Directory,aptrust-info.txt/Title\nfirst,box_0,One\nsecond,box_1,Two\n"
    )
    out = tmp_path / "bags"
    ended = _create("--csv", sheet, "-o", out, "--concurrency", 2)
    assert ended.exit_code == 0, ended.output
    made = json.loads(ended.stdout)
    assert [(bag["name"], bag["already_there"]) for bag in made] == [("first", False), ("second", False)]
    # the profile demands a tar
    assert [bag["path"] for bag in made] == [str(out / "first.tar"), str(out / "second.tar")]
    again = _create("--csv", sheet, "-o", out)
    assert [bag["already_there"] for bag in json.loads(again.stdout)] == [True, True]
    assert "0 bagged, 2 there already, 0 failed" in again.stderr


def test_a_bag_that_is_a_folder_is_told_with_the_digest_that_seals_it(boxes: Path, tmp_path: Path) -> None:
    command = ["bag", "create", str(boxes / "box_0"), "--profile", "bagit", "-o", str(tmp_path)]
    told = CliRunner().invoke(main, command).stdout
    seal = hashlib.sha256((tmp_path / "box_0" / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    assert told.endswith(f"1 files, tag manifest {seal}\n")
    assert json.loads(_create(*command[2:]).stdout)[0]["tag_manifest_sha256"] == seal


def test_a_csv_with_problems_makes_nothing_and_ends_with_one(boxes: Path, tmp_path: Path) -> None:
    sheet = boxes / "batch.csv"
    sheet.write_text("Bag-Name,Root-Directory\nfirst,box_0\nfirst,box_9\n")
    ended = _create("--csv", sheet, "-o", tmp_path / "bags")
    assert ended.exit_code == 1
    assert "row 3" in ended.stderr
    assert not (tmp_path / "bags").exists()


def test_a_failed_folder_is_named_in_the_answer(boxes: Path, tmp_path: Path) -> None:
    (boxes / "box_1" / "bagit.txt").touch()
    ended = _create(*sorted(boxes.iterdir()), "--profile", "bagit", "-o", tmp_path / "bags")
    assert ended.exit_code == 1
    answers = json.loads(ended.stdout)
    assert [answer["folder"] for answer in answers] == [str(boxes / f"box_{number}") for number in range(3)]
    assert ["error" in answer for answer in answers] == [False, True, False]
    assert "2 bagged, 0 there already, 1 failed" in ended.stderr


def test_a_folder_whose_name_is_no_utf8_fails_alone_and_the_answer_is_json(
    boxes: Path, tmp_path: Path
) -> None:
    Path(os.fsdecode(os.fsencode(boxes) + b"/box_\xff")).mkdir()
    ended = _create(*sorted(boxes.iterdir()), "--profile", "bagit", "-o", tmp_path / "bags")
    assert ended.exit_code == 1
    answers = json.loads(ended.stdout_bytes.decode("utf-8"))
    assert [answer["error"]["code"] for answer in answers if "error" in answer] == ["bag.contents_refused"]
    assert len(answers) == 4


def test_many_bags_are_verified_and_one_that_is_not_there_does_not_stop_the_others(
    boxes: Path, tmp_path: Path
) -> None:
    out = tmp_path / "bags"
    assert _create(*sorted(boxes.iterdir()), "--profile", "bagit", "-o", out).exit_code == 0
    (out / "box_1" / "data" / "page.txt").write_text("other")
    ended = CliRunner().invoke(
        main, ["bag", "verify", "--json", *(str(out / f"box_{number}") for number in (1, 9, 2))]
    )
    assert ended.exit_code == 1
    reports = json.loads(ended.stdout)
    assert [
        (report["valid"], report["errors"][:1] and report["errors"][0]["rule"]) for report in reports
    ] == [
        (False, "file-changed"),
        (False, "bag-unreadable"),
        (True, []),
    ]
    assert "3 bags: 1 valid, 2 not valid." in ended.stderr


def test_a_tag_given_twice_has_two_values(boxes: Path, tmp_path: Path) -> None:
    tags = ("--tag", "Contact-Name=Ada", "--tag", "Contact-Name=Grace", "--profile", "bagit")
    assert _create(boxes / "box_0", *tags, "-o", tmp_path / "bags").exit_code == 0
    text = (tmp_path / "bags/box_0/bag-info.txt").read_text()
    assert "Contact-Name: Ada\nContact-Name: Grace\n" in text


def test_a_file_beside_data_is_found_by_the_name_of_each_bag(boxes: Path, tmp_path: Path) -> None:
    records = tmp_path / "records"
    records.mkdir()
    for number in (0, 1):
        (records / f"box_{number}.xml").write_text(f"<mods>{number}</mods>")
    option = f"metadata/mods.xml={records}/{{name}}.xml"
    ended = _create(
        *sorted(boxes.iterdir()), "--profile", "bagit", "-o", tmp_path / "bags", "--tag-file", option
    )
    # the third has no record: it is named, the others are made
    assert ended.exit_code == 1
    assert [answer.get("error", {}).get("code") for answer in json.loads(ended.stdout)] == [
        None,
        None,
        "bag.payload_missing",
    ]
    for number in (0, 1):
        bag = tmp_path / "bags" / f"box_{number}"
        assert (bag / "metadata/mods.xml").read_text() == f"<mods>{number}</mods>"
        assert "metadata/mods.xml" in (bag / "tagmanifest-sha256.txt").read_text()


@pytest.mark.parametrize(
    ("text", "code"), [("mods.xml", 2), ("=x", 2), ("data/x=page.txt", 1), ("../x=page.txt", 1)]
)
def test_a_file_that_cannot_lie_beside_data_is_refused(
    text: str, code: int, boxes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(boxes / "box_0")
    refused = _create(boxes / "box_1", "--profile", "bagit", "-o", tmp_path / "x", "--tag-file", text)
    assert refused.exit_code == code
    assert not (tmp_path / "x").exists()


def test_a_profile_tells_its_tags_as_a_form(recto_home: Path) -> None:
    listed = CliRunner().invoke(main, ["bag", "profile", "--json"])
    assert [profile["name"] for profile in json.loads(listed.stdout)] == [
        "aptrust-2.3",
        "bagit-1.0",
        "btr-1.0",
    ]
    told = CliRunner().invoke(main, ["bag", "profile", "aptrust", "--json"])
    (title,) = [tag for tag in json.loads(told.stdout)["tags"] if tag["label"] == "Title"]
    assert (title["file"], title["required"], title["computed"]) == ("aptrust-info.txt", True, False)
    shown = CliRunner().invoke(main, ["bag", "profile", "aptrust"]).stdout
    assert "aptrust-info.txt/Access: required; one of Consortia, Institution, Restricted; default" in shown
    assert CliRunner().invoke(main, ["bag", "profile", "nobody's"]).exit_code == 2


def test_neither_folders_nor_a_csv_is_wrong_usage(recto_home: Path, tmp_path: Path) -> None:
    assert _create("-o", tmp_path).exit_code == 2
