# SPDX-License-Identifier: Apache-2.0
"""Messages on every kind of registry: gathered once, taken by one, joined when they come back."""

from __future__ import annotations

import itertools
import threading

import pytest

from archive.errors import RegistryOvertaken
from archive.registry import Registry
from archive.registry.notification_messages import (
    EXAMPLES,
    FAILED,
    WAITING,
    count_states,
    count_ungathered,
    gather,
    list_messages,
    note_not_sent,
    note_sent,
    prune,
    send_again,
    take_due,
)
from archive.registry.notifications import Kind, notify

TARGETS = {"office": lambda _: True, "nights": lambda kind: kind == Kind.BACKUP_FAILED}

_NUMBERS = itertools.count()


def tell(registry: Registry, kind: Kind, number: int = 1) -> None:
    with registry.transaction() as session:
        for _ in range(number):
            notify(session, kind, f"subject {next(_NUMBERS)}", {"reason": "a % of $ \u2013 \u00e4"})


def collect(registry: Registry) -> int:
    with registry.transaction() as session:
        return gather(session, TARGETS)


def take(registry: Registry, target: str = "office") -> tuple[int, int] | None:
    with registry.transaction() as session:
        row = take_due(session, target, group_seconds=0, per_hour=99)
        return None if row is None else (row.id, row.number)


@pytest.mark.every_registry
def test_a_message_waits_grows_is_taken_once_and_comes_back(registry: Registry) -> None:
    tell(registry, Kind.ITEM_HELD, 30)
    tell(registry, Kind.BACKUP_FAILED)
    assert collect(registry) == 31
    tell(registry, Kind.ITEM_HELD, 5)
    assert collect(registry) == 5
    with registry.reading() as session:
        rows = list_messages(session)
        assert [(row.target, row.kind, row.number, len(row.examples)) for row in rows] == [
            ("office", Kind.ITEM_HELD, 35, EXAMPLES),
            ("office", Kind.BACKUP_FAILED, 1, 1),
            ("nights", Kind.BACKUP_FAILED, 1, 1),
        ]
        assert count_ungathered(session) == 0
    first, second = take(registry), take(registry)
    assert first is not None
    assert second is not None
    assert take(registry) is None
    tell(registry, Kind.ITEM_HELD)
    collect(registry)
    with registry.transaction() as session:
        assert not note_not_sent(session, first[0], "away", give_up_seconds=60)
        note_sent(session, second[0])
    # it waits its minute, together with what came meanwhile
    assert take(registry) is None
    with registry.reading() as session:
        assert [(row.number, row.error) for row in list_messages(session) if row.target == "office"] == [
            (36, "away")
        ]
    with registry.transaction() as session:
        assert send_again(session, [first[0]]) == 1
    assert take(registry) == (first[0], 36)


def test_what_is_told_again_of_the_same_subject_is_told_once_as_it_was_last(registry: Registry) -> None:
    for reason in ("chunk 0", "chunk 1", "chunk 2"):
        with registry.transaction() as session:
            for _ in range(2):
                notify(session, Kind.ITEM_HELD, "b/1", {"reason": reason})
        collect(registry)
    tell(registry, Kind.ITEM_HELD)
    collect(registry)
    with registry.reading() as session:
        (message,) = list_messages(session)
    assert (message.number, message.examples[0]["facts"]) == (2, {"reason": "chunk 2"})


@pytest.mark.every_registry
def test_what_was_given_up_and_what_waits_are_tried_again_together(registry: Registry) -> None:
    for error in ("away", "still away"):
        tell(registry, Kind.ITEM_HELD)
        collect(registry)
        taken = take(registry)
        assert taken is not None
        with registry.transaction() as session:
            note_not_sent(session, taken[0], error, give_up_seconds=60)
            session.flush()
            send_again(session)
    with registry.transaction() as session:
        (row,) = list_messages(session)
        row.state = FAILED
    tell(registry, Kind.ITEM_HELD)
    collect(registry)
    with registry.reading() as session:
        assert count_states(session) == {("office", FAILED): 1, ("office", WAITING): 1}
    with registry.transaction() as session:
        assert send_again(session) == 2
    with registry.reading() as session:
        assert [(row.state, row.number) for row in list_messages(session)] == [(WAITING, 3)]


@pytest.mark.every_registry
def test_what_is_old_goes_and_what_is_new_stays(registry: Registry) -> None:
    tell(registry, Kind.ITEM_HELD)
    collect(registry)
    tell(registry, Kind.ITEM_HELD)
    with registry.transaction() as session:
        prune(session, kept_seconds=60, unsent_seconds=60)
        assert (count_ungathered(session), len(list_messages(session))) == (1, 1)
        prune(session, kept_seconds=-1, unsent_seconds=-1)
        assert (count_ungathered(session), len(list_messages(session))) == (0, 0)


@pytest.mark.every_registry
def test_many_who_gather_at_once_lose_and_double_nothing(registry: Registry) -> None:
    tell(registry, Kind.ITEM_HELD, 200)
    errors: list[BaseException] = []
    told: list[int] = [200]

    def run() -> None:
        try:
            for _ in range(5):
                try:
                    collect(registry)
                except RegistryOvertaken:
                    # another one made the message first; the next round adds to it
                    continue
                tell(registry, Kind.ITEM_HELD, 10)
                told.append(10)
        except BaseException as error:  # noqa: BLE001 (told below, by the thread that asserts)
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    collect(registry)
    with registry.reading() as session:
        assert sum(row.number for row in list_messages(session)) == sum(told)
        assert count_ungathered(session) == 0
