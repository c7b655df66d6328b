# SPDX-License-Identifier: Apache-2.0
"""Local masters go only by policy, after a second reading of every stored copy, and never by half."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from sqlalchemy import select, update

from app.command_line import main
from archive.errors import MastersReleased
from archive.registry.batches import items_of
from archive.registry.events import read_events, verify_chain
from archive.registry.ledger import claim, complete
from archive.registry.stages import Stage
from archive.registry.status import batch_status
from archive.registry.tables import CopyRow, UnitRow
from workers import release
from workers.export import export_batch
from workers.node import Node
from workers.operations import register_manifest, retry_batch
from workers.release import release_batch
from workers.run_unit import run_unit
from workers.settings import load_settings

MANIFEST = {
    "id": "letters",
    "institution": "Library",
    "scanner_model": "Any",
    "resolution_dpi": 60,
    "color_profile": "gray",
    "settings": {},
    "items": [{"id": "one", "title": "One", "file_paths": ["page.tif"]}],
}
RUN_FOR_REAL = {Stage.CAPTURE, Stage.CHARACTERISE, Stage.BAG, Stage.UPLOAD, Stage.CONFIRM}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A RECTO_HOME with one item that is stored and proved; copied for each test."""
    home = tmp_path_factory.mktemp("stored") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECTO_HOME", str(home))
        page = home.parent / "page.tif"
        Image.new("L", (60, 80), 200).save(page, dpi=(60, 60))
        (home.parent / "letters.json").write_text(json.dumps(MANIFEST))
        node = Node(load_settings())
        register_manifest(node, home.parent / "letters.json")
        with node.registry.reading() as session:
            units = [
                (unit.id, Stage(unit.stage)) for unit in session.scalars(select(UnitRow).order_by(UnitRow.id))
            ]
        for unit, stage in sorted(units, key=lambda unit: list(Stage).index(unit[1])):
            if stage in RUN_FOR_REAL:
                run_unit(node, unit, "test")
                continue
            # reading text and looking at the machine are other tests' business
            with node.registry.transaction() as session:
                claimed = claim(session, unit, "test", lease_seconds=60, max_attempts=4)
                assert claimed is not None
                complete(session, claimed, {})
        node.registry.close()
    return home


@pytest.fixture
def node(stored: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Node]]:
    """The node of that home as it is now, with settings of the test's own."""
    kept = stored.with_name("kept")
    shutil.copytree(stored, kept)
    monkeypatch.setenv("RECTO_HOME", str(stored))
    opened: list[Node] = []

    def make(policy: str = "after-read-back", after_days: float = 0.0) -> Node:
        monkeypatch.setenv("RECTO_RELEASE__POLICY", policy)
        monkeypatch.setenv("RECTO_RELEASE__AFTER_DAYS", str(after_days))
        opened.append(Node(load_settings()))
        return opened[-1]

    yield make
    for each in opened:
        each.registry.close()
    # the registry names files by their full path, so the home comes back where it was
    shutil.rmtree(stored)
    kept.rename(stored)


def _masters(node: Node) -> list[Path]:
    return sorted((node.item_folder("letters", "one") / "masters").glob("*"))


def _bag(node: Node) -> Path:
    with node.registry.reading() as session:
        [item] = items_of(session, "letters")
        assert item.bag is not None
        return Path(item.bag["path"])


def _copy(node: Node) -> Path:
    return node.settings.data_directory / "storage" / _bag(node).name


def _events(node: Node) -> list[dict[str, Any]]:
    with node.registry.reading() as session:
        return [event for event in read_events(session, "letters") if event["type"] != "state change"]


def _chain_is_whole(node: Node) -> bool:
    with node.registry.reading() as session:
        return verify_chain(session, "letters").whole


def _cli(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["batch", "release", "letters", *arguments, "--json"])


def test_nothing_is_released_unless_the_settings_say_so(node: Callable[..., Node]) -> None:
    station = node(policy="never")
    [answer] = release_batch(station, "letters")
    assert (answer.state, "release.policy" in answer.reasons[0]) == ("refused", True)
    assert _masters(station)


