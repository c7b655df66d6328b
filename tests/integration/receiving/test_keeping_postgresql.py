# SPDX-License-Identifier: Apache-2.0
"""On PostgreSQL, where many write at once: what is kept is read, restored and deleted as on SQLite, and once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive.errors import DeletionRefused
from archive.registry.deletions import Person
from archive.registry.events import read_events, verify_chain
from archive.registry.kept_objects import copies_by_state, list_objects, page_of_files
from tests.arrivals import ReceivingSite, make_bag
from tests.kept_objects import KeptBag, keep_bag
from workers.node import Node
from workers.receiving.deletions import (
    Execution,
    approve_deletion,
    execute_deletions,
    request_deletion,
)
from workers.receiving.drills import run_drill
from workers.receiving.restores import restore
from workers.restore_settings import DeletionSettings
from workers.settings import load_settings


@pytest.fixture
def kept(
    recto_home: Path, tmp_path: Path, registry_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[KeptBag]:
    monkeypatch.setenv("RECTO_DATABASE_URL", registry_url)
    node = Node(load_settings())
    node.settings = node.settings.model_copy(update={"deletion": DeletionSettings(delay_days=0)})
    yield keep_bag(ReceivingSite(tmp_path / "site", node), make_bag(tmp_path))
    node.close()


def test_what_is_kept_is_read_restored_and_drilled(kept: KeptBag) -> None:
    node = kept.site.node
    with node.registry.reading() as session:
        assert [row.id for row in list_objects(session, after="a/b", most=10)] == [kept.object]
        assert len(page_of_files(session, kept.version, most=100)) == len(kept.files)
        assert len(copies_by_state(session, kept.object)) == 2
    assert restore(node, kept.identifier).same_tar
    assert run_drill(node).outcome == "success"


def test_of_many_who_ask_agree_and_execute_at_once_one_does(kept: KeptBag) -> None:
    node = kept.site.node

    def ask(name: str) -> int:
        try:
            return request_deletion(node, kept.identifier, "why", Person(name, "one@desk"))
        except DeletionRefused:
            return 0

    def agree(name: str) -> int:
        try:
            return approve_deletion(node, number, Person(name, "other@desk")).id
        except DeletionRefused:
            return 0

    def execute(_: int) -> list[Execution]:
        return execute_deletions(node)

    with ThreadPoolExecutor(4) as people:
        asked = list(people.map(ask, ["Ada", "Ben", "Cem", "Dora"]))
        number = max(asked)
        agreed = list(people.map(agree, ["Eva", "Fritz", "Gul", "Hans"]))
        executed = [each for run in people.map(execute, range(4)) for each in run]
    assert sorted(asked) == [0, 0, 0, number]
    assert sorted(agreed) == [0, 0, 0, number]
    assert sum(each.executed for each in executed) == 1, executed
    with node.registry.reading() as session:
        assert verify_chain(session, kept.row.chain).whole
        events = list(read_events(session, kept.row.chain))
    assert [event["detail"]["step"] for event in events if event["type"] == "deletion"] == [
        "tombstone",
        "all copies are gone",
    ]
    assert sum(event["outcome"] == "fail" for event in events) == 6, "each denial is told"
