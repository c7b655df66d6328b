# SPDX-License-Identifier: Apache-2.0
"""`recto object` and `recto restore`: what scripts and people get of what is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.command_line import main
from archive.registry.kept_objects import find_object
from tests.arrivals import INSTITUTION, ReceivingSite, make_bag
from tests.kept_objects import KeptBag, keep_bag


def recto(*arguments: str, exit_code: int = 0) -> Result:
    ended = CliRunner().invoke(main, list(arguments))
    assert ended.exit_code == exit_code, ended.output
    return ended


def answer(*arguments: str, exit_code: int = 0) -> Any:
    return json.loads(recto(*arguments, "--json", exit_code=exit_code).stdout)


def test_letters_that_would_steer_a_terminal_are_shown_as_escapes(
    site: ReceivingSite, tmp_path: Path
) -> None:
    kept = keep_bag(site, make_bag(tmp_path))
    with site.registry.transaction() as session:
        find_object(session, kept.identifier).title = "A \x1b[31mred\nBrief aus Köln"
    for command in (("object", "list"), ("object", "show", kept.identifier)):
        told = recto(*command).stdout
        assert "A \\x1b[31mred\\nBrief aus Köln" in told
        assert "\x1b" not in told
    assert "\x1b" in answer("object", "show", kept.identifier)["title"]


@pytest.fixture
def kept(site: ReceivingSite, tmp_path: Path) -> KeptBag:
    return keep_bag(site, make_bag(tmp_path))


def test_objects_are_listed_a_page_at_a_time(kept: KeptBag, tmp_path: Path) -> None:
    for name in ("b", "a"):
        keep_bag(kept.site, make_bag(tmp_path, name=name, content={"x.txt": b"x"}))
    first = answer("object", "list", "--institution", INSTITUTION, "--limit", "2")
    assert [each["name"] for each in first["objects"]] == ["a", "b"]
    second = answer("object", "list", "--limit", "2", "--after", first["next"])
    assert [each["name"] for each in second["objects"]] == ["letter_1"]
    assert second["next"] is None
    assert answer("object", "list", "--institution", "nobody", exit_code=2)["error"]["code"]
    assert "go on with: --after" in recto("object", "list", "--limit", "1").stdout


def test_an_object_tells_its_versions_files_copies_and_history(kept: KeptBag) -> None:
    shown = answer("object", "show", kept.identifier)
    assert shown["versions"][0]["bag_sha256"] == kept.sha256
    assert shown["versions"][0]["files"] == len(kept.files)
    assert len(shown["copies"]) == 2
    pages, after = [], "0"
    while True:
        page = answer("object", "files", kept.identifier, "--limit", "4", "--after", after)
        pages += page["files"]
        if page["next"] is None:
            break
        after = str(page["next"])
    assert {each["path"]: each["sha256"] for each in pages} == kept.files
    assert {copy["state"] for each in pages for copy in each["copies"]} == {"verified"}
    history = answer("object", "events", kept.identifier, "--limit", "1")
    assert [event["type"] for event in history["events"]] == ["creation"]
    assert answer("object", "events", kept.identifier, "--after", str(history["next"]))["next"] is None
    assert answer("object", "verify-chain", kept.identifier)["valid"]
    for command in ("show", "files", "events", "verify-chain"):
        assert recto("object", command, kept.identifier).stdout
        assert answer("object", command, f"{INSTITUTION}/none", exit_code=2)["error"]["code"] == (
            "keeping.object_unknown"
        )


def test_restore_gives_one_document_and_the_tar(kept: KeptBag, tmp_path: Path) -> None:
    kept.damage("data/ocr/0001.txt")
    told = answer("restore", kept.identifier, "--to", str(tmp_path / "out"))
    assert told["same_tar"]
    assert told["valid"]
    assert told["equal"]
    assert told["troubles"][0]["path"] == "data/ocr/0001.txt"
    assert (tmp_path / "out" / "letter_1.tar").is_file()
    text = recto("restore", f"{kept.identifier}/data/ocr/0001.txt").stdout
    assert f"{kept.site.folder}/restore/letter_1/v1/data/ocr/0001.txt" in text
    assert answer("restore", f"{kept.identifier}/none", exit_code=2)["error"]["code"] == (
        "keeping.file_unknown"
    )


def test_a_lost_file_ends_a_restore_with_1_and_a_drill_too(kept: KeptBag, tmp_path: Path) -> None:
    assert answer("restore", "--drill")["outcome"] == "success"
    for copy in (0, 1):
        kept.damage("data/ocr/0001.txt", copy=copy)
    ended = answer("restore", kept.identifier, "--to", str(tmp_path / "out"), exit_code=1)
    assert ended["error"]["code"] == "keeping.copies_lost"
    assert answer("restore", "--drill", exit_code=1)["outcome"] == "fail"


@pytest.mark.parametrize("arguments", [["restore"], ["restore", "a/b", "--drill"]])
def test_a_restore_of_nothing_is_wrong_usage(recto_home: Path, arguments: list[str]) -> None:
    recto(*arguments, exit_code=2)


def test_the_way_of_a_deletion(kept: KeptBag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECTO_DELETION__DELAY_DAYS", "0")
    delete = ("object", "delete")
    asked = answer(*delete, "request", kept.identifier, "--reason", "why", "--operator", "Ada")
    number = str(asked["request"])
    assert asked["state"] == "requested"
    assert "@" in asked["requested_account"]
    refused = answer(*delete, "approve", number, "--operator", "ada", exit_code=5)
    assert refused["error"]["code"] == "keeping.deletion_refused"
    assert answer(*delete, "execute") == []
    assert answer(*delete, "approve", number, "--operator", "Ben")["decided_by"] == "Ben"
    assert "carried out from" in recto(*delete, "list").stdout
    assert answer(*delete, "execute")[0]["executed"]
    assert answer(*delete, "list", "--state", "executed")["requests"][0]["executed_at"]
    assert answer("object", "show", kept.identifier)["state"] == "deleted"
    assert answer("restore", kept.identifier, exit_code=1)["error"]["code"] == "keeping.object_deleted"
    recto(*delete, "list", "--state", "nonsense", exit_code=2)
    assert answer(*delete, "withdraw", "77", exit_code=2)["error"]["code"] == "keeping.deletion_unknown"


def test_a_request_can_be_refused_or_withdrawn(kept: KeptBag) -> None:
    delete = ("object", "delete")
    request = (*delete, "request", kept.identifier, "--reason", "why", "--operator", "Ada")
    first, second = (str(answer(*request)["request"]), "2")
    assert answer(*delete, "withdraw", first, "--operator", "Ada")["state"] == "withdrawn"
    answer(*request)
    told = answer(*delete, "refuse", second, "--reason", "needed", "--operator", "Ben")
    assert told["state"] == "refused"
    assert answer(*delete, "execute", second, exit_code=5)[0]["reason"] == "The request is refused."
