# SPDX-License-Identifier: Apache-2.0
"""The time of a restored tar's members is that of its bagging, which is all that Recto's own headers hang on."""

from __future__ import annotations

import datetime as dt

import pytest

from archive.receiving.restoring import bagging_time


@pytest.mark.parametrize(
    ("tags", "day"),
    [
        ({"bag-info.txt": [["Bagging-Date", "2026-03-31"]]}, (2026, 3, 31)),
        ({"bag-info.txt": [["bagging-date", " 2026-03-31 "]]}, (2026, 3, 31)),
        ({"bag-info.txt": [["Bagging-Date", "last spring"], ["Bagging-Date", "2025-01-02"]]}, (2025, 1, 2)),
        ({"bag-info.txt": [["Bagging-Date", "last spring"]]}, (2026, 11, 21)),
        ({}, (2026, 11, 21)),
    ],
)
def test_it_is_midnight_of_the_bagging_date_or_of_the_day_of_the_ingest(
    tags: dict[str, list[list[str]]], day: tuple[int, int, int]
) -> None:
    expected = dt.datetime(*day, tzinfo=dt.UTC).timestamp()
    assert bagging_time(tags, "2026-11-21T10:15:30.123Z") == expected