def test_after_a_second_reading_the_local_files_go_and_the_chain_tells_of_it(
    node: Callable[..., Node],
) -> None:
    station = node()
    copy, bag, receipt = _copy(station), _bag(station), station.item_folder("letters", "one") / "receipt.json"
    before = len(_events(station))
    [answer] = release_batch(station, "letters")
    assert (answer.state, answer.reasons) == ("released", ())
    assert answer.files >= 3
    assert (_masters(station), bag.exists()) == ([], False)
    assert copy.is_file()
    assert receipt.is_file()
    assert ">deletion<" in receipt.with_name("premis.xml").read_text()
    checked, deleted = _events(station)[before:]
    assert (checked["type"], checked["detail"]["proof"]) == ("fixity check", "whole-digest-read-back")
    assert (deleted["type"], deleted["detail"]["stored"]) == ("deletion", [copy.as_uri()])
    assert deleted["detail"]["files"] == answer.files
    assert _chain_is_whole(station)
    with station.registry.reading() as session:
        [item] = batch_status(session, "letters")["items"]
    assert item["released"]
    assert item["copies"][0]["proof"] == "whole-digest-read-back"
    assert item["copies"][0]["confirmed_at"]


def test_what_would_be_released_is_told_without_touching_anything(node: Callable[..., Node]) -> None:
    station = node()
    before = _events(station)
    [answer] = release_batch(station, "letters", dry_run=True)
    assert (answer.state, answer.files > 0, _events(station)) == ("releasable", True, before)
    assert _masters(station)


def test_one_copy_on_the_disk_of_the_masters_is_told_before_and_after(
    node: Callable[..., Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    station = node()
    told = CliRunner().invoke(main, ["batch", "release", "letters", "--dry-run"])
    assert "Warning: one: Only one copy is left: file:///" in told.stderr
    assert "one failing disk takes all of it" in told.stderr
    one_left, same_disk = json.loads(_cli("--dry-run").stdout)["items"][0]["warnings"]
    with monkeypatch.context() as patch:
        patch.setattr(release, "_is_on_the_disk_of", lambda *_: False)
        [answer] = release_batch(station, "letters", dry_run=True)
    assert answer.warnings == (one_left,)
    [answer] = release_batch(station, "letters")
    assert answer.warnings == (one_left, same_disk)


def test_the_two_readings_must_lie_apart(node: Callable[..., Node]) -> None:
    station = node(after_days=30)
    [answer] = release_batch(station, "letters")
    assert answer.state == "refused"
    assert "30 days" in answer.reasons[0]
    assert _masters(station)


@pytest.mark.parametrize("harm", ["flip", "lose"])
def test_a_copy_that_is_no_longer_whole_keeps_the_local_files_and_is_recorded(
    harm: str, node: Callable[..., Node]
) -> None:
    station = node()
    copy = _copy(station)
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 1
    copy.unlink()
    if harm == "flip":
        copy.write_bytes(content)
    [answer] = release_batch(station, "letters")
    assert answer.state == "refused"
    assert answer.error is not None
    assert answer.error["code"] == {"flip": "storage.bytes_differ", "lose": "storage.object_missing"}[harm]
    assert _masters(station)
    assert _bag(station).is_file()
    assert (_events(station)[-1]["type"], _events(station)[-1]["outcome"]) == ("fixity check", "fail")
    with station.registry.reading() as session:
        [item] = batch_status(session, "letters")["items"]
    assert item["copies"][0]["proof"] == "read-back-failed"
    # and what is not proved any more is not read a third time
    [again] = release_batch(station, "letters")
    assert "read-back-failed" in again.reasons[0]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"proof": "composite-sha256"}, "not read back whole"),
        ({"confirmed_at": None}, "not read back whole"),
        ({"sha256": "0" * 64}, "another bag"),
        ({"target": "elsewhere"}, "no copy at local"),
        ({"url": "file:///elsewhere/x.tar"}, "is not where local is now"),
    ],
)
def test_a_copy_about_which_anything_is_in_doubt_releases_nothing(
    values: dict[str, Any], reason: str, node: Callable[..., Node]
) -> None:
    station = node()
    with station.registry.transaction() as session:
        session.execute(update(CopyRow).values(**values))
    [answer] = release_batch(station, "letters")
    assert answer.state == "refused"
    assert any(reason in told for told in answer.reasons)
    assert _masters(station)


