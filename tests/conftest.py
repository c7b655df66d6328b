# SPDX-License-Identifier: Apache-2.0
"""Fixtures that every test may ask for: private homes, reference data, programs that must be there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.sharing_groups import takes_long

# a machine that is busy with other things is no defect of what is tested
settings.register_profile("recto", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("recto")

pytest_plugins = ["tests.servers.fixtures"]

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: not takes_long(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: many tests wait for leases, deaths and restarts."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share the tests among processes by `tests.sharing` (`pytest -n 2`)."""
    from tests.sharing import GroupScheduling

    # in the order in which they were collected, not by how many they are
    config.option.loadscopereorder = False
    return GroupScheduling(config, log)


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
