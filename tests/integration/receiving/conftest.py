# SPDX-License-Identifier: Apache-2.0
"""A receiving side in directories, and bags for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from archive.registry import open_registry
from tests.arrivals import ReceivingSite
from workers.node import Node
from workers.settings import load_settings


@pytest.fixture(scope="session")
def empty_registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry in which nothing is yet: to copy one takes a fraction of the time of making one."""
    path = tmp_path_factory.mktemp("empty") / "registry.sqlite3"
    open_registry(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def site(recto_home: Path, tmp_path: Path, empty_registry: Path) -> Iterator[ReceivingSite]:
    """One depositor, two preservation locations, nothing running."""
    node = Node(load_settings())
    registry = make_url(node.settings.registry_url).database
    assert registry is not None
    Path(registry).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(empty_registry, registry)
    yield ReceivingSite(tmp_path / "site", node)
    node.close()
