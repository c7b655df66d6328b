# SPDX-License-Identifier: Apache-2.0
"""The benchmarks' accounts: what is counted, what is not, and that failed work gives no figures."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


@pytest.fixture(scope="module")
def measuring() -> Iterator[ModuleType]:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield importlib.import_module("measuring")
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def bag(measuring: ModuleType) -> ModuleType:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        return importlib.import_module("bag")
    finally:
        sys.path.remove(str(BENCHMARKS))


def test_a_child_is_charged_for_what_it_read_and_held(measuring: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "read"
    file.write_bytes(bytes(5_000_000))
    program = f"held = bytearray(b'x') * 300_000_000; print(len(open({str(file)!r}, 'rb').read()))"
    account = measuring.run([sys.executable, "-c", program])
    assert account.facts["output"] == "5000000\n"
    assert account.read_bytes >= 5_000_000
    assert account.peak_bytes >= 300_000_000
    assert account.cpu_seconds > 0
    assert account.seconds > 0


def test_work_that_failed_gives_its_last_words_and_no_account(measuring: ModuleType) -> None:
    with pytest.raises(measuring.StepFailed, match=r"ended with 3: broken"):
        measuring.run([sys.executable, "-c", "import sys; sys.stderr.write('broken'); sys.exit(3)"])


def test_contenders_take_turns_and_the_first_turn_is_not_counted(measuring: ModuleType) -> None:
    order: list[str] = []

    def contender(name: str) -> object:
        def work() -> object:
            order.append(name)
            return measuring.Account(float(len(order)), 0.0, 0, 0, 0)

        return work

    settled: list[int] = []
    contenders = {"ours": contender("ours"), "peer": contender("peer")}
    accounts = measuring.alternate(contenders, 2, lambda: settled.append(len(order)))
    assert order == ["ours", "peer"] * 3
    assert settled == [0, 1, 2, 3, 4, 5]
    assert measuring.seconds_of(accounts["ours"]) == [3.0, 5.0]
    assert measuring.seconds_of(accounts["peer"]) == [4.0, 6.0]


def test_steps_add_up_and_the_largest_process_gives_the_peak(measuring: ModuleType) -> None:
    total = measuring.Account(1.0, 2.0, 30, 4, 5, {"a": 1}) + measuring.Account(
        10.0, 20.0, 3, 40, 50, {"b": 2}
    )
    assert total == measuring.Account(11.0, 22.0, 30, 44, 55, {"a": 1, "b": 2})


def test_a_spread_is_the_median_of_the_rounds_with_both_ends(measuring: ModuleType) -> None:
    assert measuring.ratios([2.0, 3.0, 8.0], [1.0, 2.0, 2.0]) == [2.0, 1.5, 4.0]
    assert measuring.spread([2.0, 1.5, 4.0]) == "2.00 (1.50-4.00)"


def test_what_bagit_did_to_a_folder_is_undone_to_the_byte(bag: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "payload"
    # one file more than fits a folder
    bag._fill(folder, bag.Load(bag.FILES_IN_A_FOLDER + 1, 3))
    before = {path.relative_to(folder): path.read_bytes() for path in bag._files(folder)}
    bag.run([*bag._bagit(1), "--md5", folder])
    assert (folder / "bagit.txt").exists()
    bag._take_out_of_bag(folder)
    assert {path.relative_to(folder): path.read_bytes() for path in bag._files(folder)} == before
    assert len(before) == bag.FILES_IN_A_FOLDER + 1
