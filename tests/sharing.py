# SPDX-License-Identifier: Apache-2.0
"""Sharing tests among the processes of pytest-xdist: each group to one of them.

pytest-xdist 3.8 has this built in (`--dist loadgroup`), but with pytest 9.2 it puts no test into its group.
"""

from __future__ import annotations

from xdist.scheduler.loadscope import LoadScopeScheduling

from tests.sharing_groups import group_of


class GroupScheduling(LoadScopeScheduling):
    """Gives a process the next group when it is nearly through with what it has."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
