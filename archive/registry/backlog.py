# SPDX-License-Identifier: Apache-2.0
"""How many captured pages wait for the workers: only those that go on without another page being captured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.registry.pipelines import compiled
from archive.registry.stage_holds import INTAKE
from archive.registry.stages import Pipeline, Stage
from archive.registry.states import State
from archive.registry.tables import BatchRow, ItemRow, PageRow, UnitRow


def pages_waiting(session: Session, station: str) -> int:
    """The captured pages of a station's items in flight that are still to be worked on before their bag is made.

    Of an item that is being captured, those count whose chunk is to be characterised: nothing else of it
    can be done before its last page is there, and capture that waited for it would wait for itself. Items
    that rest, are on hold or wait for their turn do not count, for nothing drains them.
    """
    in_flight = (
        select(ItemRow.id, BatchRow.id, BatchRow.pipeline)
        .join(BatchRow, BatchRow.id == ItemRow.batch)
        .where(ItemRow.in_flight, BatchRow.station == station)
    )
    pipelines = {item: compiled(document) for item, _, document in session.execute(in_flight)}
    if not pipelines:
        return 0
    counted = select(PageRow.item, func.count()).where(PageRow.item.in_(pipelines)).group_by(PageRow.item)
    pages: dict[int, int] = dict(session.execute(counted).all())
    columns = UnitRow.item, UnitRow.stage, UnitRow.state, UnitRow.first_page, UnitRow.last_page
    units: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for item, stage, state, first, last in session.execute(
        select(*columns).where(UnitRow.item.in_(pipelines))
    ):
        size = 0 if first is None or last is None else last - first + 1
        units[item or 0].append((stage, state, size))
    return sum(_waiting(pipelines[item], units[item], pages.get(item, 0)) for item in pipelines)


def _waiting(pipeline: Pipeline, units: Iterable[tuple[str, str, int]], pages: int) -> int:
    intake = {rule.name for rule in pipeline.stages if rule.step in INTAKE}
    delivered = {rule.name for rule in pipeline.stages if rule.step in {Stage.UPLOAD, Stage.CONFIRM}}
    open_stages: set[str] = set()
    done: dict[str, int] = defaultdict(int)
    for stage, state, size in units:
        if state == State.DONE:
            done[stage] += size
        else:
            open_stages.add(stage)
    if not open_stages & intake:
        return pages if open_stages - delivered else 0
    captured = max((done[name] for name in intake), default=0)
    alongside = [rule.name for rule in pipeline.stages if rule.same_chunk and rule.name not in intake]
    return max((captured - done[name] for name in alongside), default=0)
