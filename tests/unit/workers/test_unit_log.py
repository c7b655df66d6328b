# SPDX-License-Identifier: Apache-2.0
"""Finding the lines of a unit in the workers' logs."""

from __future__ import annotations

import json
from pathlib import Path

from workers.unit_log import BLOCK, read_unit_log


def line(number: int, unit: int, event: str = "unit.started", **facts: object) -> str:
    moment = f"2026-11-21T10:{number // 60:02d}:{number % 60:02d}Z"
    return json.dumps({"event": event, "level": "info", "timestamp": moment, "unit": unit, **facts})


def test_only_the_lines_of_the_units_are_given_in_the_order_of_time(tmp_path: Path) -> None:
    (tmp_path / "io.log").write_text("\n".join([line(3, 12, "unit.done"), line(4, 120), ""]))
    (tmp_path / "compute.log").write_text("\n".join([line(2, 12), line(1, 11), ""]))
    found = read_unit_log(tmp_path, [12])
    assert [(entry.event, entry.worker) for entry in found] == [
        ("unit.started", "compute"),
        ("unit.done", "io"),
    ]


def test_lines_across_blocks_and_cut_off_ones_do_no_harm(tmp_path: Path) -> None:
    padding = "x" * (BLOCK - 20)
    text = "\n".join([line(1, 7), line(2, 8, padding=padding), line(3, 7, padding=padding), line(4, 7)[:-9]])
    (tmp_path / "io.log").write_text(text)
    assert [entry.at[-3:-1] for entry in read_unit_log(tmp_path, [7])] == ["01", "03"]


def test_the_newest_lines_are_kept_when_there_are_too_many(tmp_path: Path) -> None:
    (tmp_path / "io.log").write_text("\n".join(line(number, 7) for number in range(50)))
    found = read_unit_log(tmp_path, [7], most=3)
    assert [entry.at[-3:-1] for entry in found] == ["47", "48", "49"]


def test_without_logs_there_are_no_lines(tmp_path: Path) -> None:
    assert read_unit_log(tmp_path / "nothing", [7]) == []


def test_a_traceback_stands_below_its_line(tmp_path: Path) -> None:
    (tmp_path / "io.log").write_text(
        line(1, 7, "unit.failed", code="x", exception="Traceback\n  here") + "\n"
    )
    (entry,) = read_unit_log(tmp_path, [7])
    assert entry.as_text().splitlines()[1:] == ["Traceback", "  here"]
