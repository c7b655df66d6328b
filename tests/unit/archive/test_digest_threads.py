# SPDX-License-Identifier: Apache-2.0
"""Threads that digest: in order, bounded, and ended on every path."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator

import pytest

from archive.digest_threads import DigestThreads


@pytest.fixture(autouse=True)
def all_threads_end() -> Iterator[None]:
    """No thread outlives the `with` block that it belongs to."""
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


class Stopped(Exception):
    """The caller wants no more."""


def test_each_digest_sees_all_blocks_in_order() -> None:
    blocks = [bytes([number]) * 1000 for number in range(200)]
    hashes = {name: hashlib.new(name) for name in ("md5", "sha1", "sha256", "sha512")}
    with DigestThreads() as threads:
        for block in blocks:
            for name, running in hashes.items():
                threads.hand(name, running.update, block)
        threads.wait()
        for name, running in hashes.items():
            assert running.digest() == hashlib.new(name, b"".join(blocks)).digest()


def test_leaving_the_block_is_waiting() -> None:
    seen: list[int] = []
    with DigestThreads() as threads:
        for number in range(100):
            threads.hand("one", seen.append, number)
    assert seen == list(range(100))


def test_few_blocks_wait_for_a_thread() -> None:
    go = threading.Event()
    handed: list[int] = []

    def hand_over(threads: DigestThreads) -> None:
        for number in range(100):
            threads.hand("slow", lambda _: go.wait(), number)
            handed.append(number)

    with DigestThreads() as threads:
        first = threading.Thread(target=hand_over, args=(threads,))
        first.start()
        first.join(0.05)
        assert len(handed) < 20
        go.set()
        first.join()
    assert len(handed) == 100


@pytest.mark.parametrize("error", [OSError(5, "broken disk"), KeyboardInterrupt()])
def test_what_goes_wrong_in_a_thread_comes_up_where_it_was_handed_over(error: BaseException) -> None:
    def fail(_: object) -> None:
        raise error

    def hand_over(*, times: int, wait: bool) -> None:
        with DigestThreads() as threads:
            for _ in range(times):
                threads.hand("broken", fail, b"")
            if wait:
                threads.wait()

    for times, wait in ((1, True), (1, False), (100, False)):
        with pytest.raises(type(error)):
            hand_over(times=times, wait=wait)


def test_a_caller_that_stops_does_not_wait_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    started, go = threading.Event(), threading.Event()
    seen: list[int] = []

    def slow(number: int) -> None:
        started.set()
        go.wait()
        seen.append(number)

    def stop() -> None:
        with DigestThreads() as threads:
            for number in range(5):
                threads.hand("slow", slow, number)
            started.wait()
            raise Stopped

    def join(thread: threading.Thread, *arguments: float) -> None:
        go.set()
        genuine_join(thread, *arguments)

    # the thread goes on only when the caller has stopped and waits for its end
    genuine_join = threading.Thread.join
    monkeypatch.setattr(threading.Thread, "join", join)
    with pytest.raises(Stopped):
        stop()
    assert seen == [0]
