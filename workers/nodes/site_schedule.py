# SPDX-License-Identifier: Apache-2.0
"""Celery beat's scheduler for a site: of all the schedules that run, one sends, and another takes over when it ends."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import structlog
from celery.beat import Scheduler

from archive.errors import RegistryTooNew, RegistryUnreachable
from archive.registry import Session
from archive.registry.nodes import BEAT_SECONDS, give_schedule_back, schedule_holder, take_schedule
from workers.errors import ProtocolDiffers
from workers.node import Node
from workers.nodes.compatibility import require_compatible
from workers.nodes.presence import Presence
from workers.nodes.refusal import refuse
from workers.owners import is_dead
from workers.schedules import unknown_entries
from workers.settings import load_settings

log = structlog.get_logger(__name__)

STANDBY_SECONDS = 5.0
"""How often a schedule that stands by looks whether the other one still goes."""


class SiteScheduler(Scheduler):  # type: ignore[misc, unused-ignore]
    """Sends what is due while it holds the registry's lease on the schedule, and stands by otherwise.

    When each entry was sent last is kept with the lease, so that another schedule goes on where the
    first one ended, and nothing is written beside the registry.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._node = Node(load_settings())
        self._presence = Presence(
            self._node, f"beat@{self._node.settings.station}", kind="beat", facts=self._told
        )
        self._holds = False
        self._looks = True
        self._look_at = 0.0
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        """Celery asks for the entries; refuse to run beside nodes that this Recto does not fit to.

        Raises:
            SystemExit: It does not; see `require_compatible`.
        """
        try:
            require_compatible(self._node)
        except RegistryUnreachable as error:
            # it may come back any time; each look asks again
            log.warning("node.registry_away", message=error.message)
        except (RegistryTooNew, ProtocolDiffers) as error:
            refuse(error)
        super().setup_schedule()
        for name in unknown_entries(list(self.schedule), self.app.tasks):
            log.warning("schedule.unknown_task", schedule=name, task=self.schedule[name].task)
            del self.schedule[name]

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due now, when this schedule is the one that does.

        Returns:
            Seconds until the next look.
        """
        if time.monotonic() >= self._look_at:
            self._look()
        if not self._holds:
            return STANDBY_SECONDS
        pause = max(0.0, self._look_at - time.monotonic())
        return min(float(super().tick(*args, **kwargs)), pause)

    def close(self) -> None:
        """Let the schedule go to whoever stands by.

        Celery calls it in the signal's handler and again at the end; what the handler interrupts may have the
        registry open, so only the end, or a handler that interrupts nothing of that, writes there.
        """
        super().close()
        if self._looks:
            return
        owner = self._presence.owner
        self._presence.remove(also=lambda session: give_schedule_back(session, owner))

    @property
    def info(self) -> str:
        """What Celery prints at the start."""
        return "    . lease -> in the registry"

    def _look(self) -> None:
        """Tell that this schedule is there, and take the lease or keep it.

        Raises:
            SystemExit: A newer Recto has upgraded the registry.
        """
        self._looks, held_before = True, self._holds
        try:
            self._presence.tell(also=self._take)
        except RegistryTooNew as error:
            refuse(error)
        finally:
            self._looks = False
        pause = BEAT_SECONDS if held_before and self._holds else STANDBY_SECONDS
        self._look_at = time.monotonic() + pause

    def _take(self, session: Session) -> None:
        kept = take_schedule(session, self._presence.record, is_dead=is_dead, facts=self._sent_at())
        if kept is not None and not self._holds:
            self._go_on_from(kept)
            log.info("schedule.taken", node=self._presence.record.name)
        if kept is None and (self._holds or self._look_at == 0.0):
            holder = schedule_holder(session)
            other = holder.facts.get("holder") if holder else None
            log.warning("schedule.stands_by", held_by=other, host=holder.host if holder else None)
        self._holds = kept is not None

    def _told(self) -> dict[str, Any]:
        return {"schedule": "sends" if self._holds else "stands by"}

    def _sent_at(self) -> dict[str, float]:
        return {
            name: entry.last_run_at.timestamp() for name, entry in self.schedule.items() if entry.last_run_at
        }

    def _go_on_from(self, kept: dict[str, Any]) -> None:
        for name, moment in kept.items():
            if name in self.schedule:
                self.schedule[name].last_run_at = dt.datetime.fromtimestamp(float(moment), dt.UTC)
        # Celery plans anew from when each entry ran last
        self._heap = None
