# SPDX-License-Identifier: Apache-2.0
"""A host whose clock is wrong goes by the database's, so that it neither takes others' units nor loses its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from archive.registry import clock, open_registry

HOUR = 3600.0


@pytest.fixture(autouse=True)
def _own_clock_afterwards() -> Iterator[None]:
    yield
    clock.keep_time_of(time.time)


def set_host_clock(monkeypatch: pytest.MonkeyPatch, ahead: float) -> None:
    monkeypatch.setattr(clock, "host_time", lambda: time.time() + ahead)
    monkeypatch.setattr(clock, "time", SimpleNamespace(time=lambda: time.time() + ahead))


@pytest.mark.parametrize("ahead", [HOUR, -HOUR, 5.0])
def test_where_clocks_differ_that_of_the_database_counts(
    monkeypatch: pytest.MonkeyPatch, ahead: float
) -> None:
    set_host_clock(monkeypatch, ahead)
    assert clock.keep_time_of(time.time) == pytest.approx(ahead, abs=1)
    assert clock.now_seconds() == pytest.approx(time.time(), abs=1)
    # set right meanwhile, or wrong again: it counts no more
    set_host_clock(monkeypatch, -ahead)
    assert clock.now_seconds() == pytest.approx(time.time(), abs=1)


def test_where_they_agree_the_hosts_own_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    set_host_clock(monkeypatch, 1.0)
    assert clock.keep_time_of(time.time) == 0.0
    assert clock.now_seconds() == pytest.approx(time.time() + 1.0, abs=0.5)


def test_an_answer_that_took_long_is_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([100.0, 160.0])
    monkeypatch.setattr(clock, "host_time", lambda: next(moments))
    assert clock.keep_time_of(lambda: 130.0) == 0.0


def test_each_connection_to_a_server_compares_the_clocks(
    monkeypatch: pytest.MonkeyPatch, registry_url: str
) -> None:
    set_host_clock(monkeypatch, HOUR)
    registry = open_registry(registry_url)
    registry.close()
    assert clock.now_seconds() == pytest.approx(time.time(), abs=5)
