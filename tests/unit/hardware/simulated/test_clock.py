# SPDX-License-Identifier: Apache-2.0
"""Simulated time is real, shorter, or passes only when somebody waits."""

from __future__ import annotations

import threading
import time

import pytest

from hardware.simulated.clock import Clock, ScaledClock, VirtualClock

YEAR = 365 * 86_400.0


@pytest.mark.parametrize("clock", [VirtualClock(), ScaledClock(0), ScaledClock(1e-9)])
def test_a_year_passes_at_once(clock: Clock) -> None:
    moment = clock.after(YEAR)
    began = time.monotonic()
    assert clock.wait(YEAR) is False
    assert clock.reached(moment)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("clock", [VirtualClock(), ScaledClock(1)])
def test_time_that_nobody_waits_for_does_not_pass(clock: Clock) -> None:
    assert not clock.reached(clock.after(YEAR))
    assert clock.reached(clock.after(0))


@pytest.mark.parametrize("clock", [VirtualClock(), ScaledClock(1)])
def test_a_wait_ends_with_a_cancel(clock: Clock) -> None:
    cancelled = threading.Event()
    cancelled.set()
    moment = clock.after(YEAR)
    assert clock.wait(YEAR, cancelled) is True
    assert not clock.reached(moment)


def test_a_cancel_flag_of_the_virtual_clock_waits_by_it() -> None:
    clock = VirtualClock()
    flag = clock.event()
    assert flag.wait(30) is False
    assert clock.now == 30
    flag.set()
    assert flag.wait(30) is True
    assert flag.wait() is True
    assert clock.now == 30
