# SPDX-License-Identifier: Apache-2.0
"""`recto institution` and `recto receive` as scripts call them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.command_line import main
from tests.arrivals import make_bag

ID = "library.example.org"


@pytest.fixture
def places(recto_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECTO_RECEIVING__QUIET_SECONDS", "0")
    for name in ("in", "other", "east", "west"):
        (tmp_path / name).mkdir()
    return tmp_path


def recto(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def answer(*words: str | Path, code: int = 0) -> Any:
    result = recto(*words, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def add(places: Path, *more: str | Path, identifier: str = ID, receiving: str = "in", code: int = 0) -> Any:
    stores: list[str | Path] = ["--store", places / "east", "--store", places / "west"]
    return answer(
        "institution", "add", identifier, "--receiving", places / receiving, *stores, *more, code=code
    )


def test_depositors_are_added_changed_listed_and_disabled(places: Path) -> None:
    made = add(places, "--name", "The Library", "--store", f"Glacier-OH={places / 'east'}")
    assert made["storage_options"] == {
        "Standard": [str(places / "east"), str(places / "west")],
        "Glacier-OH": [str(places / "east")],
    }
    assert (made["default_option"], made["state"], made["restore"]) == ("Standard", "active", None)
    changed = answer("institution", "change", ID, "--restore", places / "other", "--name", "A Library")
    assert (changed["restore"], changed["name"]) == (str(places / "other"), "A Library")
    assert changed["storage_options"] == made["storage_options"]
    assert answer("institution", "change", ID, "--restore", "")["restore"] is None
    assert answer("institution", "disable", ID)["state"] == "disabled"
    # a change is no enabling
    assert answer("institution", "change", ID, "--name", "Library")["state"] == "disabled"
    assert answer("institution", "enable", ID) == answer("institution", "show", ID)
    assert "A Library" not in recto("institution", "list").output
    assert list((places / "east").iterdir()) == list((places / "in").iterdir()) == []


def test_depositors_are_listed_page_by_page(places: Path) -> None:
    for number in range(5):
        (places / f"in{number}").mkdir()
        add(places, "--no-check", identifier=f"depositor-{number}", receiving=f"in{number}")
    seen, after = [], ""
    while True:
        page = answer("institution", "list", "--most", "2", "--after", after)
        assert page["total"] == 5
        seen += [each["id"] for each in page["institutions"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [f"depositor-{number}" for number in range(5)]
    assert "recto institution list --after depositor-1" in recto("institution", "list", "--most", "2").output


@pytest.mark.parametrize("bad", ["", "Library", "a/b", "a..b", ".a", "a-", "ä", "a b", "a" * 65, "a%2f"])
def test_an_identifier_that_is_not_safe_in_keys_is_refused(bad: str, places: Path) -> None:
    error = add(places, identifier=bad, code=2)["error"]
    assert error["code"] == "deposit.institution_invalid"
    assert answer("institution", "list")["total"] == 0


def test_what_cannot_work_later_is_refused_now(places: Path) -> None:
    add(places)
    refused: list[tuple[list[str | Path], str, int]] = [
        (["add", ID, "--receiving", places / "other", "--store", places / "east"], "institution_exists", 2),
        (["add", "b", "--receiving", places / "in", "--store", places / "east"], "institution_invalid", 2),
        (["add", "b", "--receiving", places / "in" / "deep", "--store", "/e", "--no-check"], "invalid", 2),
        (["add", "b", "--receiving", places, "--store", "/elsewhere", "--no-check"], "invalid", 2),
        (["add", "b", "--receiving", places / "other", "--store", places / "other"], "invalid", 2),
        (["add", "b", "--receiving", places / "other", "--store", places / "in"], "invalid", 2),
        (["add", "b", "--receiving", places / "other"], "invalid", 2),
        (["add", "b", "--receiving", "", "--store", places / "east"], "invalid", 2),
        (["add", "b", "--receiving", "other/", "--store", places / "east", "--no-check"], "invalid", 2),
        (["add", "b", "--receiving", "nameless", "--store", places / "east"], "settings", 2),
        (["add", "b", "--receiving", places / "none", "--store", places / "east"], "storage.unreachable", 4),
        (["add", "b", "--receiving", places / "other", "--store", "/e", "--store", "/e"], "invalid", 2),
        (
            ["add", "b", "--receiving", places / "other", "--store", "/e", "--store", "/e/", "--no-check"],
            "invalid",
            2,
        ),
        (
            ["add", "b", "--receiving", places / "other", "--store", "/e", "--default-option", "X"],
            "invalid",
            2,
        ),
        (["change", "b", "--name", "x"], "institution_unknown", 2),
        (["change", ID, "--name", " "], "institution_invalid", 2),
        (["show", "b"], "institution_unknown", 2),
        (["disable", "b"], "institution_unknown", 2),
    ]
    for words, code, status in refused:
        error = answer("institution", *words, code=status)["error"]
        assert code in error["code"], (words, error)
    assert answer("institution", "list")["total"] == 1
    assert recto("institution", "change", ID).exit_code == 2
    assert [path.name for path in places.iterdir() if path.name in {"none", "deep"}] == []


def test_an_address_with_a_credential_is_neither_kept_nor_shown(places: Path) -> None:
    for address in (
        "s3://key:opensesame@in",
        "s3://in?secret-key=opensesame",
        "s3://in?endpoint=https://key:opensesame@s3.example.org",
    ):
        words = ["add", "b", "--receiving", address, "--store", str(places / "east"), "--no-check"]
        refused = recto("institution", *words)
        assert refused.exit_code == 4
        assert "url_invalid" in refused.stderr
        assert "opensesame" not in refused.output
    assert answer("institution", "list")["total"] == 0


def test_the_receiving_location_of_open_ingests_stays(places: Path) -> None:
    add(places)
    make_bag(places / "in")
    assert recto("receive", "--once", "--no-wait").exit_code == 0
    error = answer("institution", "change", ID, "--receiving", places / "other", code=2)["error"]
    assert "being ingested" in error["message"]
    assert answer("receive", "cancel", "1")["units"] == 10
    assert answer("institution", "change", ID, "--receiving", places / "other")["receiving"]


def test_what_was_found_is_told_listed_shown_given_up_and_taken_up_again(places: Path) -> None:
    add(places)
    make_bag(places / "in")
    (places / "in" / "notes.txt").touch()
    result = recto("receive", "--once", "--no-wait", "--json")
    *decisions, end = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 0
    assert [(each["institution"], each["key"], each["decision"]) for each in decisions] == [
        (ID, "letter_1.tar", "made"),
        (ID, "notes.txt", "not a tar"),
    ]
    assert end["work_items"] == {"1": "open"}
    status = answer("receive", "status")
    assert [(scan["institution"], scan["objects"]) for scan in status["locations"]] == [(ID, 2)]
    assert status["totals"]["open"] == 1
    assert [item["id"] for item in status["work_items"]["open"]] == [1]
    assert [item["name"] for item in answer("receive", "list")["work_items"]] == ["letter_1.tar"]
    assert answer("receive", "list", "--state", "refused")["work_items"] == []
    shown = answer("receive", "show", "1")
    assert [unit["stage"] for unit in shown["stages"]][:2] == ["receive", "validate-bag"]
    assert answer("receive", "cancel", "1", "--reason", "not ours")["units"] == 10
    assert answer("receive", "show", "1")["standing"] == "cancelled"
    assert "recto receive retry 1" in recto("receive", "show", "1").output
    assert answer("receive", "cancel", "1", code=2)["error"]["code"] == "deposit.work_item_settled"
    assert answer("receive", "retry", "1")["units"] == 10
    assert answer("receive", "show", "7", code=2)["error"]["code"] == "deposit.work_item_unknown"
    for words in (["status"], ["list"], ["show", "1"]):
        assert "letter_1.tar" in recto("receive", *words).output


def test_a_location_that_is_away_is_told_and_ends_with_its_exit_code(places: Path) -> None:
    add(places)
    (places / "in").rmdir()
    result = recto("receive", "--once")
    assert result.exit_code == 4
    assert "There is no directory" in result.stderr
    assert answer("receive", "status")["locations"][0]["error"]["code"] == "storage.unreachable"


def test_once_works_off_what_was_found_with_workers_of_its_own(places: Path) -> None:
    add(places)
    make_bag(places / "in")
    (places / "in" / "broken.tar").write_bytes(b"this is no tar" * 100)
    command = [sys.executable, "-m", "app", "receive", "--once", "--json"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, env=os.environ)
    assert ended.returncode == 1, ended.stderr
    end = json.loads(ended.stdout.splitlines()[-1])
    assert sorted(end["work_items"].values()) == ["ingested", "refused"]
    assert not (places / "in" / "letter_1.tar").exists()
    assert (places / "in" / "letter_1.tar.receipt.json").exists()
    (refused,) = answer("receive", "list", "--state", "refused")["work_items"]
    shown = answer("receive", "show", str(refused["id"]))
    assert shown["finding_count"] == len(shown["findings"]) > 0
    assert len(shown["read_sha256"]) == 64
    told = recto("receive", "show", str(refused["id"])).output
    assert f"finding: {shown['findings'][0]['message']}" in told
    assert "it lies in quarantine/" in told
    with_nothing_new = recto("receive", "--once", "--json")
    assert with_nothing_new.exit_code == 0
