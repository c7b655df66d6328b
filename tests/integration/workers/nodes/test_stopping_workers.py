# SPDX-License-Identifier: Apache-2.0
"""A worker that is told to stop gives back what it cannot finish, in every pool, and another one goes on at once."""

from __future__ import annotations

import signal

from archive.registry.nodes import read_nodes
from archive.registry.states import State
from tests.integration.workers.nodes.conftest import Site, wait_for


def test_a_unit_of_a_stopped_worker_goes_on_in_another_pool_within_seconds(site: Site) -> None:
    processes = site.start_worker("processes@here", "prefork")
    site.submit("slow")
    wait_for(lambda: len(site.begun()) == 1, 30, "the first worker begins")
    threads = site.start_worker("threads@here", "threads")
    wait_for(lambda: _told(site) == {"processes@here", "threads@here"}, 30, "the second worker is there")
    processes.send_signal(signal.SIGTERM)
    wait_for(lambda: len(site.begun()) == 2, 15, "the second worker goes on")
    assert processes.wait(15) == 0
    assert _told(site) == {"threads@here"}
    unit = site.unit()
    assert (unit.state, unit.attempts) == (State.RUNNING, 1)
    threads.send_signal(signal.SIGTERM)
    assert threads.wait(15) == 0
    unit = site.unit()
    assert unit.state in {State.WAITING, State.QUEUED}
    assert (unit.attempts, unit.owner, unit.error) == (0, "", None)
    assert _told(site) == set()


def test_units_that_cannot_stop_are_given_back_when_their_workers_are_told_twice(site: Site) -> None:
    workers = [site.start_worker(f"{pool}@here", pool) for pool in ("prefork", "threads")]
    site.submit("stuck", items=2)
    wait_for(lambda: len(site.begun()) == 2, 40, "both workers begin")
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
        worker.send_signal(signal.SIGTERM)
    for worker in workers:
        worker.wait(30)
    for unit in site.units():
        assert unit.state in {State.WAITING, State.QUEUED}, site.logs()
        assert (unit.attempts, unit.owner) == (0, "")


def _told(site: Site) -> set[str]:
    with site.node.registry.reading() as session:
        return {record.name for record in read_nodes(session)}
