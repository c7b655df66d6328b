# SPDX-License-Identifier: Apache-2.0
"""Pages an hour, by the last minutes of work."""

from __future__ import annotations

from app.desktop.capture.rate import Rate


def test_the_rate_is_known_from_the_third_page_on() -> None:
    rate = Rate()
    told = []
    for moment in (0.0, 10.0, 20.0):
        rate.add(moment)
        told.append(rate.per_hour(moment))
    assert told == [None, None, 360]


def test_a_pause_begins_the_count_anew() -> None:
    rate = Rate()
    for moment in (0.0, 1.0, 2.0, 300.0, 310.0, 320.0):
        rate.add(moment)
    assert rate.per_hour(320.0) == 360
    assert rate.per_hour(600.0) is None


def test_only_the_last_ten_minutes_count() -> None:
    rate = Rate()
    for step in range(200):
        rate.add(step * 1.0)
    for step in range(100):
        rate.add(200 + step * 10.0)
    assert rate.per_hour(1190.0) == 360
