# SPDX-License-Identifier: Apache-2.0
"""`recto manifest from-folder` and `from-server`: a manifest that a batch can be made of, or what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from app.command_line import main
from app.exit_codes import ExitCode
from archive.manifest.reader import read_manifest
from tests.integration.fetching.web import Web, serve_web
from tests.memory_keyring import memory_keyring
from workers.node import Node
from workers.operations import register_manifest
from workers.settings import load_settings


@pytest.fixture
def scans(recto_home: Path, tmp_path: Path) -> Path:
    """Two folders of images, and what else lies in folders."""
    folder = tmp_path / "scans"
    for name in ("a/p10.tif", "a/p9.tif", "b/1.tif"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (8, 8)).save(
            folder / name, dpi=(400, 400), tiffinfo={271: "Zeutschel", 272: "OS 12000"}
        )
    (folder / "a" / "Thumbs.db").write_bytes(b"x")
    (folder / "a" / "aid.pdf").write_bytes(b"%PDF")
    return folder


@pytest.fixture
def web(scans: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A web server with the same files."""
    monkeypatch.setenv("no_proxy", "*")
    with serve_web() as server:
        for path in scans.rglob("*.tif"):
            server.files[f"/scans/{path.relative_to(scans).as_posix()}"] = path.read_bytes()
        yield server


def recto(*arguments: object, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, ["manifest", *map(str, arguments)], input=typed)


def test_a_folder_becomes_a_manifest_that_a_batch_is_made_of(scans: Path) -> None:
    file = scans / "m.yaml"
    result = recto(
        "from-folder", scans, "-o", file, "--institution", "Library", "--tag", "Access=Institution", "--json"
    )
    assert result.exit_code == ExitCode.DONE, result.output
    document = json.loads(result.stdout)
    assert (document["written"], document["items"], document["pages"], document["attachments"]) == (
        str(file),
        2,
        3,
        1,
    )
    assert [(told["severity"], told["code"], told["name"]) for told in document["findings"]] == [
        ("note", "left-out", "a/Thumbs.db")
    ]
    manifest = read_manifest(file).manifest
    assert manifest is not None
    assert (manifest.id, manifest.resolution_dpi, manifest.color_profile) == ("scans", 400, "gray")
    assert (manifest.scanner_model, manifest.pipeline) == ("Zeutschel OS 12000", "existing-files")
    assert manifest.items[0].file_paths == ("a/p9.tif", "a/p10.tif")
    node = Node(load_settings())
    assert register_manifest(node, file) == "scans"
    node.registry.close()


def test_what_is_missing_is_told_and_nothing_is_written(scans: Path) -> None:
    result = recto("from-folder", scans, "-o", scans / "m.yaml")
    assert result.exit_code == ExitCode.INVALID
    assert "--institution" in result.stdout
    assert "Nothing was written." in result.stdout
    assert not (scans / "m.yaml").exists()


def test_an_image_that_cannot_be_read_must_be_left_out_on_purpose(scans: Path) -> None:
    (scans / "b" / "2.tif").write_bytes(b"II*\0 no image")
    result = recto("from-folder", scans, "-o", scans / "m.yaml", "--institution", "L")
    assert result.exit_code == ExitCode.INVALID
    assert "b/2.tif" in result.stdout
    result = recto(
        "from-folder", scans, "-o", scans / "m.yaml", "--institution", "L", "--leave-out-unreadable"
    )
    assert result.exit_code == ExitCode.DONE
    assert "b/2.tif" in result.stderr
    manifest = read_manifest(scans / "m.yaml").manifest
    assert manifest is not None
    assert manifest.items[1].file_paths == ("b/1.tif",)


@pytest.mark.parametrize("name", ["taken.yaml", "m.doc", "../elsewhere/m.yaml", "a/m.yaml"])
def test_a_file_that_cannot_be_written_there_is_wrong_usage(scans: Path, name: str) -> None:
    (scans / "taken.yaml").write_text("mine")
    result = recto("from-folder", scans, "-o", scans / name, "--institution", "L")
    assert result.exit_code == ExitCode.WRONG_USAGE
    assert (scans / "taken.yaml").read_text() == "mine"
    assert sorted(path.name for path in scans.iterdir()) == ["a", "b", "taken.yaml"]


def test_a_server_becomes_a_manifest_with_what_the_first_image_says(web: Web, tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    result = recto(
        "from-server", f"{web.url}/scans/", "-o", file, "--institution", "L", "--language", "deu", "--json"
    )
    assert result.exit_code == ExitCode.DONE, result.output
    manifest = read_manifest(file).manifest
    assert manifest is not None
    assert (manifest.id, manifest.resolution_dpi, manifest.pipeline) == ("scans", 400, "server-import")
    assert manifest.items[0].file_paths == (f"{web.url}/scans/a/p9.tif", f"{web.url}/scans/a/p10.tif")
    assert {item.language for item in manifest.items} == {"deu"}
    assert [finding["code"] for finding in json.loads(result.stdout)["findings"]] == [
        "first-image",
        "no-digest",
    ]


def test_nothing_but_the_list_is_fetched_where_options_say_all(web: Web, tmp_path: Path) -> None:
    told = ["--institution", "L", "--resolution", "300", "--color-profile", "gray", "--scanner-model", "S"]
    assert (
        recto("from-server", f"{web.url}/scans/", "-o", tmp_path / "m.yaml", *told).exit_code == ExitCode.DONE
    )
    assert not [path for path, _ in web.requests if path.endswith(".tif")]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("file:///etc", ExitCode.WRONG_USAGE),
        ("https://anna:opensesame@host/", ExitCode.WRONG_USAGE),
        ("http://127.0.0.1:9/", ExitCode.STORAGE_OR_NETWORK),
    ],
)
def test_an_address_that_cannot_be_listed_ends_with_its_exit_code(
    web: Web, tmp_path: Path, address: str, code: ExitCode
) -> None:
    result = recto("from-server", address, "-o", tmp_path / "m.yaml")
    assert result.exit_code == code
    assert "opensesame" not in result.output
    assert not (tmp_path / "m.yaml").exists()


def test_a_password_is_asked_for_and_kept_where_workers_find_it(web: Web, tmp_path: Path) -> None:
    web.password = "opensesame"  # noqa: S105 - of a server in this process
    address = f"{web.url.replace('//', '//anna@')}/scans/"
    options = ("-o", tmp_path / "m.yaml", "--institution", "L")
    with memory_keyring() as keyring:
        assert recto("from-server", address, *options).exit_code == ExitCode.STORAGE_OR_NETWORK
        result = recto("from-server", address, *options, "--ask-password", typed="opensesame\n")
        assert result.exit_code == ExitCode.DONE, result.output
        place = web.url.replace("http://", "fetch:http://anna@")
        assert [name for _, name in keyring.kept] == [place]
        again = ("-o", tmp_path / "again.yaml", "--institution", "L")
        assert recto("from-server", address, *again).exit_code == ExitCode.DONE
    assert "opensesame" not in result.output + (tmp_path / "m.yaml").read_text()
