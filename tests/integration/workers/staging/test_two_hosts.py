# SPDX-License-Identifier: Apache-2.0
"""Page files go from host to host by the bucket, proved on the way, and nothing of them is left there at the end."""

from __future__ import annotations

import pytest

from archive.bag.validator import verify_bag
from archive.registry.stages import Stage
from archive.registry.states import State
from tests.integration.workers.staging.conftest import Hosts
from workers.staging.upkeep import upkeep

STATION = (Stage.VALIDATE, Stage.CAPTURE)
COMPUTE = (Stage.CHARACTERISE, Stage.ENRICH, Stage.OCR, Stage.ASSEMBLE)
STORE = (Stage.BAG, Stage.UPLOAD, Stage.CONFIRM)


@pytest.mark.tesseract
@pytest.mark.usefixtures("tesseract")
def test_each_stage_may_run_on_another_host(hosts: Hosts) -> None:
    hosts.submit()
    hosts.run("station", *STATION)
    for number, stage in enumerate((*COMPUTE, *STORE)):
        unit = hosts.run(f"host{number % 3}", stage)
        assert unit.state == State.DONE, unit.error
    [bag] = (hosts.folder / "vault").glob("*.tar")
    assert verify_bag(bag).valid
    upkeep(hosts.host("station"))
    assert hosts.keys() == []
    kept = hosts.files("station", "data/batches/letters/items/item 0")
    assert {"receipt.json", "premis.xml", "access/0001.jpg", "item 0.pdf", "masters/0001.tif"} <= kept
    for host in ("host0", "host1", "host2"):
        upkeep(hosts.host(host))
        assert hosts.files(host, "cache") == set()
        assert hosts.files(host, "data") == set()
