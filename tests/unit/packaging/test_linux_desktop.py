# SPDX-License-Identifier: Apache-2.0
"""Desktop entry, AppStream metadata, types and icons: valid, in German too, and of one id."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import etree

from app.desktop.identity import APPLICATION_ID, APPLICATION_NAME, MANIFEST_MIME_TYPES
from archive.resource_files import resource_path
from tests.conftest import REPOSITORY, missing

LINUX = REPOSITORY / "packaging" / "linux"
ENTRY = LINUX / f"{APPLICATION_ID}.desktop"
METAINFO = LINUX / f"{APPLICATION_ID}.metainfo.xml"
MIME = LINUX / f"{APPLICATION_ID}.mime.xml"
MIME_SPACE = "{http://www.freedesktop.org/standards/shared-mime-info}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def run(program: str, *arguments: str | Path, package: str) -> subprocess.CompletedProcess[str]:
    found = shutil.which(program)
    if found is None:
        missing(f"{program} is not installed (Debian: {package}).")
    assert found is not None
    return subprocess.run(
        [found, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60
    )


def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(ENTRY, encoding="utf-8")
    return parser["Desktop Entry"]


# requirement 29
def test_the_desktop_entry_is_valid() -> None:
    checked = run("desktop-file-validate", ENTRY, package="desktop-file-utils")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


# requirement 29
def test_the_metadata_are_valid() -> None:
    checked = run("appstreamcli", "validate", "--no-net", METAINFO, package="appstream")
    assert checked.returncode == 0, checked.stdout
    assert " W:" not in f" {checked.stdout}"


# requirement 29
def test_one_id_is_everywhere() -> None:
    component = etree.parse(METAINFO).getroot()
    assert component.findtext("id") == APPLICATION_ID
    assert component.findtext("launchable") == ENTRY.name
    assert component.findtext("icon") == APPLICATION_ID
    assert entry()["Icon"] == entry()["StartupWMClass"] == APPLICATION_ID
    icons = {path.name for path in (LINUX / "icons").rglob("*.svg")}
    assert icons == {
        f"{APPLICATION_ID}.svg",
        f"{APPLICATION_ID}-symbolic.svg",
        f"{APPLICATION_ID}-manifest.svg",
    }
    types = etree.parse(MIME).getroot()
    named = {icon.get("name") for icon in types.iter(f"{MIME_SPACE}icon")}
    assert named == {f"{APPLICATION_ID}-manifest"}


def test_names_stand_in_english_and_in_german() -> None:
    values = entry()
    assert values["Name"] == APPLICATION_NAME
    for key in ("GenericName", "Comment", "Keywords"):
        assert values[key]
        assert values[f"{key}[de]"]
        assert values[key] != values[f"{key}[de]"]
    component = etree.parse(METAINFO).getroot()
    assert component.findtext("summary") == values["Comment"]
    german = {summary.get(LANGUAGE): summary.text for summary in component.iter("summary")}
    assert german["de"] == values["Comment[de]"]
    for paragraphs in ("description/p", "description/ul/li", "screenshots/screenshot/caption"):
        languages = [part.get(LANGUAGE) for part in component.findall(paragraphs)]
        assert languages.count(None) == languages.count("de") > 0


def test_manifests_open_with_recto() -> None:
    types = etree.parse(MIME).getroot()
    patterns = {
        str(glob.get("pattern")).removeprefix("*"): kind.get("type")
        for kind in types.iter(f"{MIME_SPACE}mime-type")
        for glob in kind.iter(f"{MIME_SPACE}glob")
    }
    assert patterns == MANIFEST_MIME_TYPES
    wanted = set(MANIFEST_MIME_TYPES.values())
    assert set(entry()["MimeType"].strip(";").split(";")) == wanted
    component = etree.parse(METAINFO).getroot()
    assert {kind.text for kind in component.iter("mediatype")} == wanted
    assert entry()["Exec"].endswith("%f")


@pytest.mark.parametrize("icon", sorted((LINUX / "icons").rglob("*.svg")), ids=lambda path: path.name)
def test_icons_are_drawn_by_qt(icon: Path) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(str(icon))
    assert renderer.isValid()
    assert renderer.viewBoxF().width() == renderer.viewBoxF().height()
    # outside of its own program nobody fills in a colour
    assert "currentColor" not in icon.read_text()


def test_it_is_put_into_the_menus_of_a_prefix(tmp_path: Path) -> None:
    program = tmp_path / "R&D with blank" / "recto"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    prefix = tmp_path / "prefix"
    installed = run("sh", LINUX / "install", prefix, program, package="dash")
    assert (installed.returncode, installed.stderr) == (0, "")
    put = prefix / "share" / "applications" / ENTRY.name
    assert f'Exec="{program}" %f' in put.read_text()
    checked = run("desktop-file-validate", put, package="desktop-file-utils")
    assert (checked.returncode, checked.stdout) == (0, "")
    assert (prefix / "share/icons/hicolor/scalable/apps" / f"{APPLICATION_ID}.svg").is_file()
    assert (prefix / "share/metainfo" / METAINFO.name).read_text() == METAINFO.read_text()


def test_a_path_that_no_menu_can_start_is_refused_before_anything_is_put(tmp_path: Path) -> None:
    program = tmp_path / "100% $HOME" / "recto"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    refused = run("sh", LINUX / "install", tmp_path / "prefix", program, package="dash")
    assert refused.returncode == 1
    assert str(program) in refused.stderr
    assert not (tmp_path / "prefix").exists()


def test_it_is_not_put_into_the_menus_without_a_program(tmp_path: Path) -> None:
    refused = run("sh", LINUX / "install", tmp_path / "prefix", tmp_path / "nothing", package="dash")
    assert refused.returncode == 1
    assert "make demo" in refused.stderr
    assert not (tmp_path / "prefix").exists()


def test_the_window_brings_the_icon_of_the_menus() -> None:
    menus = LINUX / "icons" / "hicolor" / "scalable" / "apps" / f"{APPLICATION_ID}.svg"
    assert resource_path(f"{APPLICATION_ID}.svg").read_bytes() == menus.read_bytes()
