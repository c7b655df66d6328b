# SPDX-License-Identifier: Apache-2.0
"""Schedules: lines of crontab in their time zone, sent by beat when they are due, and never in the way of the others."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from celery.beat import ScheduleEntry
from click.testing import CliRunner

from app.command_line import main
from archive.registry import schedule_runs
from archive.registry.schedule_runs import begin_run, end_run, newest_runs, runs_of
from workers.celery import make_application
from workers.celery_settings import SWEEP_TASK
from workers.crontab_lines import next_due, read_line
from workers.errors import SettingsInvalid
from workers.node import Node
from workers.nodes.site_schedule import SiteScheduler
from workers.schedule_settings import ScheduleSettings
from workers.schedules import SCHEDULES, beat_entries, unknown_entries
from workers.settings import load_settings

BERLIN = "Europe/Berlin"
KEPT_RUNS = 20
"""Of five hundred, for tests."""


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("line", "zone", "after", "due"),
    [
        ("*/5 * * * *", "UTC", utc(2026, 11, 21, 10, 2), utc(2026, 11, 21, 10, 5)),
        ("30 3 1 * *", "UTC", utc(2026, 12, 1, 3, 30), utc(2027, 1, 1, 3, 30)),
        ("0 2 * * *", BERLIN, utc(2026, 11, 21, 0), utc(2026, 11, 21, 1)),
        ("0 2 * * *", BERLIN, utc(2026, 7, 1, 0), utc(2026, 7, 2, 0)),
        ("0 0 29 2 *", "UTC", utc(2026, 11, 21), utc(2028, 2, 29)),
        ("15 8-9 * * mon-fri", "UTC", utc(2026, 11, 21), utc(2026, 11, 23, 8, 15)),
    ],
)
def test_a_line_is_due_by_the_clock_of_its_zone(
    line: str, zone: str, after: dt.datetime, due: dt.datetime
) -> None:
    assert next_due(line, zone, after) == due


def test_a_daily_line_is_due_once_on_the_days_when_clocks_change() -> None:
    for day in (utc(2026, 3, 28, 12), utc(2026, 10, 24, 12)):
        moments = [day]
        for _ in range(3):
            moments.append(next_due("30 2 * * *", BERLIN, moments[-1]))
        assert (
            len({moment.astimezone(read_line("* * * * *", BERLIN).tz).date() for moment in moments[1:]}) == 3
        )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("* * * *", "4 fields"),
        ("60 * * * *", r"field 1 of 5 \(minute\), '60'"),
        ("* 24 * * *", r"field 2 of 5 \(hour\), '24'"),
        ("* * 0 * *", r"field 3 of 5 \(day of month\), '0'"),
        ("* * * 13 *", r"field 4 of 5 \(month\), '13'"),
        ("* * * * 7", r"field 5 of 5 \(day of week\), '7'"),
        ("* * * * someday", r"field 5 of 5 \(day of week\), 'someday'"),
        ("*/0 * * * *", r"field 1 of 5"),
        ("0 0 31 2 *", "no day of any year"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused_with_its_place(
    recto_home: Path, line: str, said: str
) -> None:
    with pytest.raises(SettingsInvalid, match=rf"schedules\.fixity: .*{said}"):
        load_settings({"schedules": {"fixity": line}})


def test_an_unknown_zone_and_an_unknown_schedule_are_refused(recto_home: Path) -> None:
    for table in ({"time_zone": "Mars/Olympus"}, {"time_zone": "../etc/passwd"}, {"fixty": "* * * * *"}):
        with pytest.raises(SettingsInvalid):
            load_settings({"schedules": table})


def test_every_schedule_of_the_settings_has_a_task_and_an_empty_line_is_never_sent() -> None:
    settings = ScheduleSettings()
    assert settings.lines().keys() == SCHEDULES.keys()
    assert beat_entries(settings).keys() == {*SCHEDULES, "send-notifications"}
    quiet = ScheduleSettings(**dict.fromkeys(SCHEDULES, ""))
    assert beat_entries(quiet).keys() == {"send-notifications"}


def test_a_message_is_of_use_until_the_next_one_is_sent() -> None:
    entries = beat_entries(ScheduleSettings(read_buckets="*/5 * * * *", drill="0 3 1 * *"))
    assert entries["read_buckets"]["options"]["expires"] == 300
    assert entries["drill"]["options"]["expires"] == 6 * 3600


def test_celery_sends_what_is_due_by_a_clock_that_is_given() -> None:
    moment = utc(2026, 11, 30, 22, 0)
    schedule = read_line("30 3 1 * *", BERLIN, lambda: moment)
    entry = ScheduleEntry(
        "drill", "recto.restore-drill", moment, schedule=schedule, app=Celery(set_as_current=False)
    )
    is_due, seconds = entry.is_due()
    assert (is_due, seconds) == (False, 4.5 * 3600)
    moment = utc(2026, 12, 1, 2, 30)
    assert entry.is_due().is_due
    # also when nobody was there at that time
    moment = utc(2026, 12, 4, 9, 0)
    assert entry.is_due().is_due


@pytest.fixture
def application(recto_home: Path) -> Iterator[Celery]:
    settings = load_settings({"schedules": {"fixity": "0 4 * * *", "time_zone": BERLIN, "receipts": ""}})
    made = make_application(settings)
    made.conf.broker_url = "memory://"
    yield made
    made.close()


def sent(application: Celery, queue: str) -> list[str]:
    tasks = []
    with application.connection_for_read() as connection:
        channel = connection.channel()
        channel.queue_declare(queue)
        while (message := channel.basic_get(queue, no_ack=True)) is not None:
            tasks.append(message.headers["task"])
    return tasks


def test_beat_sends_what_the_settings_say_and_leaves_out_what_this_recto_does_not_have(
    application: Celery, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: dict[str, Any] = {SWEEP_TASK: None, "recto.audit-fixity": None, "recto.read-buckets": None}
    monkeypatch.setattr(type(application), "tasks", known)
    schedule = SiteScheduler(app=application)
    assert {"reconcile", "send-notifications", "abandoned_uploads", "fixity", "read_buckets"} == set(
        schedule.schedule
    )
    assert schedule.schedule["fixity"].schedule.tz.key == BERLIN
    sent(application, "io_bound")
    long_ago = dict.fromkeys(("abandoned_uploads", "fixity"), 1700000000.0)
    schedule.tick()
    schedule._go_on_from(long_ago)
    while schedule.tick() == 0:
        pass
    assert sorted(sent(application, "io_bound")) == ["recto.audit-fixity", SWEEP_TASK]
    schedule.close()


def test_tasks_that_are_missing_are_found() -> None:
    assert unknown_entries(["reconcile", "fixity", "drill"], {"recto.restore-drill"}) == ["fixity"]


@pytest.fixture
def node(recto_home: Path) -> Iterator[Node]:
    made = Node(load_settings())
    yield made
    made.close()


def test_runs_are_kept_in_order_and_not_for_ever(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule_runs, "KEPT_RUNS", KEPT_RUNS)
    with node.registry.transaction() as session:
        for number in range(KEPT_RUNS + 20):
            end_run(session, begin_run(session, "fixity"), "success", {"number": number})
        begin_run(session, "drill")
    with node.registry.reading() as session:
        runs = runs_of(session, "fixity", most=KEPT_RUNS * 2)
        assert len(runs) <= KEPT_RUNS + 1
        assert runs[0].detail == {"number": KEPT_RUNS + 19}
        assert {name: row.outcome for name, row in newest_runs(session).items()} == {
            "fixity": "success",
            "drill": "",
        }


def recto(*arguments: str) -> Any:
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_command_lists_what_is_next_and_was_last_and_does_it_now(node: Node) -> None:
    with node.registry.transaction() as session:
        end_run(session, begin_run(session, "fixity"), "warning", {"checked": 7})
    told = {row["name"]: row for row in recto("schedule", "list")["schedules"]}
    assert told.keys() == SCHEDULES.keys()
    assert dt.datetime.fromisoformat(told["fixity"]["next"]).minute == 17
    assert told["fixity"]["last_run"]["outcome"] == "warning"
    assert recto("schedule", "history", "fixity")[0]["detail"] == {"checked": 7}
    assert recto("schedule", "run", "abandoned_uploads") == {
        "name": "abandoned_uploads",
        "result": 0,
        "run": None,
    }


def test_without_a_target_no_backup_is_made_and_that_is_said(node: Node) -> None:
    told = recto("schedule", "run", "registry_backup")
    assert (told["result"], told["run"]) == ("no target is named in [backup]", None)


def test_a_schedule_that_is_unknown_is_a_wrong_call(node: Node) -> None:
    run: Callable[..., Any] = CliRunner().invoke
    assert run(main, ["schedule", "run", "nonsense"]).exit_code == 2
