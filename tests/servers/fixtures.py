# SPDX-License-Identifier: Apache-2.0
"""Fixtures that give tests a database, a virtual host or a Redis of their own; see `tests/servers/__init__.py`.

Every test run loads this module, so the servers' clients are imported only where a server is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from tests.servers.postgresql import Postgresql
    from tests.servers.rabbitmq import Rabbitmq
    from tests.servers.redis_server import Redis

Server = TypeVar("Server", "Postgresql", "Rabbitmq")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--every-registry`: all tests of the registry on PostgreSQL too, not only those that are marked for it."""
    parser.addoption(
        "--every-registry", action="store_true", help="test all of the registry on PostgreSQL too"
    )


def pytest_configure(config: pytest.Config) -> None:
    """The mark of tests that always run on SQLite and on PostgreSQL."""
    config.addinivalue_line("markers", "every_registry: runs on SQLite and on PostgreSQL")
    config.addinivalue_line("markers", "sqlite_only: about SQLite, so never on PostgreSQL")


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgresql]:
    """A PostgreSQL of the whole test run."""
    from tests.servers.postgresql import Postgresql

    yield from _shared(Postgresql, tmp_path_factory)


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rabbitmq]:
    """A RabbitMQ of the whole test run."""
    from tests.servers.rabbitmq import Rabbitmq

    yield from _shared(Rabbitmq, tmp_path_factory)


@pytest.fixture
def postgresql_url(postgresql: Postgresql) -> Iterator[str]:
    """The address of an empty database of the test's own."""
    with postgresql.database() as name:
        yield postgresql.url(name)


@pytest.fixture
def registry_url(postgresql: Postgresql) -> Iterator[str]:
    """The address of a database of the test's own with a registry in it that is empty and of today."""
    from archive.registry import open_registry

    template = postgresql.template("registry", lambda url: open_registry(url).close())
    with postgresql.database(template) as name:
        yield postgresql.url(name)


@pytest.fixture(scope="session")
def _emptied_database(postgresql: Postgresql) -> Iterator[str]:
    from archive.registry import open_registry

    template = postgresql.template("registry", lambda url: open_registry(url).close())
    with postgresql.database(template) as name:
        yield name


@pytest.fixture
def emptied_registry_url(postgresql: Postgresql, _emptied_database: str) -> Iterator[str]:
    """As `registry_url`, for tests that change rows only: they share one database, which is emptied after each."""
    yield postgresql.url(_emptied_database)
    postgresql.empty(_emptied_database)


@pytest.fixture
def rabbitmq_url(rabbitmq: Rabbitmq) -> Iterator[str]:
    """The address of a virtual host of the test's own."""
    with rabbitmq.virtual_host() as name:
        yield rabbitmq.url(name)


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Redis]:
    """A Redis of the test's own, with a password and TLS."""
    from tests.servers.process import ServerMissing
    from tests.servers.redis_server import running_redis

    try:
        with running_redis(tmp_path / "redis-server") as server:
            yield server
    except ServerMissing as error:
        _missing(error)


def _shared(kind: type[Server], factory: pytest.TempPathFactory) -> Iterator[Server]:
    from tests.servers.keeper import shared
    from tests.servers.process import ServerMissing

    try:
        with shared(kind, _place(factory)) as server:
            yield server
    except ServerMissing as error:
        _missing(error)


def _place(factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this test run know."""
    base = factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


def _missing(error: Exception) -> None:
    from tests.conftest import missing

    missing(f"{error} (packaging/system-packages test)")
