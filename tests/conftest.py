# SPDX-License-Identifier: Apache-2.0
"""Fixtures that every test may ask for: private homes, reference data, programs that must be there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# a machine that is busy with other things is no defect of what is tested
settings.register_profile("recto", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("recto")

pytest_plugins = ["tests.servers.fixtures"]

REPOSITORY = Path(__file__).resolve().parent.parent

TESTS = Path(__file__).resolve().parent


# first, for pytest-xdist reads the marks in a hook of the same name
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests stay together when two processes share the work (`pytest -n 2 --dist loadgroup`)."""
    for item in items:
        group = _group(item)
        if group is not None:
            item.add_marker(pytest.mark.xdist_group(group))


def _group(item: pytest.Item) -> str | None:
    """The tests that one process must run: those that share a fixture, or that would be in each other's way."""
    path = item.path.relative_to(TESTS)
    if path.parts[:2] == ("integration", "hardware"):
        # they measure how soon a device answers, and start network daemons
        return "hardware"
    if path.parts[0] != "e2e" or _shares_a_fixture(item):
        return str(path)
    return None


def _shares_a_fixture(item: pytest.Item) -> bool:
    """Whether a fixture of the test serves its whole module, as a station does."""
    assert isinstance(item, pytest.Function)
    definitions = item._fixtureinfo.name2fixturedefs.values()
    return any(definition.scope in {"module", "package"} for found in definitions for definition in found)


def missing(reason: str) -> None:
    """Skip a test for want of something on this machine; in CI that is a failure, not a skip."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def without_root_rights(command: list[str]) -> list[str]:
    """The command as one to whom the rights of files apply; root keeps its files, but not its leave to ignore them."""
    if os.geteuid() != 0:
        return command
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        missing("setpriv is not installed (Debian: util-linux), and root may read and write everything.")
    assert setpriv is not None
    rights = "-dac_override,-dac_read_search"
    return [setpriv, f"--bounding-set={rights}", f"--inh-caps={rights}", *command]


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder with real scanned pages, bag profiles and XML schemas.

    It is too large and too mixed in licence for the repository: it lies beside it, or where
    RECTO_REFERENCE_DATA says.
    """
    configured = os.environ.get("RECTO_REFERENCE_DATA")
    folder = Path(configured) if configured else REPOSITORY.parent / "shared" / "data"
    if not (folder / "pages" / "pages.csv").is_file():
        missing(f"No reference pages in {folder}; set RECTO_REFERENCE_DATA to run this test.")
    return folder


@pytest.fixture
def recto_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A private RECTO_HOME, with no other RECTO_* variable to disturb it."""
    for name in [name for name in os.environ if name.startswith("RECTO_") and name != "RECTO_REFERENCE_DATA"]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    monkeypatch.setenv("RECTO_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def tesseract() -> str:
    """The tesseract program."""
    program = shutil.which("tesseract")
    if program is None:
        missing("The tesseract program is not installed (Debian: tesseract-ocr).")
    assert program is not None
    return program
