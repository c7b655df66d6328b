# SPDX-License-Identifier: Apache-2.0
"""Messages reach their targets once, late rather than never, few rather than many, and no secret goes with them."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, update

from archive.registry import notification_messages
from archive.registry.notification_messages import (
    FAILED,
    SENDING,
    WAITING,
    count_states,
    count_ungathered,
    list_messages,
    send_again,
    take_due,
)
from archive.registry.notifications import Kind, notify
from archive.registry.receiving_tables import NotificationMessageRow, NotificationRow
from tests.unit.workers.notifications.conftest import PASSWORD, TOKEN, Mailbox, Webhook, tell
from workers.errors import NotificationNotSent, SettingsInvalid
from workers.logs import configure_logging
from workers.node import Node
from workers.notifications.delivery import Delivered, deliver, send_trial

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

HOUR = 3600.0


class Clock:
    """The registry's clock, set by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = time.time()
        monkeypatch.setattr(notification_messages, "now_seconds", lambda: self.moment)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


MakeNode = Callable[..., Node]


def rows(node: Node) -> list[NotificationMessageRow]:
    with node.registry.reading() as session:
        return list_messages(session, all_states=True)


def test_a_webhook_is_told_what_happened(make_node: MakeNode, webhook: Webhook, webhook_url: str) -> None:
    node = make_node({"office": {"url": webhook_url}})
    tell(node, Kind.BATCH_DONE, "diaries", batch="diaries", items=12, institution="Town Library")
    assert deliver(node) == Delivered(sent=1)
    ((path, body),) = webhook.taken
    assert path == f"/{TOKEN}"
    assert (body["title"], body["type"]) == ("Batch diaries is done", "info")
    assert "items: 12\ninstitution: Town Library" in body["message"]
    assert deliver(node) == Delivered()


