# SPDX-License-Identifier: Apache-2.0
"""Page files go from host to host by the bucket, proved on the way, and nothing of them is left there at the end."""

from __future__ import annotations

import shutil

import pytest

from archive.bag.validator import verify_bag
from archive.registry.decisions import retry_units
from archive.registry.stages import Stage
from archive.registry.states import State
from tests.integration.workers.staging.conftest import Hosts
from workers.export import export_batch
from workers.release import release_batch
from workers.staging.errors import FileNotStaged
from workers.staging.upkeep import upkeep
from workers.verification import verify_item

STATION = (Stage.VALIDATE, Stage.CAPTURE)
COMPUTE = (Stage.CHARACTERISE, Stage.ENRICH, Stage.OCR, Stage.ASSEMBLE)
STORE = (Stage.BAG, Stage.UPLOAD, Stage.CONFIRM)


@pytest.mark.tesseract
@pytest.mark.usefixtures("tesseract")
def test_each_stage_may_run_on_another_host(hosts: Hosts) -> None:
    hosts.common["release"] = {"policy": "after-read-back", "after_days": 0}
    hosts.submit()
    hosts.run("station", *STATION)
    for number, stage in enumerate((*COMPUTE, *STORE)):
        unit = hosts.run(f"host{number % 3}", stage)
        assert unit.state == State.DONE, unit.error
    [bag] = (hosts.folder / "vault").glob("*.tar")
    assert verify_bag(bag).valid
    upkeep(hosts.host("station"))
    assert hosts.bucket_keys() == []
    kept = hosts.files("station", "data/batches/letters/items/item 0")
    assert {"receipt.json", "premis.xml", "access/0001.jpg", "item 0.pdf", "masters/0001.tif"} <= kept
    for host in ("host0", "host1", "host2"):
        upkeep(hosts.host(host))
        assert hosts.files(host, "cache") == set()
        assert hosts.files(host, "data") == set()
    # the bag was signed where it was made; with that host's public key the station makes the very same bag
    station = hosts.host("station")
    assert [made["equal"] for made in export_batch(station, "letters", hosts.folder / "first")] == [False]
    for key in hosts.host("host1").settings.key_directory.glob("*.pub.pem"):
        shutil.copy(key, station.settings.key_directory)
    assert [made["equal"] for made in export_batch(station, "letters", hosts.folder / "second")] == [True]
    assert [verdict.valid for verdict in verify_item(station, "letters", "item 0")] == [True]
    _made_again_it_is_the_same_bag(hosts)
    [released] = release_batch(station, "letters")
    assert (released.state, released.reasons) == ("released", ())
    assert not (station.item_folder("letters", "item 0") / "masters").exists()


def _made_again_it_is_the_same_bag(hosts: Hosts) -> None:
    """Later, when nothing of the item is left between the hosts, and its station has to supply it."""
    first = hosts.unit(Stage.BAG).result
    with hosts.host("station").registry.transaction() as session:
        retry_units(session, "letters", stage=Stage.BAG)
    waiting = hosts.run("host1", Stage.BAG)
    assert waiting.error is not None
    assert waiting.error["code"] == FileNotStaged.code
    hosts.in_flight()
    upkeep(hosts.host("station"))
    hosts.due_now(waiting)
    assert hosts.run("host1", Stage.BAG).result == first
    assert hosts.run("host2", Stage.UPLOAD, Stage.CONFIRM).state == State.DONE
