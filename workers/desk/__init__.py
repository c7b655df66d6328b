# SPDX-License-Identifier: Apache-2.0
"""The desk: pages that a person captures, orders and judges before the item goes into its chords.

Every change is one transaction, on disk when the call returns. Nothing that was captured is erased:
what is discarded or replaced stands aside, and goes to `superseded/` when the item is handed over.
"""

from __future__ import annotations

from workers.desk.change import Change, ChangeFacts
from workers.desk.desk import Desk
from workers.desk.labels import LabelScheme
from workers.desk.places import DeskState, Place
from workers.desk.runs import Run

__all__ = ["Change", "ChangeFacts", "Desk", "DeskState", "LabelScheme", "Place", "Run"]
