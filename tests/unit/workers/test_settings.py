# SPDX-License-Identifier: Apache-2.0
"""Settings from one file and RECTO_* variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.errors import SettingsInvalid
from workers.settings import load_settings, settings_file


def write_settings(text: str) -> None:
    file = settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_everything_lies_under_recto_home(recto_home: Path) -> None:
    settings = load_settings()
    assert settings.data_directory == recto_home / "data"
    assert settings.state_directory == recto_home / "state"
    assert settings.registry_url == f"sqlite:///{recto_home / 'state' / 'registry.sqlite3'}"
    assert settings_file() == recto_home / "config" / "recto.toml"


def test_without_recto_home_the_xdg_directories_are_used(
    recto_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RECTO_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "elsewhere"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    settings = load_settings()
    assert settings.data_directory == tmp_path / ".local/share/recto"
    assert settings.state_directory == tmp_path / "elsewhere/recto"
    assert settings_file() == tmp_path / ".config/recto/recto.toml"


def test_the_environment_wins_over_the_file(recto_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_settings('station = "cellar"\n[ledger]\nlease_seconds = 30\nmax_attempts = 2\n')
    monkeypatch.setenv("RECTO_LEDGER__LEASE_SECONDS", "45")
    settings = load_settings()
    assert (settings.station, settings.ledger.lease_seconds, settings.ledger.max_attempts) == (
        "cellar",
        45.0,
        2,
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('statoin = "x"', "did you mean station"),
        ("[ledger]\nlease_secnds = 3", "did you mean lease_seconds"),
        ('[storage.main]\nurll = "/x"', "did you mean url"),
        ('[[devices.simulated]]\nname = "a"\nknd = "feeder"', "did you mean kind"),
        ("station = 3 = 4", "recto.toml"),
        ("station = " + "[" * 3000, "recto.toml"),
        ("[ledger]\nlease_seconds = 'long'", "ledger.lease_seconds"),
        ("[bag]\npart_bytes = 5", "bag.part_bytes"),
        ("database_url = 'sqlite:///records.sqlite3'", "database_url.*whole path"),
        ("[storage.vault]\nurl = 'bags'", "storage.vault.url.*whole path"),
    ],
)
def test_a_wrong_key_or_value_is_named_with_the_nearest_right_one(
    recto_home: Path, text: str, named: str
) -> None:
    write_settings(text)
    with pytest.raises(SettingsInvalid, match=named):
        load_settings()


def test_all_wrong_settings_are_named_at_once(recto_home: Path) -> None:
    write_settings('statoin = "x"\n[ledger]\nmax_attempts = 0\n')
    with pytest.raises(SettingsInvalid, match=r"statoin.*max_attempts|max_attempts.*statoin"):
        load_settings()


def test_an_unknown_variable_is_refused(recto_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECTO_BROKER_ULR", "redis://x")
    with pytest.raises(SettingsInvalid, match="did you mean RECTO_BROKER_URL"):
        load_settings()


def test_a_table_in_a_variable_that_is_no_json_is_told(
    recto_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_OCR", '{"language": pa55')
    with pytest.raises(SettingsInvalid, match='"ocr"') as refused:
        load_settings()
    assert "pa55" not in refused.value.message


def test_a_station_name_that_cannot_be_part_of_a_queue_is_refused(
    recto_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_STATION", "reading room")
    with pytest.raises(SettingsInvalid, match="station"):
        load_settings()


def test_a_file_of_secrets_stands_for_a_setting_and_the_environment_wins(
    recto_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "recto_broker_url").write_text("amqps://recto:open-sesame@broker/recto\n")
    (tmp_path / "recto_database_url").write_text("postgresql://recto:open-sesame@db/recto")
    monkeypatch.setenv("RECTO_SECRETS", str(tmp_path))
    monkeypatch.setenv("RECTO_DATABASE_URL", "postgresql://elsewhere/recto")
    settings = load_settings()
    assert settings.broker_url == "amqps://recto:open-sesame@broker/recto"
    assert settings.database_url == "postgresql://elsewhere/recto"


def test_a_folder_of_secrets_that_is_not_there_is_told(
    recto_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_SECRETS", "/nowhere/secrets")
    with pytest.raises(SettingsInvalid, match="/nowhere/secrets"):
        load_settings()


def test_authorities_that_are_not_there_are_told(recto_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECTO_CA_FILE", "/nowhere/authority.pem")
    with pytest.raises(SettingsInvalid, match=r"/nowhere/authority\.pem"):
        load_settings()
