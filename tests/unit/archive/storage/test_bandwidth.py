# SPDX-License-Identifier: Apache-2.0
"""The bandwidth limit holds over all threads together, and rates are read as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import StorageUrlInvalid
from archive.storage.bandwidth import Bandwidth, parse_rate
from archive.storage.s3_body import PartOfFile


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_bytes_pass_at_the_rate_and_a_pause_is_no_credit() -> None:
    clock = Clock()
    limit = Bandwidth(1000, clock, clock.sleep)
    for _ in range(11):
        limit.take(500)
    assert clock.now == pytest.approx(105.0)
    clock.now += 60
    start = clock.now
    for _ in range(3):
        limit.take(500)
    assert clock.now - start == pytest.approx(1.0)


def test_without_a_limit_nothing_waits() -> None:
    clock = Clock()
    Bandwidth(0, clock, clock.sleep).take(1 << 40)
    assert clock.now == 100.0


def test_a_part_costs_bandwidth_only_while_it_is_sent(tmp_path: Path) -> None:
    clock = Clock()
    file = tmp_path / "part"
    file.write_bytes(bytes(4000))
    with PartOfFile(file, 0, 4000, Bandwidth(1000, clock, clock.sleep)) as part:
        part.is_sent = False
        part.read()
        part.seek(0)
        assert clock.now == 100.0
        part.is_sent = True
        while part.read(1000):
            pass
    assert clock.now == pytest.approx(103.0)


@pytest.mark.parametrize(
    ("text", "rate"),
    [("250k", 250_000), ("10M", 10_000_000), ("1.5 MB/s", 1_500_000), ("4096", 4096), ("1G", 10**9)],
)
def test_rates_are_read(text: str, rate: int) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "fast", "-1", "0", "10 apples", "M"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(StorageUrlInvalid):
        parse_rate(text)
