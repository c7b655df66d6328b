# SPDX-License-Identifier: Apache-2.0
"""How the masters of an item are written: as its pipeline says, else as the station does."""

from __future__ import annotations

from archive.imaging.master_policy import MasterPolicy
from workers.work import Work


def master_policy_of(work: Work) -> MasterPolicy:
    """The policy for masters of this stage's item."""
    settings = work.node.settings.masters
    return MasterPolicy(
        compression=work.parameters.get("master_compression", settings.compression),
        tag_set=tag_set_of(work),
    )


def tag_set_of(work: Work) -> str:
    """The tag set that the pipeline names for this stage, else the station's."""
    return str(work.parameters.get("tag_set", work.node.settings.masters.tag_set))
