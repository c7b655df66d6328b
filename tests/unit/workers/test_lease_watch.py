# SPDX-License-Identifier: Apache-2.0
"""One thread looks after all units of a process."""

from __future__ import annotations

import threading

from workers.lease_watch import LeaseWatch

PATIENCE = 30.0


def test_a_unit_is_looked_at_again_and_again_until_it_is_enough() -> None:
    looks = 0
    enough = threading.Event()

    def look() -> bool:
        nonlocal looks
        looks += 1
        if looks == 3:
            enough.set()
        return looks < 3

    watch = LeaseWatch()
    with watch.watching(look, 0.01):
        assert enough.wait(PATIENCE)
        with watch.watching(lambda: True, 0.01):
            pass
    assert looks == 3


def test_a_unit_with_a_shorter_lease_does_not_wait_for_one_with_a_longer() -> None:
    looked = threading.Event()
    watch = LeaseWatch()
    with watch.watching(lambda: True, 3600.0), watch.watching(lambda: not looked.set(), 0.01):
        assert looked.wait(PATIENCE)


def test_all_units_share_one_thread_and_none_is_looked_at_after_its_end() -> None:
    watch = LeaseWatch()
    begun, go_on = threading.Event(), threading.Event()
    threads: set[int] = set()
    ended = False
    late: list[bool] = []

    def look() -> bool:
        threads.add(threading.get_ident())
        late.append(ended)
        begun.set()
        go_on.wait(PATIENCE)
        return True

    for _ in range(3):
        begun.clear()
        go_on.clear()
        ended = False
        with watch.watching(look, 0.001):
            assert begun.wait(PATIENCE)
            go_on.set()
        ended = True
    assert len(threads) == 1
    assert not any(late)
