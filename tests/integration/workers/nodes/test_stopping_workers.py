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
    pools = ("prefork", "threads", "solo")
    workers = [site.start_worker(f"{pool}@here", pool) for pool in pools]
    site.submit("stuck", items=3)
    wait_for(lambda: len(site.begun()) == 3, 60, "all workers begin")
    for worker, first in zip(workers, (signal.SIGTERM, signal.SIGHUP, signal.SIGINT), strict=True):
        worker.send_signal(first)
    # two signals of one kind at a time would be one
    wait_for(lambda: site.logs().count("Warm shutdown") == 3, 10, "all of them heard it")
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(30) for worker in workers] == [0, 0, 0]
    assert _told(site) == set()
    for unit in site.units():
        assert unit.state in {State.WAITING, State.QUEUED}, site.logs()
        assert (unit.attempts, unit.owner) == (0, "")


def _told(site: Site) -> set[str]:
    with site.node.registry.reading() as session:
        return {record.name for record in read_nodes(session)}
