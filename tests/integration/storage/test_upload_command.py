# SPDX-License-Identifier: Apache-2.0
"""`recto upload` with many bags: proved, resumed, each failure by itself, exit codes by contract."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.command_line import main
from archive.bag.folder import bag_folder
from archive.bag.profile import load_profile
from tests.integration.storage.conftest import StrictS3

PART = 5 << 20


@pytest.fixture
def bags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Three files of one, two and three parts, sent as bags unchecked; uploads go in parts of 5 MiB."""
    monkeypatch.setenv("RECTO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RECTO_BAG__PART_BYTES", str(PART))
    paths = [tmp_path / f"bag_{number}.tar" for number in (1, 2, 3)]
    for number, path in enumerate(paths, start=1):
        path.write_bytes(bytes([number]) * (number * PART - 1000))
    return paths


def _upload(state: StrictS3, *arguments: object, checked: bool = False) -> Result:
    to = ["--to", f"s3://strict/in?parts-at-once=1&endpoint={state.endpoint}"]
    if not checked:
        to.append("--no-verify")
    return CliRunner().invoke(main, ["upload", *map(str, arguments), *to, "--json"])


def _puts(state: StrictS3) -> int:
    return sum(request.startswith("PUT") for request in state.requests)


def test_many_bags_are_stored_and_proved_and_a_second_run_sends_nothing(
    bags: list[Path], strict_s3: StrictS3
) -> None:
    ended = _upload(strict_s3, *bags, "--at-once", 3, "--bandwidth", "1G")
    assert ended.exit_code == 0, ended.output
    answers = json.loads(ended.stdout)
    assert [answer["bag"] for answer in answers] == [str(bag) for bag in bags]
    assert all(answer["proof"].startswith("whole-digest-read-back") for answer in answers)
    assert set(strict_s3.objects) == {f"in/{bag.name}" for bag in bags}
    sent = _puts(strict_s3)
    read = strict_s3.requests.count("GET")
    again = _upload(strict_s3, *bags)
    assert (again.exit_code, _puts(strict_s3)) == (0, sent)
    # and each is read back once
    assert strict_s3.requests.count("GET") - read == len(bags)


def test_a_bag_that_fails_is_named_and_the_next_run_sends_only_the_rest(
    bags: list[Path], strict_s3: StrictS3
) -> None:
    # refused for good, so that it is not tried again at once
    strict_s3.faults["PUT partNumber"] = [None, None, None, ("status", 403, "AccessDenied")]
    ended = _upload(strict_s3, *bags)
    assert ended.exit_code == 4
    assert ["error" in answer for answer in json.loads(ended.stdout)] == [False, False, True]
    assert "2 of 3 bags stored and proved" in ended.stderr
    assert str(bags[2]) in ended.stderr
    sent = _puts(strict_s3)
    ended = _upload(strict_s3, bags[2])
    assert ended.exit_code == 0
    assert _puts(strict_s3) - sent == 2


def test_another_object_under_the_name_is_left_alone(bags: list[Path], strict_s3: StrictS3) -> None:
    assert _upload(strict_s3, bags[0]).exit_code == 0
    kept = strict_s3.objects["in/bag_1.tar"].body
    bags[0].write_bytes(b"other")
    ended = _upload(strict_s3, bags[0])
    assert ended.exit_code == 4
    assert json.loads(ended.stdout)[0]["error"]["code"] == "storage.object_exists"
    assert strict_s3.objects["in/bag_1.tar"].body == kept


