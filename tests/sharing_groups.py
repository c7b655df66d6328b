# SPDX-License-Identifier: Apache-2.0
"""Which tests one process must run, and which are begun first: told by their ids alone."""

from __future__ import annotations

SHARE_A_STATION = frozenset({"test_batch", "test_custody", "test_reference_pages", "test_scan", "test_site"})
"""End-to-end modules with a station, or a run of real pages, that serves all of their tests."""


def group_of(test: str) -> str:
    """The group of a test: its module, but for what would be in each other's way, or takes minutes by itself.

    Args:
        test: Its node id, with the path from the root of the repository.
    """
    path = test.split("::", 1)[0]
    parts = path.removesuffix(".py").split("/")
    if parts[1:3] == ["integration", "hardware"]:
        # they measure how soon a device answers, and start network daemons
        return "hardware"
    if parts[1] == "e2e" and parts[-1] not in SHARE_A_STATION:
        return test
    return path


def takes_long(test: str) -> bool:
    """Whether a test is one of those that run stations, servers or devices."""
    return test.startswith(("tests/e2e/", "tests/chaos/", "tests/integration/"))
