# SPDX-License-Identifier: Apache-2.0
"""A preservation location in a bucket whose connection breaks, damages and tells of success in vain gets each content once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update

from archive.registry.content_copies import VERIFIED
from archive.registry.ingest_facts import Outcome
from archive.registry.receiving_tables import ContentCopyRow, InstitutionRow
from archive.registry.states import State
from archive.registry.tables import UnitRow
from tests.arrivals import Arrival, ReceivingSite, make_bag
from tests.integration.storage.conftest import StrictS3, aws_environment, strict_s3

__all__ = ["aws_environment", "strict_s3"]

MOST_RUNS = 30
FAULTS = {"PUT": ["flip", "lose-answer", "lie"], "GET": ["cut"]}
"""Damaged on the way; kept without an answer; told as kept and lost; broken off while it is read back."""


def run_to_end(arrival: Arrival) -> None:
    """Run an ingest again and again, as the schedule does, without its waiting times."""
    for _ in range(MOST_RUNS):
        arrival.run()
        if arrival.unit("clean-up").state == State.DONE:
            return
        with arrival.site.registry.transaction() as session:
            session.execute(update(UnitRow).where(UnitRow.batch == arrival.batch).values(next_attempt_at=0.0))
    pytest.fail(str([(row.stage, row.chunk, row.state, row.error) for row in arrival.units()]))


@pytest.mark.usefixtures("aws_environment")
def test_a_bucket_behind_a_bad_line_gets_each_content_once_and_whole(
    site: ReceivingSite, strict_s3: StrictS3, tmp_path: Path
) -> None:
    bucket = f"s3://strict/kept?endpoint={strict_s3.endpoint}"
    with site.registry.transaction() as session:
        options = {"Standard": [str(site.folder / "east"), bucket]}
        session.execute(update(InstitutionRow).values(storage_options=options))
    arrival = site.deposit(make_bag(tmp_path))
    strict_s3.faults = {name: list(faults) for name, faults in FAULTS.items()}
    run_to_end(arrival)
    assert not any(strict_s3.faults.values())
    assert arrival.item.outcome == Outcome.INGESTED
    east = {
        str(path.relative_to(site.folder / "east")): path.read_bytes()
        for path in (site.folder / "east").rglob("*")
        if path.is_file()
    }
    kept = {key.removeprefix("kept/"): stored.body for key, stored in strict_s3.objects.items()}
    assert kept == east
    with site.registry.reading() as session:
        assert set(session.scalars(select(ContentCopyRow.state))) == {VERIFIED}
