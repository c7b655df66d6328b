# SPDX-License-Identifier: Apache-2.0
"""`recto notify` and what `recto doctor` and `recto status` say of messages: all of it without an address."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from app.command_line import main
from app.commands.doctor_finding import Finding
from app.commands.doctor_site import SITE_CHECKS
from app.exit_codes import ExitCode
from archive.registry.notification_messages import FAILED
from archive.registry.notifications import Kind, notify
from archive.registry.receiving_tables import NotificationMessageRow, ScheduleRunRow
from archive.registry.schedule_runs import begin_run, end_run
from tests.memory_keyring import memory_keyring
from workers.node import Node
from workers.settings import load_settings, settings_file

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

SECRET = "a-token-nobody-may-see"  # noqa: S105 (made up)
URL = f"json://clerk:{SECRET}@127.0.0.1:1/{SECRET}"


@pytest.fixture
def home(recto_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A station with one target, whose address comes from the environment."""
    file = settings_file()
    file.parent.mkdir(parents=True)
    file.write_text('[notifications.targets.office]\nkinds = ["item held", "backup failed"]\n')
    monkeypatch.setenv("RECTO_NOTIFICATIONS__TARGETS__OFFICE__URL", URL)
    return recto_home


def recto(*arguments: str, given: str | None = None) -> Result:
    result = CliRunner().invoke(main, arguments, input=given)
    assert SECRET not in result.output
    return result


def doctor() -> list[Finding]:
    """What doctor says of notifications and backups; its other checks take seconds."""
    node = Node(load_settings())
    found = [finding for check in SITE_CHECKS for finding in check(node)]
    node.close()
    assert SECRET not in str(found)
    return found


def document(result: Result) -> Any:
    return json.loads(result.stdout)


def test_a_target_that_does_not_answer_is_told(home: Path) -> None:
    result = recto("notify", "test", "--json")
    assert result.exit_code == ExitCode.STORAGE_OR_NETWORK
    (answer,) = document(result)
    assert (answer["target"], answer["sent"], answer["error"]["code"]) == (
        "office",
        False,
        "notification.not_sent",
    )
    assert "Connection error" in answer["error"]["message"]
    assert recto("notify", "test", "nobody").exit_code == ExitCode.WRONG_USAGE


def test_what_was_not_sent_is_listed_and_tried_again(home: Path) -> None:
    node = Node(load_settings())
    with node.registry.transaction() as session:
        notify(session, Kind.ITEM_HELD, "b/1", {"reason": "skewed"})
    listed = document(recto("notify", "list", "--json"))
    assert (listed["notifications"], listed["messages"]) == (1, [])
    tried = recto("notify", "retry", "--json")
    assert tried.exit_code == ExitCode.STORAGE_OR_NETWORK
    (message,) = document(recto("notify", "list", "--json"))["messages"]
    assert (message["state"], message["subjects"], message["attempts"]) == ("waiting", ["b/1"], 1)
    with node.registry.transaction() as session:
        session.get_one(NotificationMessageRow, message["id"]).state = FAILED
    node.close()
    status = document(recto("status", "--json"))
    assert status["unsent"] == [{"target": "office", "waiting": 0, "given_up": 1}]
    found = [finding for finding in doctor() if finding.check == "notify office"]
    assert [finding.good for finding in found] == [True, False]
    assert "given up" in found[1].found
    assert "1 were given up" in recto("status").output


def test_an_address_is_kept_in_the_keyring_and_found_there(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECTO_NOTIFICATIONS__TARGETS__OFFICE__URL")
    settings_file().write_text('[notifications.targets.office]\ncredentials = "keyring"\n')
    with memory_keyring():
        missing = document(recto("notify", "test", "--json"))
        assert "recto notify keep office" in missing[0]["error"]["remedy"]
        assert recto("notify", "keep", "office", given="nonsense://x\n").exit_code == ExitCode.WRONG_USAGE
        assert recto("notify", "keep", "office", given=f"{URL}\n").exit_code == 0
        (answer,) = document(recto("notify", "test", "--json"))
        assert answer["error"]["code"] == "notification.not_sent"


def test_a_settings_file_with_an_address_that_others_can_read_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> list[str]:
        return [finding.remedy for finding in doctor() if finding.check == "settings file"]

    settings_file().chmod(0o644)
    assert told() == []
    monkeypatch.delenv("RECTO_NOTIFICATIONS__TARGETS__OFFICE__URL")
    settings_file().write_text(f'[notifications.targets.office]\nurl = "{URL}"\n')
    (remedy,) = told()
    assert "chmod 600" in remedy
    settings_file().chmod(0o600)
    assert told() == []


def test_doctor_tells_whether_the_registry_is_backed_up(home: Path) -> None:
    def told() -> list[tuple[bool, str]]:
        return [(finding.good, finding.found) for finding in doctor() if finding.check == "registry backup"]

    assert told() == [(False, "none is made")]
    with settings_file().open("a") as file:
        file.write('[backup]\ntarget = "local"\n')
    assert [good for good, _ in told()] == [True]
    node = Node(load_settings())
    for outcome in ("fail", "success"):
        with node.registry.transaction() as session:
            end_run(session, begin_run(session, "registry_backup"), outcome)
        assert [good for good, _ in told()] == [outcome == "success"]
    with node.registry.transaction() as session:
        begin_run(session, "registry_backup")
    assert [good for good, _ in told()] == [True]
    with node.registry.transaction() as session:
        session.execute(update(ScheduleRunRow).values(outcome="success"))
        session.execute(update(ScheduleRunRow).values(started_at="2026-01-01T00:00:00.000Z"))
    ((good, found),) = told()
    assert not good
    assert found.endswith("none since")
    node.close()


def test_a_target_without_an_address_is_refused(recto_home: Path) -> None:
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text("[notifications.targets.office]\n")
    result = recto("notify", "list")
    assert result.exit_code == ExitCode.WRONG_USAGE
    assert "give its address" in result.output
