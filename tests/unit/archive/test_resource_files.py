# SPDX-License-Identifier: Apache-2.0
"""Shipped files are found in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import resource_files
from archive.resource_files import resource_path


def test_a_shipped_file_is_found_in_the_checkout() -> None:
    assert resource_path("bag-profiles", "btr-1.0.json").is_file()


def test_the_installed_place_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "x").touch()
    monkeypatch.setattr(resource_files, "_PLACES", (tmp_path / "inside", tmp_path / "beside"))
    assert resource_path("x") == tmp_path / "inside" / "x"


def test_what_is_not_shipped_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"bag-profiles/none\.json"):
        resource_path("bag-profiles", "none.json")
