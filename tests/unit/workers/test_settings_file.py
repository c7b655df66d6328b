# SPDX-License-Identifier: Apache-2.0
"""Changing the settings file: usable or unchanged."""

from __future__ import annotations

import stat
import threading
import tomllib
from pathlib import Path

import pytest

from workers.errors import SettingsInvalid
from workers.settings import load_settings, settings_file
from workers.settings_file import (
    AddEntry,
    Change,
    RemoveValue,
    SetValue,
    add_hot_folder,
    add_simulated_device,
    change_settings,
    remove_device,
)
from workers.settings_overrides import overriding_variable


def written(text: str) -> Path:
    file = settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_first_change_makes_a_file_that_only_its_owner_may_read(recto_home: Path) -> None:
    settings = change_settings(SetValue(("station",), "cellar"), SetValue(("ledger", "max_attempts"), 7))
    assert (settings.station, settings.ledger.max_attempts) == ("cellar", 7)
    assert load_settings() == settings
    assert stat.S_IMODE(settings_file().stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (SetValue(("ledger", "max_attempts"), 0), "max_attempts"),
        (SetValue(("statoin",), "x"), "did you mean station"),
        (AddEntry(("devices", "simulated"), {"name": "a", "kind": "toaster"}), "kind"),
        (AddEntry(("devices", "simulated"), {"name": "a", "features": ["nonsense"]}), "nonsense"),
        (RemoveValue(("storage", "vault", "url")), "url"),
    ],
)
def test_what_would_not_load_is_never_written(recto_home: Path, change: Change, named: str) -> None:
    before = '# ours\n[storage.vault]\nurl = "/vault"\nregion = "eu"\n'
    file = written(before)
    with pytest.raises(SettingsInvalid, match=named):
        change_settings(SetValue(("operator",), "M."), change)
    assert file.read_text() == before
    assert [path.name for path in file.parent.iterdir()] == ["recto.toml"]


def test_a_file_that_is_no_toml_is_left_alone(recto_home: Path) -> None:
    file = written("station = 3 = 4")
    with pytest.raises(SettingsInvalid, match="cannot be read"):
        change_settings(SetValue(("station",), "x"))
    assert file.read_text() == "station = 3 = 4"


def test_a_file_with_a_wrong_value_can_be_mended(recto_home: Path) -> None:
    written("[ledger]\nmax_attempts = 0\n")
    assert change_settings(SetValue(("ledger", "max_attempts"), 1)).ledger.max_attempts == 1


def test_rights_and_links_stay(recto_home: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text('station = "a"\n')
    real.chmod(0o640)
    settings_file().parent.mkdir(parents=True)
    settings_file().symlink_to(real)
    change_settings(SetValue(("station",), "b"))
    assert settings_file().is_symlink()
    assert (real.read_text(), stat.S_IMODE(real.stat().st_mode)) == ('station = "b"\n', 0o640)


def test_two_writers_lose_nothing_of_each_other(recto_home: Path) -> None:
    def write(number: int) -> None:
        change_settings(SetValue(("storage", f"target{number}", "url"), f"/{number}"))

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(load_settings().storage) == 8


def test_a_new_simulated_device_leaves_the_two_of_a_new_station(recto_home: Path) -> None:
    settings = add_simulated_device({"name": "practice", "kind": "duplex", "sheets": 40, "glass": None})
    assert [device.name for device in settings.devices.simulated] == ["flatbed", "feeder", "practice"]
    again = add_simulated_device({"name": "book", "kind": "book"})
    assert [device.name for device in again.devices.simulated] == ["flatbed", "feeder", "practice", "book"]
    with pytest.raises(SettingsInvalid, match="already"):
        add_simulated_device({"name": "book", "kind": "flatbed"})
    assert load_settings() == again


def test_devices_that_are_removed_at_once_are_those_that_were_meant(recto_home: Path) -> None:
    names = [f"scanner-{number}" for number in range(12)]
    for name in names:
        add_simulated_device({"name": name, "kind": "flatbed"})
    threads = [threading.Thread(target=remove_device, args=("simulated", name)) for name in names[::2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = [device.name for device in load_settings().devices.simulated]
    assert left == ["flatbed", "feeder", *names[1::2]]


def test_links_that_lead_to_each_other_and_letters_that_no_file_holds_are_refused(recto_home: Path) -> None:
    file = written("station = 'a'")
    with pytest.raises(SettingsInvalid, match="no file can hold"):
        change_settings(SetValue(("operator",), "\ud800"))
    assert file.read_text() == "station = 'a'"
    file.unlink()
    file.symlink_to(file.name)
    with pytest.raises(SettingsInvalid, match="cannot be read"):
        change_settings(SetValue(("operator",), "me"))


def test_a_removed_device_does_not_come_back(recto_home: Path, tmp_path: Path) -> None:
    assert [device.name for device in remove_device("simulated", "flatbed").devices.simulated] == ["feeder"]
    assert remove_device("simulated", "feeder").devices.simulated == ()
    assert load_settings().devices.simulated == ()
    assert add_simulated_device({"name": "new"}).devices.simulated[0].name == "new"
    assert add_hot_folder({"name": "camera", "folder": tmp_path}).devices.folders[0].folder == tmp_path
    assert remove_device("folders", "camera").devices.folders == ()
    with pytest.raises(SettingsInvalid, match="camera"):
        remove_device("folders", "camera")


def test_devices_that_a_variable_names_are_not_changed_in_the_file(
    recto_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_DEVICES", '{"simulated": [{"name": "only"}]}')
    with pytest.raises(SettingsInvalid, match="RECTO_DEVICES"):
        add_simulated_device({"name": "practice"})
    assert not settings_file().exists()


def test_the_last_table_of_its_kind_can_be_taken_out(recto_home: Path) -> None:
    written('# ours\n[storage.vault]\nurl = "/vault"\n')
    assert change_settings(RemoveValue(("storage", "vault"))).storage == {}
    assert settings_file().read_text() == "# ours\n"


def test_no_value_takes_the_key_out(recto_home: Path) -> None:
    file = written('# kept\nbroker_url = "redis://x"\nstation = "a"\n')
    assert change_settings(SetValue(("broker_url",), None)).broker_url is None
    assert tomllib.loads(file.read_text()) == {"station": "a"}
    assert "# kept" in file.read_text()


@pytest.mark.parametrize(
    ("variable", "text", "key", "decides"),
    [
        ("RECTO_STATION", "x", ("station",), True),
        ("recto_station", "x", ("station",), True),
        ("RECTO_LEDGER__LEASE_SECONDS", "3", ("ledger", "lease_seconds"), True),
        ("RECTO_LEDGER__LEASE_SECONDS", "3", ("ledger", "max_attempts"), False),
        ("RECTO_LEDGER", '{"lease_seconds": 3}', ("ledger", "lease_seconds"), True),
        ("RECTO_LEDGER", '{"lease_seconds": 3}', ("ledger", "max_attempts"), False),
        ("RECTO_DEVICES__SIMULATED", '[{"name": "a"}]', ("devices", "simulated", 0, "name"), True),
        ("RECTO_STORAGE__VAULT__URL", "/v", ("storage", "vault", "url"), True),
        ("RECTO_HOME", "/x", ("station",), False),
        ("STATION", "x", ("station",), False),
    ],
)
def test_the_variable_that_wins_over_the_file_is_told(
    variable: str,
    text: str,
    key: tuple[str, ...],
    decides: bool,  # noqa: FBT001
) -> None:
    assert overriding_variable(key, {variable: text}) == (variable if decides else None)
