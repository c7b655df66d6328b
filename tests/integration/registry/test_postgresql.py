# SPDX-License-Identifier: Apache-2.0
"""The registry on PostgreSQL: made by many at once, sorted as on SQLite, away for a while, and refusing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import upgrade
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, select, text

from archive.errors import RegistryOvertaken, RegistryUnreachable, RegistryValueRefused
from archive.registry import Registry, database, open_registry
from archive.registry.ranks import rank_between
from archive.registry.tables import DeskPlaceRow, ItemRow, SuggestionRow, Table, UnitRow
from tests.servers.certificates import make_certificates
from tests.servers.postgresql import PASSWORD, Postgresql

BATCH = "INSERT INTO batch VALUES ('b','waiting','s','l','{}','0','m','t',0,'')"
ITEM = "INSERT INTO item VALUES (1,'b','i',0,'waiting',false,NULL,'{}',NULL)"
PAGE = "INSERT INTO page VALUES (1,1,7,0,'7','0007',NULL,NULL,NULL,NULL,NULL)"
UNIT = "INSERT INTO unit VALUES (1,1,'ocr',0,'waiting',0,0,'',0,0,0,NULL,NULL,false,NULL,NULL)"


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    opened = open_registry(registry_url)
    yield opened
    opened.close()


def name_of(url: str) -> str:
    return urlsplit(url).path[1:]


def one(registry: Registry) -> int:
    with registry.transaction() as session:
        return int(session.scalar(text("SELECT 1")) or 0)


def test_the_migrations_make_exactly_the_tables_that_the_code_uses(registry_url: str) -> None:
    engine = create_engine(registry_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
    engine.dispose()


def test_a_registry_of_the_first_tables_is_upgraded_with_all_that_is_in_it(postgresql_url: str) -> None:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        configuration.attributes["connection"] = connection
        upgrade(configuration, "0001")
        for statement in (BATCH, ITEM, PAGE, UNIT):
            connection.execute(text(statement))
    engine.dispose()
    registry = open_registry(postgresql_url)
    with registry.reading() as session:
        unit = session.get_one(UnitRow, 1)
        assert (unit.batch, unit.first_page, unit.last_page) == ("b", 7, 7)
        assert session.get_one(ItemRow, 1).hold_reason == ""
    registry.close()


def test_nodes_that_start_together_make_one_registry(postgresql_url: str) -> None:
    barrier = threading.Barrier(3)

    def start() -> int:
        barrier.wait()
        opened = open_registry(postgresql_url)
        try:
            return one(opened)
        finally:
            opened.close()

    with ThreadPoolExecutor(3) as pool:
        assert [future.result() for future in [pool.submit(start) for _ in range(3)]] == [1, 1, 1]


def test_places_keep_their_order_where_the_database_sorts_ch_behind_h(postgresql: Postgresql) -> None:
    # Czech is one of the languages in which two letters sort as one
    with postgresql.database(template="template0 LOCALE_PROVIDER icu ICU_LOCALE 'cs'") as name:
        registry = open_registry(postgresql.url(name))
        ranks = ["i00000", *(f"i0000{letters}" for letters in ("cc", "ch", "ci", "h0", "hz", "i0"))]
        ranks.append(rank_between(ranks[-1], None))
        with registry.transaction() as session:
            session.execute(text(BATCH))
            session.add(ItemRow(id=1, batch="b", name="i", position=0, state="waiting", description={}))
            session.flush()
            for rank in sorted(ranks, reverse=True):
                session.add(DeskPlaceRow(item=1, rank=rank, kind="missing", captured_at=""))
        with registry.reading() as session:
            assert list(session.scalars(select(DeskPlaceRow.rank).order_by(DeskPlaceRow.rank))) == sorted(
                ranks
            )
        registry.close()


def test_a_report_is_of_one_moment(registry: Registry) -> None:
    with registry.reading() as report:
        before = report.scalar(text("SELECT count(*) FROM batch"))
        with registry.transaction() as session:
            session.execute(text(BATCH))
        assert report.scalar(text("SELECT count(*) FROM batch")) == before
    with registry.reading() as report:
        assert report.scalar(text("SELECT count(*) FROM batch")) == 1


def test_a_report_cannot_write(registry: Registry) -> None:
    with pytest.raises(RegistryUnreachable, match="read-only"), registry.reading() as session:
        session.execute(text("DELETE FROM batch"))


def test_a_connection_that_is_cut_in_a_transaction_is_told_and_the_next_one_works(
    registry: Registry, registry_url: str, postgresql: Postgresql
) -> None:
    def be_cut_off() -> None:
        with registry.transaction() as session:
            session.execute(text(BATCH))
            assert postgresql.disconnect(name_of(registry_url)) > 0
            session.execute(text("SELECT 1"))

    with pytest.raises(RegistryUnreachable) as caught:
        be_cut_off()
    assert caught.value.retry == "auto"
    assert PASSWORD not in str(caught.value)
    assert one(registry) == 1
    with registry.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM batch")) == 0


def test_connections_that_are_cut_while_nobody_uses_them_are_replaced(
    registry: Registry, registry_url: str, postgresql: Postgresql
) -> None:
    one(registry)
    assert postgresql.disconnect(name_of(registry_url)) == 1
    assert one(registry) == 1


def test_a_worker_waits_for_a_server_that_restarts_and_others_are_told(
    registry: Registry, registry_url: str, postgresql: Postgresql
) -> None:
    patient = open_registry(registry_url, patience_seconds=30)
    name = name_of(registry_url)
    postgresql.administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgresql.disconnect(name)
    with pytest.raises(RegistryUnreachable, match="not currently accepting connections"):
        one(registry)
    with pytest.raises(RegistryUnreachable, match="not currently accepting connections"):
        open_registry(registry_url)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(one, patient)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.2)
        postgresql.administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        assert waiting.result(timeout=30) == 1
    patient.close()


def test_a_server_that_only_reads_is_told(
    registry: Registry, registry_url: str, postgresql: Postgresql
) -> None:
    postgresql.administer(f"ALTER DATABASE {name_of(registry_url)} SET default_transaction_read_only = on")
    postgresql.disconnect(name_of(registry_url))
    with pytest.raises(RegistryUnreachable, match="read-only"), registry.transaction() as session:
        session.execute(text("DELETE FROM batch"))


def test_missing_rights_are_told_with_what_to_do(
    registry: Registry, registry_url: str, postgresql: Postgresql
) -> None:
    with registry.transaction() as session:
        session.execute(text("REVOKE ALL ON batch FROM recto"))
    with (
        pytest.raises(RegistryUnreachable, match="permission denied") as caught,
        registry.reading() as session,
    ):
        session.execute(text("SELECT count(*) FROM batch"))
    assert "rights" in caught.value.remedy


def test_a_text_that_the_database_cannot_hold_is_refused_by_name(registry: Registry) -> None:
    with registry.transaction() as session:
        session.execute(text(BATCH))
        session.add(
            ItemRow(id=1, batch="b", name="i", position=0, state="waiting", description={"t": "a\0b"})
        )
    row = SuggestionRow(item=1, page=0, kind="k", value="a\0b", source="s", version="1", confidence=1.0)
    with pytest.raises(RegistryValueRefused, match="NUL"), registry.transaction() as session:
        session.add(row)
    with registry.reading() as session:
        assert session.get_one(ItemRow, 1).description == {"t": "a\0b"}


def test_no_wait_is_endless_and_the_connection_says_whose_it_is(registry: Registry) -> None:
    with registry.reading() as session:
        settings = [
            session.scalar(text(f"SHOW {name}"))
            for name in (
                "lock_timeout",
                "statement_timeout",
                "idle_in_transaction_session_timeout",
                "application_name",
            )
        ]
    assert settings == ["1min", "5min", "5min", "recto"]


def test_an_address_without_a_driver_is_enough(registry_url: str) -> None:
    registry = open_registry(registry_url.replace("postgresql+psycopg://", "postgres://"))
    assert one(registry) == 1
    registry.close()


def test_a_wrong_password_is_told_and_not_repeated(postgresql: Postgresql) -> None:
    guessed = "wrong-horse"
    with pytest.raises(RegistryUnreachable, match="password authentication failed") as caught:
        open_registry(postgresql.url("postgres", password=guessed))
    assert guessed not in caught.value.message


def test_a_host_where_nobody_listens_is_told_in_one_line(postgresql: Postgresql) -> None:
    address = f"postgresql://recto:{PASSWORD.replace('/', '%2F')}@127.0.0.1:1/recto"
    with pytest.raises(RegistryUnreachable, match="refused") as caught:
        open_registry(address)
    assert "\n" not in caught.value.message
    assert PASSWORD not in caught.value.message


@pytest.mark.parametrize("mode", ["require", "verify-full"])
def test_tls_is_as_the_address_says(registry_url: str, postgresql: Postgresql, mode: str) -> None:
    registry = open_registry(f"{registry_url}?sslmode={mode}&sslrootcert={postgresql.authority}")
    with registry.reading() as session:
        encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        assert session.scalar(text(encrypted)) is True
    registry.close()


def test_a_server_that_nobody_vouches_for_is_refused(registry_url: str, tmp_path: Path) -> None:
    stranger = make_certificates(tmp_path).authority
    with pytest.raises(RegistryUnreachable, match="certificate verify failed"):
        open_registry(f"{registry_url}?sslmode=verify-full&sslrootcert={stranger}")


def test_who_writes_what_another_has_just_written_is_told_so_by_name(registry: Registry) -> None:
    def write() -> None:
        with registry.transaction() as session:
            session.execute(text(BATCH))

    write()
    with pytest.raises(RegistryOvertaken, match="has it already") as caught:
        write()
    assert caught.value.retry == "auto"
