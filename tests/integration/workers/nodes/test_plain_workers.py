# SPDX-License-Identifier: Apache-2.0
"""Workers started by Celery's own command: refused where they do not fit, heard by listeners, and honest about steps."""

from __future__ import annotations

import threading
from typing import Any, Self

from sqlalchemy import text

from archive.registry.states import State
from tests.integration.workers.nodes.conftest import Site, wait_for
from workers.celery import make_application
from workers.health import HealthWatch


class Listener:
    """Takes Celery's events, as Flower does, from a thread of its own."""

    def __init__(self, site: Site) -> None:
        self.kinds: set[str] = set()
        self._application = make_application(site.node.settings)
        self._ready = threading.Event()
        self._receiver: Any = None
        self._thread = threading.Thread(target=self._listen)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._receiver.should_stop = True
        self._thread.join()

    def _listen(self) -> None:
        with self._application.connection_for_read() as connection:
            self._receiver = self._application.events.Receiver(connection, handlers={"*": self._take})
            with self._receiver.consumer_context():
                self._ready.set()
                for _ in self._receiver.consume(limit=None, timeout=60, wakeup=False):
                    if self._receiver.should_stop:
                        return

    def _take(self, event: dict[str, Any]) -> None:
        self.kinds.add(event["type"])


def test_a_unit_whose_step_a_node_does_not_know_waits_for_one_that_does_and_listeners_hear_of_it(
    site: Site,
) -> None:
    with Listener(site) as listener:
        site.submit("quick")
        site.start_worker("bare@here", "threads", steps=False)
        heard = {"worker-online", "task-received", "task-started"}
        wait_for(lambda: heard <= listener.kinds, 40, "the task is told of")
        wait_for(lambda: site.unit().state == State.WAITING, 10, "the unit waits again")
    unit = site.unit()
    assert (unit.attempts, unit.error) == (0, None)
    assert unit.next_attempt_at > 0
    (unserved,) = HealthWatch(site.node).look().unserved_steps
    assert (unserved.step, unserved.units) == ("quick", 1)
    assert "unit.step_unknown" in site.logs()


def test_a_worker_beside_a_registry_that_a_newer_recto_has_upgraded_is_refused(site: Site) -> None:
    with site.node.registry.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert site.start_worker("old@here", "threads").wait(40) == 4
    for part in ("9999", "This means: Nothing was read or written", "What to do: Install the newer Recto"):
        assert part in site.logs()
