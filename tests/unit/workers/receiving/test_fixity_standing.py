# SPDX-License-Identifier: Apache-2.0
"""Whether the policy of audits keeps up, from limits, speed and schedule; and the task of the schedule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.registry.receiving_tables import ScheduleRunRow
from tests.audited_copies import Archive, make_archive
from workers.node import Node
from workers.receiving.audit_report import AuditRequest
from workers.receiving.audits import audit_copies
from workers.receiving.fixity_standing import fixity_watch, forecast
from workers.settings import load_settings

TERABYTE = 10**12


@pytest.fixture
def archive(recto_home: Path, tmp_path: Path) -> Iterator[Archive]:
    made = make_archive([str(tmp_path / "here"), str(tmp_path / "there")])
    made.keep("letters", [b"one", b"second"])
    yield made
    made.node.close()


def node_with(**policy: Any) -> Node:
    return Node(load_settings({"fixity": policy, "schedules": {"fixity": "0 * * * *"}}))


def run_of(size: int, seconds: float) -> ScheduleRunRow:
    return ScheduleRunRow(ended_at="2026-11-21T00:00:00Z", detail={"bytes": size, "seconds": seconds})


def test_the_forecast_follows_the_speed_of_earlier_runs(recto_home: Path) -> None:
    # 100 MB/s for 50 minutes of every hour are 7.2 TB a day
    runs = [run_of(10**10, 100.0)]
    told = forecast(node_with(), 72 * TERABYTE, runs)
    assert (told.keeps_up, told.days_for_all) == (True, pytest.approx(10.0))
    assert forecast(node_with(), 7200 * TERABYTE, runs).keeps_up is False


def test_the_forecast_follows_the_share_of_a_run(recto_home: Path) -> None:
    told = forecast(node_with(share=0.0001), TERABYTE, [run_of(10**10, 1.0)])
    assert told.days_for_all == pytest.approx(10_000 / 24)
    assert told.keeps_up is False


def test_without_any_run_or_schedule_nobody_knows(recto_home: Path) -> None:
    assert forecast(node_with(), TERABYTE, []).keeps_up is None
    none = Node(load_settings({"schedules": {"fixity": ""}}))
    assert forecast(none, TERABYTE, [run_of(10**10, 1.0)]).keeps_up is None


def test_what_somebody_should_look_at_is_told_the_worst_first(archive: Archive) -> None:
    assert "overdue" in fixity_watch(archive.node).warning
    for copy in archive.copies():
        archive.age(copy.id, 1)
    assert "has ever run" in fixity_watch(archive.node).warning
    archive._set(archive.copies()[0].id, state="missing")
    assert "1 of 4 kept copies are damaged or missing" in fixity_watch(archive.node).warning
    audit_copies(archive.node, AuditRequest(older_than=0.0))
    assert fixity_watch(archive.node).warning == ""


def test_the_schedules_task_audits_what_is_due(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    from workers.receiving import audit_task
    from workers.schedules import SCHEDULES

    monkeypatch.setattr(audit_task, "this_node", lambda: archive.node)
    assert SCHEDULES["fixity"].task == audit_task.AUDIT_TASK
    assert audit_task.audit_fixity_task() == "success"
    assert audit_copies(archive.node, AuditRequest()).copies == 0


def test_overdue_copies_are_told_once_a_day_however_often_audits_run(archive: Archive) -> None:
    for _ in range(3):
        audit_copies(archive.node, AuditRequest(), stopped=lambda: True)
    assert [notice.kind for notice in archive.notices()] == ["fixity overdue"]
