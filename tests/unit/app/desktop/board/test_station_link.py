# SPDX-License-Identifier: Apache-2.0
"""The desktop goes on without broker, registry or room on a disk, and says so once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.failure_notice import FailureNotice
from app.desktop.station_link import StationLink, StationState
from app.desktop.station_troubles import BROKER, DISK, STORAGE, StationTroubles
from app.desktop.status_line import StatusLine
from app.desktop.workplace import Workplace
from archive.errors import AccessRefused, RegistryUnreachable
from archive.registry.open_work import Trouble, Workload
from workers.desktop_lock import desktop_is_open
from workers.errors import BrokerUnavailable
from workers.health import DiskRoom, Health, QueueHealth

GOOD = Health(
    at=0.0,
    station="reading-room",
    own_broker=False,
    station_runs=False,
    broker_failure=None,
    registry_failure=None,
    queues=(QueueHealth("default", 0, 1),),
    workers=(),
    disks=(DiskRoom("data", 100 << 30, 200 << 30),),
    load=Workload(0, 0, None),
    troubles=(),
)


class Told:
    """What the workplace was told."""

    def __init__(self, workplace: Workplace) -> None:
        self.notices: list[FailureNotice] = []
        self.resolved: list[str] = []
        workplace.failure_reported.connect(self.notices.append)
        workplace.failure_resolved.connect(self.resolved.append)

    def keys(self) -> list[str]:
        return [notice.key for notice in self.notices]


@pytest.fixture
def told(workplace: Workplace) -> Told:
    return Told(workplace)


@pytest.fixture
def link(workplace: Workplace) -> Iterator[StationLink]:
    made = StationLink(workplace, poll_seconds=0.05)
    yield made
    made.shut_down()


TROUBLES: dict[str, tuple[dict[str, Any], str]] = {
    "broker down": ({"broker_failure": BrokerUnavailable("No broker.").to_json()}, BROKER),
    "network to the storage forbidden": (
        {"troubles": (Trouble("storage.access_refused", 1, 0, ("b",), AccessRefused("403.").to_json()),)},
        STORAGE,
    ),
    "disk full": ({"disks": (DiskRoom("data", 1 << 20, 200 << 30),)}, DISK),
    "registry away": ({"registry_failure": RegistryUnreachable("Locked.").to_json()}, "station.registry"),
}


# requirement 16
@pytest.mark.parametrize("fault", TROUBLES)
def test_each_trouble_is_told_once_with_a_button_and_taken_away_when_it_is_over(
    workplace: Workplace, told: Told, fault: str
) -> None:
    wrong, key = TROUBLES[fault]
    troubles = StationTroubles(workplace)
    troubles.tell(dataclasses.replace(GOOD, **wrong), own_is_starting=False)
    troubles.tell(dataclasses.replace(GOOD, **wrong), own_is_starting=False)
    assert told.keys() == [key]
    assert told.notices[0].remedy_title
    assert told.resolved == []
    troubles.tell(GOOD, own_is_starting=False)
    assert told.resolved == [key]


def test_the_troubles_have_texts_of_their_own(workplace: Workplace, told: Told) -> None:
    troubles = StationTroubles(workplace)
    for wrong, _key in TROUBLES.values():
        troubles.tell(dataclasses.replace(GOOD, **wrong), own_is_starting=False)
        troubles.tell(GOOD, own_is_starting=False)
    assert len({notice.failure["message"] for notice in told.notices}) == len(TROUBLES)


def test_a_broker_that_is_only_starting_is_no_trouble(workplace: Workplace, told: Told) -> None:
    away = dataclasses.replace(GOOD, own_broker=True, broker_failure=BrokerUnavailable("Not yet.").to_json())
    StationTroubles(workplace).tell(away, own_is_starting=True)
    assert told.notices == []


def test_a_site_whose_broker_is_away_leaves_the_desktop_working_and_is_told(
    qtbot: QtBot, home: Path, told: Told, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = workplace.settings.model_copy(update={"broker_url": "redis://127.0.0.1:1/0"})
    monkeypatch.setattr(workplace.node, "settings", away)
    link = StationLink(workplace, poll_seconds=0.05)
    with qtbot.waitSignal(link.health_changed, timeout=10_000):
        link.start()
    assert link.state is StationState.TROUBLE
    assert told.keys() == [BROKER]
    assert desktop_is_open(away)
    link.shut_down()
    assert not desktop_is_open(away)


def test_dispatching_without_a_broker_is_owed_and_not_reported_a_second_time(
    qtbot: QtBot, link: StationLink, told: Told
) -> None:
    operation = link.dispatch("some-batch")
    with qtbot.waitSignal(operation.finished, timeout=10_000):
        pass
    assert told.notices == []
    assert link._owed == {"some-batch"}


def test_the_foot_of_the_window_says_how_the_workers_are_and_what_waits(
    qtbot: QtBot, workplace: Workplace, link: StationLink
) -> None:
    workplace.station_link = link
    line = StatusLine(workplace)
    qtbot.addWidget(line, before_close_func=StatusLine.shut_down)
    assert line.broker.words == "Workers are not started"
    assert line.queue.words == ""
    link._heard(dataclasses.replace(GOOD, load=Workload(waiting=4, running=2, oldest_waiting=3.0)))
    assert line.broker.words == "Workers of the site"
    assert line.queue.words == "2 at work, 4 waiting"
