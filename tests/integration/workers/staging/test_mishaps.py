# SPDX-License-Identifier: Apache-2.0
"""What goes wrong between hosts costs time and nothing else: no page is lost, read twice by mistake, or left behind."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import socket
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from app.command_line import main
from archive.registry.decisions import retry_units
from archive.registry.nodes import NodeRecord, tell_node
from archive.registry.staged_files import all_staged
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.storage.staging_place import StagedObject
from tests.integration.workers.staging.conftest import BUCKET, PREFIX, Hosts
from tests.servers.link import linked
from workers import run_unit as run_unit_module
from workers.operations import cancel_batch
from workers.run_unit import run_unit
from workers.staging import page_files
from workers.staging.abandoned import abandoned_files, remove_abandoned
from workers.staging.cache import clear_resting, in_use, make_room
from workers.staging.errors import CacheTooSmall, FileNotStaged, StagingDelayed
from workers.staging.upkeep import tell_of_twins, upkeep
from workers.work import Work

CAPTURED = (Stage.VALIDATE, Stage.CAPTURE)


def error_of(hosts: Hosts, stage: Stage) -> dict[str, Any]:
    error = hosts.unit(stage).error
    assert error is not None
    return error


def test_a_cut_link_delays_a_unit_and_costs_it_no_attempt(hosts: Hosts) -> None:
    hosts.submit(pages=1)
    hosts.run("station", *CAPTURED)
    port = int(hosts.common["staging"]["endpoint"].rpartition(":")[2])
    with linked(port) as [link]:
        hosts.host("node", endpoint=f"http://127.0.0.1:{link.port}")
        link.cut()
        for times in range(1, 7):
            unit = hosts.run("node", Stage.CHARACTERISE)
            assert (unit.state, unit.attempts) == (State.WAITING, 0)
            assert error_of(hosts, Stage.CHARACTERISE)["facts"]["postponed"] == times
            hosts.due_now(unit)
        assert unit.error is not None
        assert unit.error["code"] == "staging.delayed"
        link.mend()
        assert hosts.run("node", Stage.CHARACTERISE).state == State.DONE


def test_a_unit_that_loses_the_registry_is_given_back_when_it_answers_again(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts.submit(pages=1)
    hosts.run("station", *CAPTURED)
    monkeypatch.setattr(run_unit_module, "REGISTRY_SECONDS", 0.05)
    address = urlsplit(hosts.common["database_url"])
    with linked(address.port or 0) as [link]:
        url = hosts.common["database_url"].replace(f":{address.port}/", f":{link.port}/")
        hosts.host("node", database_url=url)
        publish = page_files.publish

        def cut_first(work: Work) -> int:
            link.cut()
            return publish(work)

        def mend_when_noticed() -> None:
            while link.refused < 3:
                time.sleep(0.01)
            link.mend()

        mending = threading.Thread(target=mend_when_noticed)
        mending.start()
        with monkeypatch.context() as cutting:
            cutting.setattr(page_files, "publish", cut_first)
            unit = hosts.run("node", Stage.CHARACTERISE)
        mending.join()
        assert (unit.state, unit.attempts) == (State.WAITING, 0)
        hosts.due_now(unit)
        assert hosts.run("node", Stage.CHARACTERISE).state == State.DONE


def test_pages_are_made_again_when_their_host_died_before_it_handed_them_on(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts.submit()
    hosts.run("station", *CAPTURED)
    with monkeypatch.context() as dying:

        def die(_work: Work) -> None:
            raise SystemExit

        dying.setattr(page_files, "publish", die)
        with pytest.raises(SystemExit):
            hosts.run("first", Stage.CHARACTERISE)
    assert hosts.run("second", Stage.CHARACTERISE).state == State.DONE
    made = {name for name in hosts.files("second", "cache/batches/letters/items/item 0") if "access" in name}
    assert made == {"access/0001.jpg", "access/0002.jpg"}


def test_what_a_worker_sends_that_lost_its_unit_counts_for_nothing(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts.submit(pages=1)
    hosts.run("station", *CAPTURED)
    publish = page_files.publish

    def lose_it_first(work: Work) -> int:
        with monkeypatch.context() as others:
            others.setattr(page_files, "publish", publish)
            with work.node.registry.transaction() as session:
                unit = hosts.unit(Stage.CHARACTERISE)
                session.merge(unit).lease_until = 0.0
            hosts.run("second", Stage.CHARACTERISE)
        return publish(work)

    monkeypatch.setattr(page_files, "publish", lose_it_first)
    unit = hosts.run("first", Stage.CHARACTERISE)
    assert (unit.state, unit.token) == (State.DONE, 2)
    with hosts.host("station").registry.reading() as session:
        nodes = {row.path: row.node for row in all_staged(session, "letters", "item 0")}
    assert nodes["items/item 0/access/0001.jpg"] == "second"


def test_a_rendition_of_an_earlier_run_is_not_read(hosts: Hosts) -> None:
    hosts.submit(pages=1)
    hosts.run("station", *CAPTURED)
    hosts.run("first", Stage.CHARACTERISE, Stage.ENRICH)
    [stale] = (hosts.folder / "first" / "cache").rglob("renditions/0001.png")
    stale.write_bytes(b"made of a page that was replaced since")
    assert hosts.run("first", Stage.OCR).state == State.DONE


def test_a_damaged_file_in_between_is_put_there_again(hosts: Hosts) -> None:
    hosts.submit(pages=1)
    hosts.run("station", *CAPTURED)
    [master] = [key for key in hosts.bucket_keys() if "items" in key]
    hosts.client.put_object(Bucket=BUCKET, Key=master, Body=b"rotten")
    unit = hosts.run("node", Stage.CHARACTERISE)
    assert (unit.state, error_of(hosts, Stage.CHARACTERISE)["code"]) == (State.WAITING, FileNotStaged.code)
    hosts.in_flight()
    upkeep(hosts.host("station"))
    hosts.due_now(unit)
    assert hosts.run("node", Stage.CHARACTERISE).state == State.DONE


def test_what_another_host_made_is_put_there_again_by_that_host(hosts: Hosts) -> None:
    hosts.submit(pages=1)
    hosts.run("station", *CAPTURED)
    hosts.run("first", Stage.CHARACTERISE, Stage.ENRICH, Stage.OCR)
    for key in hosts.bucket_keys():
        hosts.client.delete_object(Bucket=BUCKET, Key=key)
    hosts.in_flight()
    for _ in range(4):
        unit = hosts.run("second", Stage.ASSEMBLE)
        if unit.state == State.DONE:
            return
        assert error_of(hosts, Stage.ASSEMBLE)["code"] == FileNotStaged.code
        upkeep(hosts.host("first"))
        hosts.due_now(unit)
    pytest.fail("The text and the images of its page have not come.")


@pytest.mark.tesseract
@pytest.mark.usefixtures("tesseract")
def test_a_bag_that_stayed_where_it_was_made_comes_when_another_host_waits_for_it(hosts: Hosts) -> None:
    hosts.common["staging"]["stage_bags"] = False
    hosts.submit(pages=1)
    hosts.run("station", *CAPTURED)
    hosts.run("first", Stage.CHARACTERISE, Stage.ENRICH, Stage.OCR, Stage.ASSEMBLE)
    before = set(hosts.bucket_keys())
    hosts.run("first", Stage.BAG)
    assert len(set(hosts.bucket_keys()) - before) == len(("suggestions", "statement", "signature"))
    unit = hosts.run("second", Stage.UPLOAD)
    assert error_of(hosts, Stage.UPLOAD)["code"] == FileNotStaged.code
    hosts.in_flight()
    upkeep(hosts.host("first"))
    hosts.due_now(unit)
    assert hosts.run("second", Stage.UPLOAD).state == State.DONE


@pytest.mark.tesseract
@pytest.mark.usefixtures("tesseract")
def test_images_of_another_station_are_not_missed_here_but_there(hosts: Hosts) -> None:
    hosts.submit(pages=1)
    (hosts.folder / "page0.tif").unlink()
    run_unit(hosts.host("node"), hosts.unit(Stage.VALIDATE).id, "test")
    assert hosts.unit(Stage.VALIDATE).state == State.DONE
    hosts.run("station", Stage.CAPTURE)
    assert error_of(hosts, Stage.CAPTURE)["code"] == "source.missing"


def test_a_batch_that_was_begun_without_staging_goes_on_with_it(hosts: Hosts) -> None:
    hosts.common["staging"]["mode"] = "shared"
    hosts.submit(pages=1)
    hosts.run("station", *CAPTURED)
    hosts.common["staging"]["mode"] = "s3"
    station = hosts.host("station", upkeep_seconds=1.0)
    unit = hosts.run("node", Stage.CHARACTERISE)
    assert error_of(hosts, Stage.CHARACTERISE)["code"] == FileNotStaged.code
    hosts.in_flight()
    upkeep(station)
    hosts.due_now(unit)
    assert hosts.run("node", Stage.CHARACTERISE).state == State.DONE


def test_a_master_that_changed_at_its_station_is_neither_sent_nor_overwritten(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts.submit(pages=1)
    station = hosts.host("station")
    master = station.item_folder("letters", "item 0") / "masters" / "0001.tif"
    send = page_files.publish

    def turn_a_bit(work: Work) -> int:
        content = bytearray(master.read_bytes())
        content[-1] ^= 1
        master.write_bytes(content)
        return send(work)

    monkeypatch.setattr(page_files, "publish", turn_a_bit)
    unit = hosts.run("station", *CAPTURED)
    assert (unit.state, error_of(hosts, Stage.CAPTURE)["code"]) == (State.HELD, "master.changed")
    assert [key for key in hosts.bucket_keys() if "items" in key] == []


def test_a_cancelled_batch_leaves_nothing_between_the_hosts_and_can_be_taken_up(hosts: Hosts) -> None:
    hosts.submit(pages=1)
    hosts.run("station", *CAPTURED)
    hosts.run("node", Stage.CHARACTERISE)
    station = hosts.host("station", bring_home="receipts")
    cancel_batch(station, "letters")
    upkeep(station)
    upkeep(hosts.host("node"))
    assert hosts.bucket_keys() == []
    assert hosts.files("node", "cache") == set()
    with station.registry.transaction() as session:
        retry_units(session, "letters")
    hosts.run("node", Stage.ENRICH)
    # what the cancelled item had is at its station, which supplies it
    hosts.run("node", Stage.OCR)
    hosts.in_flight()
    upkeep(station)
    hosts.due_now(hosts.unit(Stage.OCR))
    assert hosts.run("node", Stage.OCR).state == State.DONE


def test_room_is_made_by_what_nobody_works_on(hosts: Hosts) -> None:
    hosts.submit(pages=1, items=3, size=(1100, 1000))
    for number in range(3):
        hosts.run("station", *CAPTURED, item=f"item {number}")
        hosts.run("node", Stage.CHARACTERISE, item=f"item {number}")
    folder = hosts.host("node").settings.cached_batches / "letters" / "items"
    used = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    node = hosts.host("node", cache_bytes=used)
    os.utime(folder.parent / "in-use" / "item%201", (0, 0))
    with in_use(node, "letters", "item 0"):
        make_room(node, 1000)
        assert sorted(path.name for path in folder.iterdir()) == ["item 0", "item 2"]
        with pytest.raises(StagingDelayed):
            make_room(node, used)
        assert sorted(path.name for path in folder.iterdir()) == ["item 0"]
    with pytest.raises(CacheTooSmall):
        make_room(node, used + 1)
    # fetched again where it is needed
    assert hosts.run("node", Stage.ENRICH, item="item 1").state == State.DONE


def test_files_that_no_batch_counts_on_are_told_and_removed_when_they_are_old(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts.submit(pages=1)
    hosts.run("station", *CAPTURED)
    station, abandoned = hosts.host("station"), f"{PREFIX}/=letters/items/=gone/{'0' * 64}"
    for key in (abandoned, f"{PREFIX}/readme.txt", "of-others"):
        hosts.client.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    before = set(hosts.bucket_keys())
    monkeypatch.setattr("app.commands.staging.load_settings", lambda: station.settings)
    [batch, item] = json.loads(CliRunner().invoke(main, ["staging", "--json"]).stdout)[:2]
    assert (batch["item"], item["item"], batch["files"]) == (None, "gone", 1)
    assert json.loads(CliRunner().invoke(main, ["staging", "--abandoned", "--json"]).stdout) == []
    assert list(abandoned_files(station, dt.timedelta(hours=1))) == []
    now = dt.timedelta(seconds=-60)
    [told] = abandoned_files(station, now)
    assert isinstance(told, StagedObject)
    assert set(hosts.bucket_keys()) == before
    remove_abandoned(station, now)
    assert before - set(hosts.bucket_keys()) == {abandoned}


def test_what_others_put_into_the_place_stops_nobody(hosts: Hosts) -> None:
    hosts.submit(pages=1)
    hosts.run("station", *CAPTURED)
    hostile = [
        f"{PREFIX}/{batch}/items/{item}/{'0' * 64}"
        for batch, item in [("=%00", "=i"), ("=%ED%A0%80", "=i"), ("=letters", "=%F0%28"), ("=..", "=..")]
    ]
    for key in hostile:
        hosts.client.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    removed = remove_abandoned(hosts.host("station"), dt.timedelta(seconds=-60))
    assert [file.key for file in removed] == [hostile[-1].removeprefix(f"{PREFIX}/")]
    assert set(hostile[:-1]) < set(hosts.bucket_keys())


def test_what_is_left_of_an_earlier_registry_makes_room_and_goes(hosts: Hosts) -> None:
    hosts.submit(pages=1, size=(1100, 1000))
    hosts.run("station", *CAPTURED)
    node = hosts.host("node", cache_bytes=2_500_000)
    for name in ("older", "newer"):
        folder = node.settings.cached_batches / name
        for path in (folder / "in-use" / "i", folder / "items" / "i" / "big", folder / "bags" / "i.tar"):
            path.parent.mkdir(parents=True)
            path.write_bytes(b"x" * (1_200_000 if path.name == "big" else 0))
    os.utime(node.settings.cached_batches / "older" / "in-use" / "i", (0, 0))
    assert hosts.run("node", Stage.CHARACTERISE).state == State.DONE
    assert not (node.settings.cached_batches / "older" / "items" / "i").exists()
    assert clear_resting(node) == 1
    assert not (node.settings.cached_batches / "newer").exists()


def test_a_host_with_a_full_disk_leaves_units_to_others(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts.submit(pages=1)
    hosts.run("station", *CAPTURED)

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("os.fsync", full)
        unit = hosts.run("full", Stage.CHARACTERISE)
    assert (unit.state, unit.attempts) == (State.WAITING, 0)
    assert "is full" in error_of(hosts, Stage.CHARACTERISE)["message"]
    hosts.due_now(unit)
    assert hosts.run("node", Stage.CHARACTERISE).state == State.DONE


def test_another_machine_with_the_name_of_this_station_is_told(hosts: Hosts) -> None:
    station = hosts.host("station")
    with station.registry.transaction() as session:
        for host, name in (("cellar", "station"), (socket.gethostname(), "station"), ("attic", "node")):
            tell_node(session, NodeRecord(f"io@{host}", host, name, "1", (), "", {"owner": host}))
    assert tell_of_twins(station) == ["cellar"]
    assert tell_of_twins(hosts.host("reading-room")) == []
