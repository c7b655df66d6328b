# SPDX-License-Identifier: Apache-2.0
"""Which backups are kept: the newest of each of the last days, weeks and months that have any."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from workers.backup_settings import BackupSettings


def kept(moments: Iterable[dt.datetime], settings: BackupSettings) -> set[dt.datetime]:
    """Which of these backups are kept; the newest always is.

    Days, weeks and months without a backup do not count: a station that was off for a year loses none.

    Args:
        moments: When backups were made.
        settings: How many days, weeks and months.
    """
    newest_first = sorted(set(moments), reverse=True)
    periods: tuple[tuple[int, Callable[[dt.datetime], tuple[int, ...]]], ...] = (
        (settings.keep_daily, lambda moment: (moment.year, moment.month, moment.day)),
        (settings.keep_weekly, lambda moment: moment.isocalendar()[:2]),
        (settings.keep_monthly, lambda moment: (moment.year, moment.month)),
    )
    chosen = set(newest_first[:1])
    for number, period_of in periods:
        newest_of: dict[tuple[int, ...], dt.datetime] = {}
        for moment in newest_first:
            newest_of.setdefault(period_of(moment), moment)
        chosen.update(list(newest_of.values())[:number])
    return chosen
