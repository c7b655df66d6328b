# SPDX-License-Identifier: Apache-2.0
"""Wishes: the newest first, old ones lapse, failures are told, and no thread outlives the work."""

from __future__ import annotations

import threading
from collections.abc import Hashable

from pytestqt.qtbot import QtBot

from app.desktop.viewer.byte_lru import ByteLru
from app.desktop.viewer.wish_pool import WishPool


class Gate:
    """A loader that tells what it was asked for and waits until it may go on."""

    def __init__(self) -> None:
        self.asked: list[Hashable] = []
        self.begun = threading.Event()
        self.open = threading.Event()

    def load(self, key: Hashable) -> Hashable | None:
        self.asked.append(key)
        self.begun.set()
        assert self.open.wait(5)
        if key == "bad":
            raise ValueError("no such page")
        return None if key == "later" else key


def test_old_wishes_lapse_and_the_newest_owner_comes_first(qtbot: QtBot) -> None:
    gate = Gate()
    pool = WishPool(gate.load, threads=1)
    arrived: list[object] = []
    pool.arrived.connect(lambda key, _: arrived.append(key))
    pool.wish("strip", ["first", "scrolled away"])
    assert gate.begun.wait(5)
    pool.wish("viewer", ["urgent"])
    pool.wish("strip", ["second", "third"])
    gate.open.set()
    qtbot.waitUntil(lambda: pool.is_idle and len(arrived) == 4)
    assert gate.asked == ["first", "second", "third", "urgent"]
    pool.shut_down()


def test_a_failure_is_told_and_the_rest_goes_on(qtbot: QtBot) -> None:
    gate = Gate()
    gate.open.set()
    pool = WishPool(gate.load, threads=2)
    arrived: list[object] = []
    failures: dict[object, dict[str, str]] = {}
    pool.arrived.connect(lambda key, _: arrived.append(key))
    pool.failed.connect(failures.__setitem__)
    pool.wish("viewer", ["later", "bad", "good"])
    qtbot.waitUntil(lambda: pool.is_idle and len(arrived) + len(failures) == 2)
    assert arrived == ["good"]
    assert "no such page" in failures["bad"]["message"]
    pool.shut_down()


def test_a_wish_made_again_while_it_cannot_be_had_yet_is_not_lost(qtbot: QtBot) -> None:
    gate = Gate()
    pool = WishPool(gate.load, threads=2)
    pool.wish("viewer", ["later"])
    assert gate.begun.wait(5)
    pool.wish("viewer", ["later", "other"])
    gate.open.set()
    qtbot.waitUntil(lambda: pool.is_idle)
    assert gate.asked.count("later") == 2
    pool.shut_down()


def test_after_shutting_down_nothing_is_loaded(qtbot: QtBot) -> None:
    gate = Gate()
    gate.open.set()
    pool = WishPool(gate.load)
    pool.shut_down()
    pool.wish("viewer", ["a"])
    assert gate.asked == []


def test_what_was_used_longest_ago_goes_first() -> None:
    store: ByteLru[str] = ByteLru(10)
    for key in "abc":
        store.put(key, key.upper(), 4)
    assert "a" not in store
    assert store.get("b") == "B"
    store.put("d", "D", 4)
    assert "c" not in store
    assert ("b" in store, store.size, len(store)) == (True, 8, 2)
    store.put("b", "greater", 100)
    assert store.get("b") == "greater"
    assert len(store) == 1
    store.remove_where(lambda key: key == "b")
    assert (store.size, store.get("b")) == (0, None)
