# SPDX-License-Identifier: Apache-2.0
"""A process tells that it is there, sees who else is, and does not work where it does not fit."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from archive.errors import RegistryTooNew
from archive.registry.nodes import NodeRecord, read_nodes, tell_node
from workers.errors import ProtocolDiffers
from workers.node import Node
from workers.nodes.compatibility import ENGINE_PROTOCOL, living_nodes, own_version, require_compatible
from workers.nodes.fork_guard import no_fork
from workers.nodes.heartbeat import Heartbeat
from workers.nodes.presence import Presence
from workers.owners import machine
from workers.settings import load_settings


@pytest.fixture
def node(recto_home: Path) -> Iterator[Node]:
    made = Node(load_settings())
    yield made
    made.close()


def tell_other(
    node: Node, *, owner: str = "elsewhere:1:worker", version: str = "", protocol: int = 1
) -> None:
    facts = {"kind": "worker", "owner": owner, "protocol": protocol}
    other = NodeRecord("io@other", "host", "s", version or own_version(), ("io_bound",), "2026", facts)
    with node.registry.transaction() as session:
        tell_node(session, other)


def test_a_process_is_told_with_its_figures_and_goes_when_it_ends(node: Node) -> None:
    presence = Presence(node, "io@here", kind="worker", queues=("io_bound",), facts=lambda: {"units": 7})
    presence.tell()
    with node.registry.reading() as session:
        (told,) = read_nodes(session)
    assert (told.name, told.queues, told.version) == ("io@here", ("io_bound",), own_version())
    assert told.facts["pid"] == os.getpid()
    assert told.facts["units"] == 7
    assert told.facts["protocol"] == ENGINE_PROTOCOL
    assert told.facts["free_bytes"] > 0
    presence.remove()
    with node.registry.reading() as session:
        assert read_nodes(session) == []


def test_a_name_that_another_process_goes_by_is_not_taken_from_it(node: Node) -> None:
    tell_other(node)
    Presence(node, "io@other", kind="worker").tell()
    with node.registry.reading() as session:
        assert {told.name for told in read_nodes(session)} == {"io@other", f"io@other#{os.getpid()}"}


def test_the_name_of_a_dead_process_is_free_at_once(node: Node) -> None:
    nobody = 2**22 + 1
    tell_other(node, owner=f"{machine()}:{nobody}:worker")
    with node.registry.reading() as session:
        assert living_nodes(session) == []
    Presence(node, "io@other", kind="worker").tell()
    with node.registry.reading() as session:
        assert [told.facts["pid"] for told in read_nodes(session)] == [os.getpid()]


def test_another_version_is_welcome_and_another_protocol_is_not(
    node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    tell_other(node, version="9.9.9")
    require_compatible(node)
    tell_other(node, version="9.9.9", protocol=ENGINE_PROTOCOL + 1)
    with pytest.raises(ProtocolDiffers, match=rf"9\.9\.9, protocol {ENGINE_PROTOCOL + 1}") as refusal:
        require_compatible(node)
    assert "undisturbed" in refusal.value.to_json()["consequence"]


def test_nodes_that_are_gone_keep_nobody_from_starting(node: Node) -> None:
    nobody = 2**22 + 1
    tell_other(node, owner=f"{machine()}:{nobody}:worker", protocol=ENGINE_PROTOCOL + 1)
    require_compatible(node)


def test_a_registry_that_is_upgraded_under_a_worker_ends_its_beat(node: Node) -> None:
    told: list[RegistryTooNew] = []
    beat = Heartbeat(Presence(node, "io@here", kind="worker"), stopped=lambda: None, upgraded=told.append)
    with node.registry.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RegistryTooNew, match="9999"):
        require_compatible(node)
    beat.start()
    deadline = time.monotonic() + 10
    while not told and time.monotonic() < deadline:
        time.sleep(0.01)
    beat.stop()
    assert "9999" in told[0].message
    with node.registry.reading() as session:
        assert read_nodes(session) == []


def test_a_registry_that_is_away_is_told_in_the_log_and_ends_nothing(node: Node, tmp_path: Path) -> None:
    nowhere = node.settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/no/such.sqlite3"})
    (tmp_path / "no").touch()
    Presence(Node(nowhere), "io@here", kind="worker").tell()
    Presence(Node(nowhere), "io@here", kind="worker").remove()


# from 3.12 on, Python warns of every fork beside threads
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_process_forks_only_while_nobody_has_the_registry_open() -> None:
    with no_fork():
        # in the same thread it may: the lock keeps other threads from it
        child = os.fork()
        if child == 0:
            forks = threading.Thread(target=fork_and_wait)
            forks.start()
            forks.join(10)
            os._exit(1 if forks.is_alive() else 0)
    assert os.waitpid(child, 0)[1] == 0


def fork_and_wait() -> None:
    grandchild = os.fork()
    if grandchild == 0:
        os._exit(0)
    os.waitpid(grandchild, 0)


# from 3.12 on, Python warns of every fork beside threads
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_fork_waits_until_another_thread_has_let_the_registry_go() -> None:
    holds, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with no_fork():
            holds.set()
            may_end.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    assert holds.wait(10)
    forks = threading.Thread(target=fork_and_wait)
    forks.start()
    forks.join(0.2)
    assert forks.is_alive()
    may_end.set()
    forks.join(10)
    holder.join()
    assert not forks.is_alive()
