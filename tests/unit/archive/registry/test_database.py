# SPDX-License-Identifier: Apache-2.0
"""Opening, migrating and refusing registries."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import upgrade
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from archive.errors import RegistryTooNew, RegistryUnreachable
from archive.registry import database, open_registry
from archive.registry.tables import ItemRow, Table


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Table.metadata))


def migrate(engine: Engine, revision: str) -> None:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    with engine.begin() as connection:
        configuration.attributes["connection"] = connection
        upgrade(configuration, revision)


def test_the_migrations_make_exactly_the_tables_that_the_code_uses(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'registry.sqlite3'}")
    migrate(engine, "head")
    assert differences(engine) == []
    engine.dispose()


def described(engine: Engine) -> dict[str, object]:
    inspected = inspect(engine)
    tables = {
        table: (
            inspected.get_pk_constraint(table),
            sorted(inspected.get_foreign_keys(table), key=str),
            sorted(inspected.get_unique_constraints(table), key=str),
            {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in inspected.get_columns(table)
            },
        )
        for table in inspected.get_table_names()
    }
    with engine.connect() as connection:
        indexes = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
        )
        return {**tables, **{name: sql.lower() for name, sql in indexes}}


def test_a_new_registry_has_the_same_tables_as_one_that_was_migrated(tmp_path: Path) -> None:
    new, migrated = (create_engine(f"sqlite:///{tmp_path / name}") for name in ("new", "migrated"))
    open_registry(str(new.url)).close()
    migrate(migrated, "head")
    assert differences(new) == []
    assert described(new) == described(migrated)
    with new.connect() as one, migrated.connect() as other:
        revision = text("SELECT version_num FROM alembic_version")
        assert one.execute(revision).scalar() == other.execute(revision).scalar()
    new.dispose()
    migrated.dispose()


def test_the_newest_revision_is_the_one_that_the_code_names() -> None:
    script = ScriptDirectory(str(Path(database.__file__).parent / "migrations"))
    assert script.get_current_head() == database.NEWEST_REVISION


def test_a_registry_of_the_first_tables_is_upgraded_with_all_that_is_in_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'registry.sqlite3'}"
    engine = create_engine(url)
    migrate(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO batch VALUES ('b','waiting','s','l','{}','0','m','t',0,'')"))
        connection.execute(text("INSERT INTO item VALUES (1,'b','i',0,'waiting',0,NULL,'{}',NULL)"))
    engine.dispose()
    registry = open_registry(url)
    with registry.reading() as session:
        item = session.get_one(ItemRow, 1)
        assert (item.name, item.on_hold, item.hold_reason, item.desk) == ("i", None, "", None)
    registry.close()


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'registry.sqlite3'}"
    open_registry(url).close()
    before = (tmp_path / "registry.sqlite3").read_bytes()
    open_registry(url).close()
    assert (tmp_path / "registry.sqlite3").read_bytes() == before


def test_commits_survive_a_power_cut(tmp_path: Path) -> None:
    registry = open_registry(f"sqlite:///{tmp_path / 'registry.sqlite3'}")
    with registry.reading() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert session.execute(text("PRAGMA synchronous")).scalar() == 2
        assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
    registry.close()


def test_a_registry_of_a_newer_recto_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'registry.sqlite3'}"
    registry = open_registry(url)
    with registry.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    registry.close()
    with pytest.raises(RegistryTooNew, match="9999"):
        open_registry(url)


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////proc/nowhere/registry.sqlite3"])
def test_a_registry_that_cannot_be_opened_says_so(url: str) -> None:
    with pytest.raises(RegistryUnreachable) as caught:
        open_registry(url)
    assert caught.value.remedy


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "registry.sqlite3"
    file.write_bytes(b"These are the minutes of the library committee." * 40)
    before = file.read_bytes()
    with pytest.raises(RegistryUnreachable):
        open_registry(f"sqlite:///{file}")
    assert file.read_bytes() == before
