# SPDX-License-Identifier: Apache-2.0
"""What the schedule sends does what the commands do, and ends early where its worker stops."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.registry.deletions import Person
from archive.registry.schedule_runs import runs_of
from tests.arrivals import ReceivingSite, make_bag
from tests.kept_objects import KeptBag, keep_bag
from workers.celery import app
from workers.nodes.stopping import stopping
from workers.receiving import keeping_tasks
from workers.receiving.deletions import approve_deletion, request_deletion
from workers.receiving.drills import RUN
from workers.restore_settings import DeletionSettings
from workers.schedules import SCHEDULES


@pytest.fixture
def kept(site: ReceivingSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeptBag:
    monkeypatch.setattr(keeping_tasks, "this_node", lambda: site.node)
    return keep_bag(site, make_bag(tmp_path))


def test_the_schedule_knows_the_tasks_by_their_names() -> None:
    assert SCHEDULES["drill"].task == keeping_tasks.DRILL_TASK in app.tasks
    assert SCHEDULES["drill"].run == RUN
    assert SCHEDULES["execute_deletions"].task == keeping_tasks.DELETIONS_TASK in app.tasks
    assert keeping_tasks.__name__ in app.conf.include


def test_a_drill_of_the_schedule_is_recorded_and_ends_with_its_worker(kept: KeptBag) -> None:
    assert keeping_tasks.restore_drill_task() == "success"
    stopping.begin(0)
    try:
        assert keeping_tasks.restore_drill_task() == "stopped"
    finally:
        stopping.forget()
    with kept.site.registry.reading() as session:
        assert [run.outcome for run in runs_of(session, RUN)] == ["warning", "success"]


def test_deletions_of_the_schedule_are_carried_out_once_they_are_due(kept: KeptBag) -> None:
    node = kept.site.node
    node.settings = node.settings.model_copy(update={"deletion": DeletionSettings(delay_days=0)})
    assert keeping_tasks.execute_deletions_task() == 0
    number = request_deletion(node, kept.identifier, "why", Person("Ada", "ada@desk"))
    assert keeping_tasks.execute_deletions_task() == 0
    approve_deletion(node, number, Person("Ben", "ben@desk"))
    assert keeping_tasks.execute_deletions_task() == 1
    assert kept.row.state == "deleted"
