# SPDX-License-Identifier: Apache-2.0
"""A schedule sends only while the registry says that it is the one, and lets another take over when it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from sqlalchemy import text

from archive.registry.nodes import BEAT_SECONDS, NodeRecord, read_nodes, schedule_holder, take_schedule
from archive.registry.tables import NodeRow
from workers.node import Node
from workers.nodes.refusal import REFUSED
from workers.nodes.site_schedule import STANDBY_SECONDS, SiteScheduler
from workers.settings import load_settings

LONG_AGO = 1000.0


@pytest.fixture
def node(recto_home: Path) -> Iterator[Node]:
    made = Node(load_settings())
    yield made
    made.close()


@pytest.fixture
def application() -> Iterator[Celery]:
    """A Celery application whose messages stay in this process."""
    made = Celery("schedules", broker="memory://", set_as_current=False)
    made.conf.beat_schedule = {
        "reconcile": {"task": "recto.reconcile", "schedule": 60.0, "options": {"queue": "test_schedule"}}
    }
    yield made
    made.close()


def sent(application: Celery) -> int:
    with application.connection_for_read() as connection:
        declared = connection.channel().queue_declare("test_schedule")
        return int(declared.message_count)


def hold_schedule_elsewhere(node: Node) -> None:
    other = NodeRecord("beat@cellar", "cellar", "cellar", "1", (), "2026", {"owner": "cellar:1:beat"})
    with node.registry.transaction() as session:
        take_schedule(session, other, is_dead=lambda _: False, facts={})


def test_the_first_schedule_sends_what_is_due_and_lets_go_at_its_end(node: Node, application: Celery) -> None:
    before = sent(application)
    schedule = SiteScheduler(app=application)
    assert 0 <= schedule.tick() <= BEAT_SECONDS
    # what was sent last stands with the lease: this one was due long ago
    schedule._go_on_from({"reconcile": time.time() - LONG_AGO, "gone": 1.0})
    assert schedule.tick() == 0
    assert sent(application) == before + 1
    with node.registry.reading() as session:
        assert [(told.name, told.kind) for told in read_nodes(session)] == [
            (f"beat@{node.settings.station}", "beat")
        ]
    schedule.close()
    with node.registry.reading() as session:
        assert schedule_holder(session) is None
        assert read_nodes(session) == []


def test_a_second_schedule_stands_by_and_goes_on_where_the_first_was(node: Node, application: Celery) -> None:
    hold_schedule_elsewhere(node)
    before = sent(application)
    schedule = SiteScheduler(app=application)
    schedule._go_on_from({"reconcile": time.time() - LONG_AGO})
    assert schedule.tick() == STANDBY_SECONDS
    assert sent(application) == before
    with node.registry.transaction() as session:
        lease = session.get_one(NodeRow, "schedule")
        lease.seen_at = 0.0
        lease.facts = {**lease.facts, "kept": {"reconcile": time.time() - 59.0}}
    schedule._look_at = 0.0
    assert 0 < schedule.tick() < 2
    assert sent(application) == before
    schedule.close()


def test_a_schedule_beside_an_upgraded_registry_ends(
    node: Node, application: Celery, capsys: pytest.CaptureFixture[str]
) -> None:
    schedule = SiteScheduler(app=application)
    with node.registry.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SystemExit) as ended:
        schedule.tick()
    assert ended.value.code == REFUSED
    assert "What to do: Install the newer Recto" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        SiteScheduler(app=application)
