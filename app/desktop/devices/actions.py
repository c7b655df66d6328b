# SPDX-License-Identifier: Apache-2.0
"""The actions of this screen: stations and devices."""

from __future__ import annotations

from app.desktop.actions.record import ActionRecord

ACTIONS: tuple[ActionRecord, ...] = ()
