# SPDX-License-Identifier: Apache-2.0
"""The actions of this screen: the board."""

from __future__ import annotations

from app.desktop.actions.record import ActionRecord

ACTIONS: tuple[ActionRecord, ...] = ()
