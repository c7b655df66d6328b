# SPDX-License-Identifier: Apache-2.0
"""The image of a node and the site in containers: every file, command, package and option that they name is there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from app.command_line import main
from tests.conftest import REPOSITORY, missing
from workers.node import Node
from workers.settings import load_settings

CONTAINER = REPOSITORY / "packaging" / "container"
SYSTEM_PACKAGES = (REPOSITORY / "packaging" / "system-packages").read_text()

INSTRUCTIONS = {
    *("ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM"),
    *("HEALTHCHECK", "LABEL", "RUN", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
}


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, each in one line."""
    text = re.sub(r"^\s*#.*\n", "", (CONTAINER / "Containerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [(words[0], words[1].strip()) for line in lines if len(words := line.split(maxsplit=1)) > 1]


def of(name: str) -> list[str]:
    return [words for instruction, words in instructions() if instruction == name]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((CONTAINER / "compose.yaml").read_text())
    return document


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The folder of the containers with the secrets that are made once."""
    folder = tmp_path / "container"
    shutil.copytree(CONTAINER, folder, ignore=shutil.ignore_patterns("secrets"))
    subprocess.run([folder / "make-secrets"], check=True, capture_output=True, timeout=30)
    return folder


def require_command(words: list[str]) -> None:
    """Fail unless `recto` takes these words."""
    command, *arguments = words
    found = main.get_command(click.Context(main), command)
    assert found is not None
    found.make_context(command, list(arguments))


def test_every_instruction_is_one() -> None:
    assert {name for name, _ in instructions()} <= INSTRUCTIONS
    assert next(name for name, _ in instructions()) == "FROM"


def test_what_is_copied_is_there_and_is_all_that_the_wheel_is_made_of() -> None:
    copied = {word for words in of("COPY") if "--from" not in words for word in shlex.split(words)[:-1]}
    assert all((REPOSITORY / name).exists() for name in copied)
    assert {"app", "archive", "hardware", "workers", "resources", "pyproject.toml", "uv.lock"} <= copied


def test_the_image_is_built_from_the_lock_with_the_uv_of_the_development_environment() -> None:
    environment = (REPOSITORY / "packaging" / "environment").read_text()
    (version,) = re.findall(r"^uv_version=(\S+)$", environment, re.MULTILINE)
    assert any(f"uv=={version}" in words for words in of("RUN"))
    syncs = [words for words in of("RUN") if "uv sync" in words]
    assert syncs
    assert all("--frozen" in words and "--no-dev" in words for words in syncs)
    project = (REPOSITORY / "pyproject.toml").read_text()
    extras = {extra for words in syncs for extra in re.findall(r"--extra (\S+)", words)}
    assert extras
    assert all(re.search(rf"^{extra} = \[", project, re.MULTILINE) for extra in extras)


def test_its_packages_are_debian_s_and_those_of_other_installations() -> None:
    installed = {
        word
        for words in of("RUN")
        for part in words.split("&&")
        if "apt-get install" in part
        for word in part.split()[2:]
        if not word.startswith("-")
    }
    known = set(re.findall(r"[a-z0-9][a-z0-9.+-]+", SYSTEM_PACKAGES))
    assert installed
    assert installed <= known


def test_it_runs_as_a_user_without_rights_what_recto_knows() -> None:
    assert of("USER")[-1].split(":")[0] not in {"0", "root"}
    (entry,), (command,) = of("ENTRYPOINT"), of("CMD")
    assert json.loads(entry) == ["recto"]
    require_command(json.loads(command))


def test_the_services_are_a_site(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"compute", "io", "schedule", "broker", "database", "store"}
    for name in ("compute", "io", "schedule"):
        require_command([str(word) for word in services[name]["command"]])
    queues = {queue for name in ("compute", "io") for queue in services[name]["command"][2].split(",")}
    assert queues == {"default", "compute_intensive", "imaging_heavy", "io_bound"}
    for name in ("compute", "io", "broker", "database", "store"):
        assert services[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert not [name for name, service in services.items() if service.get("privileged") or "ports" in service]


def test_all_that_a_service_names_is_declared(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
        assert {config["source"] for config in service.get("configs", [])} <= set(compose["configs"])
        assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= set(compose["volumes"])
        assert set(service["networks"]) <= set(compose["networks"])
        assert set(service.get("depends_on", {})) <= set(compose["services"])
    build = compose["x-node"]["build"]
    assert (CONTAINER / build["context"] / build["dockerfile"]).is_file()


def test_images_are_named_with_a_version(compose: dict[str, Any]) -> None:
    images = [service["image"] for service in compose["services"].values() if "build" not in service]
    assert len(images) == 3
    assert all(re.fullmatch(r"docker\.io/[\w/.-]+:v?\d[\w.-]*", image) for image in images)
    assert all(re.fullmatch(r"docker\.io/library/debian:12-slim( AS \w+)?", words) for words in of("FROM"))


def test_every_file_of_secrets_is_made_and_kept_from_others(compose: dict[str, Any], made: Path) -> None:
    for named in (*compose["secrets"].values(), *compose["configs"].values()):
        assert (made / named["file"]).is_file()
    assert stat.S_IMODE((made / "secrets").stat().st_mode) == stat.S_IRWXU
    before = (made / "secrets" / "recto_broker_url").read_text()
    again = subprocess.run([made / "make-secrets"], capture_output=True, check=False, timeout=30)
    assert again.returncode == 1
    assert (made / "secrets" / "recto_broker_url").read_text() == before


def test_no_password_stands_in_the_files_of_the_repository() -> None:
    text = "".join(path.read_text() for path in CONTAINER.iterdir() if path.is_file())
    assert not re.findall(r"(?i)://[^\s$%:/]*:[^\s$%@]+@", text)


def test_a_node_understands_its_settings(
    compose: dict[str, Any], made: Path, recto_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, words in compose["x-node"]["environment"].items():
        monkeypatch.setenv(name, words)
    monkeypatch.setenv("RECTO_CONFIG", str(made / "recto.toml"))
    monkeypatch.setenv("RECTO_SECRETS", str(made / "secrets"))
    settings = load_settings()
    hosts = set(compose["services"])
    assert _host(settings.broker_url) in hosts
    assert _host(settings.database_url) in hosts
    assert Node(settings).stages_files
    assert _host(settings.storage_targets()["archive"].endpoint) in hosts


def _host(address: str | None) -> str:
    return str(re.sub(r"^.*://(.*@)?", "", address or "").partition(":")[0])


def test_the_broker_is_started_with_settings_that_it_understands(made: Path, tmp_path: Path) -> None:
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        missing("No redis-server is installed (Debian: redis-server).")
    assert program is not None
    configuration = tmp_path / "broker.conf"
    text = (made / "secrets" / "valkey.conf").read_text().replace("dir /data", f"dir {tmp_path}")
    # its port is already taken where no such host is, so it reads everything and ends
    configuration.write_text(f"{text}bind 192.0.2.1\n")
    done = subprocess.run(
        [program, configuration],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        env=dict(os.environ),
    )
    assert "Configuration loaded" in done.stdout
    assert "Failed listening" in done.stdout
