# SPDX-License-Identifier: Apache-2.0
"""A receiving side in directories, and bags for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.arrivals import ReceivingSite
from workers.node import Node
from workers.settings import load_settings


@pytest.fixture
def site(recto_home: Path, tmp_path: Path) -> Iterator[ReceivingSite]:
    """One depositor, two preservation locations, nothing running."""
    node = Node(load_settings())
    yield ReceivingSite(tmp_path / "site", node)
    node.close()