def test_slack_is_told_in_its_own_form(make_node: MakeNode, webhook: Webhook) -> None:
    # Mattermost's webhooks take what Slack's take, and may be on any host
    node = make_node({"channel": {"url": f"mmost://127.0.0.1:{webhook.port}/{TOKEN}"}})
    tell(node, Kind.FIXITY_MISMATCH, "library.example.org/diaries", path="data/1.tif")
    deliver(node)
    ((path, body),) = webhook.taken
    assert path.endswith(TOKEN)
    assert "Stored bytes are not what they were: library.example.org/diaries" in body["text"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_mail_is_plain_text_and_nothing_from_outside_gets_into_its_headers(make_node: MakeNode) -> None:
    mailbox = Mailbox()
    try:
        url = (
            f"mailto://clerk:{PASSWORD}@127.0.0.1:{mailbox.port}"
            "?from=recto@example.org&to=archive@example.org&mode=insecure&format=text"
        )
        node = make_node({"mail": {"url": url}})
        tell(node, Kind.ITEM_HELD, "b/i\r\nBcc: all@example.org", reason="sk\u00e4wed", stage="characterise")
        assert deliver(node) == Delivered(sent=1)
    finally:
        mailbox.close()
    (mail,) = mailbox.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "b/i Bcc: all@example.org waits for a person"
    assert mail["To"] == "archive@example.org"
    text = mail.get_body(("plain",))
    assert text is not None
    assert "stands still at characterise: sk\u00e4wed" in text.get_content()


def test_a_target_that_is_down_gets_one_message_when_it_is_back(
    make_node: MakeNode, webhook: Webhook, webhook_url: str, clock: Clock
) -> None:
    node = make_node({"office": {"url": webhook_url}})
    webhook.refuses = True
    tell(node, Kind.ITEM_HELD, "b/1", reason="skewed")
    assert deliver(node) == Delivered(failed=1)
    assert "503" in rows(node)[0].error
    # it is not asked again at once
    assert deliver(node) == Delivered()
    tell(node, Kind.ITEM_HELD, "b/2", reason="dark")
    clock.moment += 61
    assert deliver(node) == Delivered(failed=1)
    webhook.refuses = False
    clock.moment += 121
    assert deliver(node) == Delivered(sent=1)
    clock.moment += HOUR
    assert deliver(node) == Delivered()
    assert webhook.titles == ["2 items wait for a person"]
    assert webhook.taken[0][1]["message"] == "- b/1: skewed\n- b/2: dark"


def test_what_comes_while_a_message_is_sent_is_told_too(
    make_node: MakeNode, webhook: Webhook, webhook_url: str, clock: Clock
) -> None:
    node = make_node({"office": {"url": webhook_url}})
    tell(node, Kind.ITEM_HELD, "b/1")
    webhook.refuses = True
    deliver(node)
    # its sender died in the middle
    with node.registry.transaction() as session:
        session.execute(update(NotificationMessageRow).values(state=SENDING, changed_at=clock.moment))
    tell(node, Kind.ITEM_HELD, "b/2")
    deliver(node)
    assert sorted((row.state, row.number) for row in rows(node)) == [(SENDING, 1), (WAITING, 1)]
    webhook.refuses = False
    clock.moment += HOUR
    assert deliver(node) == Delivered(sent=1)
    assert webhook.titles == ["2 items wait for a person"]


def test_a_message_that_nobody_takes_is_given_up_and_can_be_sent_again(
    make_node: MakeNode, webhook: Webhook, webhook_url: str, clock: Clock
) -> None:
    node = make_node({"office": {"url": webhook_url}}, give_up_hours=1)
    webhook.refuses = True
    tell(node, Kind.UPLOAD_FAILED, "b/1")
    rounds = [deliver(node)]
    for _ in range(10):
        clock.moment += HOUR
        rounds.append(deliver(node))
    assert sum(done.given_up for done in rounds) == 1
    with node.registry.reading() as session:
        assert count_states(session) == {("office", FAILED): 1}
    tell(node, Kind.UPLOAD_FAILED, "b/2")
    deliver(node)
    webhook.refuses = False
    with node.registry.transaction() as session:
        assert send_again(session) == 2
    assert deliver(node) == Delivered(sent=1)
    assert webhook.titles == ["2 uploads failed"]


def test_a_thousand_held_items_are_few_messages(
    make_node: MakeNode, webhook: Webhook, webhook_url: str, clock: Clock
) -> None:
    node = make_node({"office": {"url": webhook_url}})
    with node.registry.transaction() as session:
        notify(session, Kind.ITEM_HELD, "b/0", {"reason": "skewed"})
    for first in range(1, 1000, 111):
        deliver(node)
        with node.registry.transaction() as session:
            for number in range(first, first + 111):
                notify(session, Kind.ITEM_HELD, f"b/{number}", {"reason": "skewed"})
    deliver(node)
    clock.moment += 301
    deliver(node)
    assert webhook.titles == ["b/0 waits for a person", "999 items wait for a person"]
    assert webhook.taken[1][1]["message"].endswith("and 979 more")
    with node.registry.reading() as session:
        assert count_ungathered(session) == 0


def test_a_clock_that_was_ahead_keeps_nothing_back(
    make_node: MakeNode, webhook: Webhook, webhook_url: str, clock: Clock
) -> None:
    node = make_node({"office": {"url": webhook_url, "per_hour": 1}})
    clock.moment += 400 * 24 * HOUR
    tell(node, Kind.BATCH_DONE, "x")
    assert deliver(node).sent == 1
    webhook.refuses = True
    tell(node, Kind.ITEM_HELD, "b/1")
    clock.moment += HOUR + 1
    assert deliver(node).failed == 1
    webhook.refuses = False
    clock.moment -= 400 * 24 * HOUR
    tell(node, Kind.BATCH_DONE, "y")
    assert [deliver(node).sent, deliver(node).sent] == [1, 0]
    clock.moment += HOUR + 1
    assert deliver(node).sent == 1
    assert sorted(webhook.titles) == ["Batch x is done", "Batch y is done", "b/1 waits for a person"]


def test_a_target_gets_no_more_messages_an_hour_than_it_wants(
    make_node: MakeNode, webhook: Webhook, webhook_url: str, clock: Clock
) -> None:
    node = make_node({"office": {"url": webhook_url, "per_hour": 2}}, group_seconds=0)
    for kind in (Kind.BATCH_DONE, Kind.ITEM_HELD, Kind.DISK_LOW, Kind.RESTORE_DONE):
        tell(node, kind, "x")
    assert deliver(node).sent == 2
    clock.moment += 1800
    assert deliver(node).sent == 0
    clock.moment += 1801
    assert deliver(node).sent == 2


def test_each_target_gets_what_it_wants_whatever_becomes_of_the_others(
    make_node: MakeNode, webhook: Webhook, webhook_url: str
) -> None:
    node = make_node(
        {
            "down": {"url": "json://127.0.0.1:1/x"},
            "grave": {"url": webhook_url, "severity": "failure"},
            "batches": {"url": webhook_url, "kinds": ["batch done"]},
        }
    )
    for kind in (Kind.BATCH_DONE, Kind.ITEM_HELD, Kind.BACKUP_FAILED):
        tell(node, kind, "x", reason="full")
    assert deliver(node) == Delivered(sent=2, failed=1)
    assert webhook.titles == ["The registry was not backed up: x", "Batch x is done"]


def test_without_a_target_that_wants_it_nothing_is_written(make_node: MakeNode, webhook_url: str) -> None:
    nobody = make_node({})
    assert not tell(nobody, Kind.BATCH_DONE, "x")
    assert deliver(nobody) == Delivered()
    grave = make_node({"office": {"url": webhook_url, "severity": "failure"}})
    assert not tell(grave, Kind.BATCH_DONE, "x")
    assert tell(grave, Kind.BACKUP_FAILED, "x")
    with nobody.registry.reading() as session:
        assert session.scalar(select(func.count()).select_from(NotificationRow)) == 1


def test_what_nobody_sends_does_not_stay_for_ever(make_node: MakeNode, webhook_url: str) -> None:
    node = make_node({"office": {"url": webhook_url}})
    tell(node, Kind.BATCH_DONE, "x")
    with node.registry.transaction() as session:
        session.execute(update(NotificationRow).values(created_at="2020-01-01T00:00:00.000Z"))
    # a process without targets sends nothing, and clears away
    assert deliver(make_node({})) == Delivered()
    with node.registry.reading() as session:
        assert count_ungathered(session) == 0


def test_two_senders_never_have_the_same_message(make_node: MakeNode, webhook_url: str) -> None:
    node = make_node({"office": {"url": webhook_url}}, group_seconds=0)
    tell(node, Kind.BATCH_DONE, "x")
    with node.registry.transaction() as session:
        notification_messages.gather(session, {"office": lambda _: True})
    takes = []
    for _ in range(2):
        with node.registry.transaction() as session:
            takes.append(take_due(session, "office", group_seconds=0, per_hour=9))
    assert takes[0] is not None
    assert takes[1] is None


@pytest.mark.parametrize(
    "url",
    [
        f"json://clerk:{PASSWORD}@127.0.0.1:1/{TOKEN}?+X-Key={PASSWORD}",
        f"jsons://127.0.0.1:1/{TOKEN}",
        f"slack://{TOKEN}",
        f"nonsense://clerk:{PASSWORD}@h/{TOKEN}",
        f"{PASSWORD} {TOKEN}",
        f"mailto://clerk:{PASSWORD}@127.0.0.1:1/?to=a@example.org&mode=insecure",
        f"tgram://{TOKEN}/{PASSWORD}",
    ],
)
def test_no_secret_is_told_anywhere(
    make_node: MakeNode, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    configure_logging("debug", "json")
    try:
        node = make_node({"office": {"url": url}})
        tell(node, Kind.BATCH_DONE, "x")
        assert deliver(node).failed == 1
        with pytest.raises((NotificationNotSent, SettingsInvalid)) as caught:
            send_trial(node, "office")
        logging.getLogger("elsewhere").warning("somebody repeats %s", url)
    finally:
        root.handlers[:], root.level = before, level
    (row,) = rows(node)
    told: list[Any] = [
        json.dumps(caught.value.to_json()),
        repr(caught.value),
        row.error,
        repr(node.settings),
        node.settings.model_dump_json(),
        capsys.readouterr().err,
    ]
    assert row.error
    for secret in (PASSWORD, TOKEN, TOKEN.lower()):
        assert not [text for text in told if secret in text]
