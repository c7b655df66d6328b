# SPDX-License-Identifier: Apache-2.0
"""Which backups are kept: the newest of each of the last days, weeks and months that have any."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from workers.backup_settings import BackupSettings


def kept(moments: Iterable[dt.datetime], settings: BackupSettings, now: dt.datetime) -> set[dt.datetime]:
    """Which of these backups are kept; the newest always is.

    Days, weeks and months without a backup do not count: a station that was off for a year loses none.
    What a clock that was ahead has dated after now is kept, and takes nobody's place, until its day has come.

    Args:
        moments: When backups were made.
        settings: How many days, weeks and months.
        now: The moment of the newest one that is true.
    """
    made = set(moments)
    newest_first = sorted((moment for moment in made if moment <= now), reverse=True)
    periods: tuple[tuple[int, Callable[[dt.datetime], tuple[int, ...]]], ...] = (
        (settings.keep_daily, lambda moment: (moment.year, moment.month, moment.day)),
        (settings.keep_weekly, lambda moment: moment.isocalendar()[:2]),
        (settings.keep_monthly, lambda moment: (moment.year, moment.month)),
    )
    chosen = {moment for moment in made if moment > now} | set(newest_first[:1])
    for number, period_of in periods:
        newest_of: dict[tuple[int, ...], dt.datetime] = {}
        for moment in newest_first:
            newest_of.setdefault(period_of(moment), moment)
        chosen.update(list(newest_of.values())[:number])
    return chosen