def test_a_release_that_died_in_the_middle_is_ended_by_the_next_and_told_once(
    node: Callable[..., Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    station = node()

    class Killed(BaseException):
        pass

    unlink = Path.unlink

    def die_after_the_first(path: Path, *, missing_ok: bool = False) -> None:
        unlink(path, missing_ok=missing_ok)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", die_after_the_first)
        with pytest.raises(Killed):
            release_batch(station, "letters")
    told = [event for event in _events(station) if event["type"] == "deletion"]
    assert len(told) == 1
    [answer] = release_batch(station, "letters")
    assert (answer.state, _masters(station), _bag(station).exists()) == ("released", [], False)
    [again] = release_batch(station, "letters")
    assert (again.state, again.files) == ("released", 0)
    assert [event for event in _events(station) if event["type"] == "deletion"] == told
    assert _chain_is_whole(station)


def test_an_item_that_changed_while_it_was_read_back_keeps_its_files(node: Callable[..., Node]) -> None:
    station = node()

    def begin_again(_: object) -> None:
        with station.registry.transaction() as session:
            [item] = items_of(session, "letters")
            item.bag = {**(item.bag or {}), "sha256": "1" * 64}

    [answer] = release_batch(station, "letters", progress=begin_again)
    assert (answer.state, "changed" in answer.reasons[0]) == ("refused", True)
    assert _masters(station)


def test_what_is_not_in_the_bag_stays(node: Callable[..., Node]) -> None:
    station = node()
    replaced = station.item_folder("letters", "one") / "superseded" / "0001.tif"
    replaced.parent.mkdir()
    replaced.write_bytes(b"the page before")
    release_batch(station, "letters")
    assert replaced.is_file()


def test_work_that_needs_released_files_says_where_the_bag_is(
    node: Callable[..., Node], tmp_path: Path
) -> None:
    station = node()
    release_batch(station, "letters")
    for work in (
        lambda: export_batch(station, "letters", tmp_path / "out"),
        lambda: retry_batch(station, "letters", stage=Stage.BAG),
    ):
        with pytest.raises(MastersReleased) as caught:
            work()
        assert _copy(station).as_uri() in caught.value.message
    with station.registry.reading() as session:
        assert batch_status(session, "letters")["state"] == "done"


def test_the_command_tells_each_item_and_ends_with_its_code(node: Callable[..., Node]) -> None:
    node(policy="never")
    refused = _cli()
    assert refused.exit_code == 5
    assert json.loads(refused.stdout)["items"][0]["state"] == "refused"
    station = node()
    listed = _cli("--dry-run")
    assert (listed.exit_code, json.loads(listed.stdout)["items"][0]["state"]) == (0, "releasable")
    done = _cli("--item", "one")
    assert (done.exit_code, json.loads(done.stdout)["items"][0]["state"]) == (0, "released")
    assert _masters(station) == []
    assert CliRunner().invoke(main, ["batch", "release", "nothing"]).exit_code == 2
    assert "'two'" in _cli("--item", "two").stdout
    assert _cli("--item", "two").exit_code == 2
    assert CliRunner().invoke(main, ["verify-chain", "letters"]).exit_code == 0


def test_the_confirm_stage_records_what_a_bad_copy_no_longer_proves(node: Callable[..., Node]) -> None:
    station = node()
    retry_batch(station, "letters", stage=Stage.CONFIRM)
    _copy(station).write_bytes(b"something else")
    with station.registry.reading() as session:
        unit = session.scalars(select(UnitRow).where(UnitRow.stage == Stage.CONFIRM)).one().id
    run_unit(station, unit, "test")
    assert (_events(station)[-1]["type"], _events(station)[-1]["outcome"]) == ("fixity check", "fail")
    with station.registry.reading() as session:
        [item] = batch_status(session, "letters")["items"]
    assert (item["state"], item["copies"][0]["proof"]) == ("held", "read-back-failed")
    assert item["problems"][0]["code"] == "storage.bytes_differ"
    assert _chain_is_whole(station)
