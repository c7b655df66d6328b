# SPDX-License-Identifier: Apache-2.0
"""Transfers are few at once, and one that fails ends the others."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from workers.staging.parallel import transfer


def nobody_minds() -> None:
    """Go on."""


def test_never_more_than_a_few_are_begun() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def move(going_on: Callable[[], None]) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        going_on()
        with lock:
            running -= 1
        return 10

    assert transfer((move for _ in range(50)), 3, nobody_minds) == 500
    assert 1 <= most <= 3


def test_the_first_failure_ends_the_others_and_begins_none() -> None:
    begun: list[int] = []
    failed, ended = threading.Event(), threading.Event()

    def fail(_going_on: Callable[[], None]) -> int:
        begun.append(0)
        failed.set()
        raise ValueError("cut")

    def go_on(going_on: Callable[[], None]) -> int:
        begun.append(1)
        failed.wait(10)
        try:
            while True:
                going_on()
        except Exception:
            ended.set()
            raise

    with pytest.raises(ValueError, match="cut"):
        transfer(iter([go_on, fail, go_on, go_on]), 2, nobody_minds)
    assert ended.is_set()
    assert sorted(begun) == [0, 1]


def test_what_stops_the_unit_stops_its_transfers() -> None:
    def lost() -> None:
        raise LookupError

    def move(going_on: Callable[[], None]) -> int:
        going_on()
        return 1

    with pytest.raises(LookupError):
        transfer(iter([move]), 2, lost)
    assert transfer(iter([]), 2, lost) == 0