def test_only_valid_bags_are_sent_and_each_names_its_profile_and_batch(
    strict_s3: StrictS3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_HOME", str(tmp_path / "home"))
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "1.txt").write_text("dear reader")
    profile = load_profile("aptrust-2.3")
    tags = profile.place_tags({"Bag-Group-Identifier": "Köln 7", "Title": "Letters"})
    good = bag_folder(
        tmp_path / "letters",
        profile=profile,
        tags={**tags, "bag-info.txt": {"Source-Organization": "Library", **tags["bag-info.txt"]}},
        destination_dir=tmp_path / "bags",
        tar=True,
    )
    bad = tmp_path / "bags" / "bad.tar"
    bad.write_bytes(good.path.read_bytes().replace(b"dear reader", b"dear header"))
    ended = _upload(strict_s3, bad, good.path, tmp_path / "gone.tar", tmp_path / "letters", checked=True)
    assert (ended.exit_code, type(ended.exception)) == (1, SystemExit), ended.exception
    refused, stored, gone, folder = json.loads(ended.stdout)
    assert gone["error"]["code"] == folder["error"]["code"] == "bag.unreadable"
    assert refused["error"]["code"] == "bag.invalid"
    assert any("1.txt" in finding["file"] for finding in refused["error"]["facts"]["findings"])
    first = refused["error"]["facts"]["findings"][0]
    assert f"the first: {first['file']}: {first['message']}" in refused["error"]["message"]
    assert stored["proof"] == "whole-digest-read-back"
    assert list(strict_s3.objects) == ["in/letters.tar"]
    metadata = strict_s3.objects["in/letters.tar"].metadata
    assert metadata["bag-sha256"] == good.sha256
    assert metadata["batch"] == "K%C3%B6ln 7"
    assert metadata["bag-profile"] == profile.name
    assert metadata["payload-oxum"] == "11.1"


def test_a_profile_named_by_hand_is_what_counts(
    strict_s3: StrictS3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_HOME", str(tmp_path / "home"))
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "1.txt").write_text("dear reader")
    made = bag_folder(
        tmp_path / "letters", profile=load_profile("bagit"), tags={}, destination_dir=tmp_path, tar=True
    )
    ended = _upload(strict_s3, made.path, "--profile", "aptrust-2.3", checked=True)
    assert (ended.exit_code, strict_s3.objects) == (1, {})


def _unfinished(state: StrictS3, name: str, begun: str) -> None:
    state.uploads[name] = {}
    state.upload_keys[name] = f"in/{name}.tar"
    state.initiated[name] = begun


def test_orphans_are_listed_first_and_then_aborted_unless_a_note_here_goes_on_with_them(
    strict_s3: StrictS3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_HOME", str(tmp_path / "home"))
    notes = tmp_path / "home" / "state" / "uploads"
    notes.mkdir(parents=True)
    (notes / "going-on.json").write_text('{"upload_id": "noted"}')
    begun = (dt.datetime.now(dt.UTC) - dt.timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    for name in ("lost", "noted"):
        _unfinished(strict_s3, name, begun)
    command = [
        "upload",
        "--abandon-orphans",
        "--to",
        f"s3://strict/in?endpoint={strict_s3.endpoint}",
        "--json",
    ]
    listed = CliRunner().invoke(main, [*command, "--older-than", "24h", "--dry-run"])
    assert listed.exit_code == 0, listed.output
    [answer] = json.loads(listed.stdout)
    assert [orphan["url"] for orphan in answer["orphans"]] == ["s3://strict/in/lost.tar"]
    assert (answer["aborted"], set(strict_s3.uploads)) == (False, {"lost", "noted"})
    none = CliRunner().invoke(main, [*command, "--older-than", "2d"])
    assert json.loads(none.stdout)[0]["orphans"] == []
    aborted = CliRunner().invoke(main, [*command, "--older-than", "24h"])
    assert json.loads(aborted.stdout)[0]["aborted"]
    assert set(strict_s3.uploads) == {"noted"}


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--abandon-orphans", "--older-than", "soon"],
        ["--dry-run", "--to", "vault", __file__],
        ["--abandon-orphans", __file__],
        [__file__],
    ],
)
def test_a_call_that_makes_no_sense_is_refused(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_HOME", str(tmp_path / "home"))
    assert CliRunner().invoke(main, ["upload", *arguments]).exit_code == 2
