# SPDX-License-Identifier: Apache-2.0
"""The services of a host: units that systemd understands, shut in as far as their work allows, run as Recto is run."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from app.command_line import main
from tests.conftest import REPOSITORY, missing
from workers.settings import Settings

UNITS = REPOSITORY / "packaging" / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
INSTALLED = "/opt/recto/bin/recto"

MOST_EXPOSED = 2.0
"""Of 10, as systemd-analyze counts; a plain service has 9.6, and none of Recto's needs more than 1.8."""


@pytest.fixture(scope="module")
def analyze() -> str:
    program = shutil.which("systemd-analyze")
    if program is None:
        missing("systemd-analyze is not installed (Debian: systemd).")
    assert program is not None
    return program


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units with a program that is there: systemd looks whether it may be run."""
    for unit in (*UNITS.glob("*.service"), UNITS / "recto.target"):
        text = unit.read_text().replace(INSTALLED, sys.executable)
        (tmp_path / unit.name).write_text(text.replace("/usr/bin/redis-server", sys.executable))
    return tmp_path


def value(service: str, name: str) -> str:
    (found,) = re.findall(rf"^{name}=(.*)$", (UNITS / service).read_text(), re.MULTILINE)
    return str(found)


def test_systemd_understands_every_line(analyze: str, units: Path) -> None:
    names = [str(units / name) for name in (*SERVICES, "recto.target")]
    done = subprocess.run(
        [analyze, "verify", "--man=no", *names], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_services_are_shut_in(analyze: str, units: Path) -> None:
    done = subprocess.run(
        [analyze, "security", "--offline=yes", "--no-pager", *(str(units / name) for name in SERVICES)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    levels = re.findall(r"exposure level for (\S+): (\S+)", done.stdout)
    assert sorted(name for name, _ in levels) == SERVICES
    assert [name for name, level in levels if float(level) > MOST_EXPOSED] == []


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "recto-redis.service"])
def test_a_service_runs_a_command_that_recto_has(service: str) -> None:
    program, command, *arguments = shlex.split(value(service, "ExecStart"))
    assert program == INSTALLED
    found = main.get_command(click.Context(main), command)
    assert found is not None
    parsed = found.make_context(command, arguments)
    queues = (parsed.params.get("queues") or "").replace("${RECTO_STATION}", "here")
    assert set(filter(None, queues.split(","))) <= {
        "capture.here",
        "default",
        "compute_intensive",
        "imaging_heavy",
        "io_bound",
    }


def test_all_queues_of_a_site_are_served() -> None:
    served = [value(name, "ExecStart") for name in SERVICES]
    for queue in ("capture.${RECTO_STATION}", "default", "compute_intensive", "imaging_heavy", "io_bound"):
        assert sum(bool(re.search(rf"[ ,]{re.escape(queue)}(,|$)", line)) for line in served) == 1


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_given_time_to_give_its_units_back(service: str) -> None:
    assert float(value(service, "TimeoutStopSec")) >= Settings().workers.stop_seconds + 20


def test_only_the_worker_of_scanners_sees_devices() -> None:
    seeing = [name for name in SERVICES if "PrivateDevices=yes" not in (UNITS / name).read_text()]
    assert seeing == ["recto-worker-capture.service"]


def test_the_variables_of_the_example_are_settings(recto_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (UNITS / "recto.env").read_text()
    known = {f"RECTO_{name.upper()}" for name in Settings.model_fields}
    named = re.findall(r"^#?(RECTO_\w+)=", text, re.MULTILINE)
    assert named
    assert set(named) <= known
    for name, words in re.findall(r"^(RECTO_\w+)=(.*)$", text, re.MULTILINE):
        monkeypatch.setenv(name, words)
    settings = Settings()
    assert settings.station == "reading-room"
    socket = re.findall(r"^unixsocket (\S+)$", (UNITS / "redis.conf").read_text(), re.MULTILINE)
    assert socket[0] in (settings.broker_url or "")
