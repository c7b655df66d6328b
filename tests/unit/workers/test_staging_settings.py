# SPDX-License-Identifier: Apache-2.0
"""Staging is refused where it could not work, before anything is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.errors import SettingsInvalid
from workers.node import Node
from workers.settings import load_settings

POSTGRESQL = {"database_url": "postgresql+psycopg://recto@db.example.org/recto"}


def test_hosts_share_a_folder_when_nothing_is_said(recto_home: Path) -> None:
    node = Node(load_settings({}))
    assert not node.stages_files
    assert node.item_folder("b", "i") == recto_home / "data" / "batches" / "b" / "items" / "i"


@pytest.mark.parametrize("url", ["", "s3://bucket", "s3://bucket/", "s3:///prefix", "file:///folder"])
def test_staging_needs_a_prefix_of_its_own(recto_home: Path, url: str) -> None:
    with pytest.raises(SettingsInvalid, match="s3://bucket/prefix"):
        load_settings({**POSTGRESQL, "staging": {"mode": "s3", "url": url}})


@pytest.mark.parametrize("database", [{}, {"database_url": "sqlite:////srv/registry.sqlite3"}])
def test_staging_needs_a_registry_that_several_hosts_can_open(
    recto_home: Path, database: dict[str, str]
) -> None:
    with pytest.raises(SettingsInvalid, match="PostgreSQL"):
        load_settings({**database, "staging": {"mode": "s3", "url": "s3://bucket/recto"}})


def test_files_of_other_stations_are_kept_apart(recto_home: Path) -> None:
    settings = load_settings({**POSTGRESQL, "staging": {"mode": "s3", "url": "s3://bucket/recto"}})
    assert settings.cached_batches == recto_home / "cache" / "staging" / "batches"
