# SPDX-License-Identifier: Apache-2.0
"""The Celery task of the schedule that fetches receipts of uploaded bags."""

from __future__ import annotations

from workers.celery import app
from workers.node import this_node
from workers.receipts import fetch_all_receipts

RECEIPTS_TASK = "recto.fetch-receipts"
"""As the schedule calls it (`workers.schedules`)."""


@app.task(name=RECEIPTS_TASK)
def fetch_receipts_task() -> int:
    """Fetch all receipts that are wanted; returns how many were accepted."""
    return fetch_all_receipts(this_node())
