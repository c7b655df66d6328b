# SPDX-License-Identifier: Apache-2.0
"""Pipelines are found by name among the shipped ones and the folder's, and by path where nothing is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.errors import PipelineRefused
from workers.pipelines.catalogue import clash_of, find_pipeline, known_pipelines, mismatch_of

OWN = "name: {name}\nversion: 1\nstages: [{{name: validate}}, {{name: capture}}, {{name: bag}}]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file, name in (("own", "own"), ("book", "book"), ("alias", "other")):
        (tmp_path / f"{file}.yaml").write_text(OWN.format(name=name))
    (tmp_path / "broken.yml").write_text("name: broken")
    (tmp_path / "notes.txt").write_text("no pipeline")
    return tmp_path


def test_the_default_comes_first_and_the_folders_own_last(folder: Path) -> None:
    known = known_pipelines(folder)
    assert (known[0].name, known[0].shipped) == ("book", True)
    assert [pipeline.name for pipeline in known if not pipeline.shipped] == ["alias", "book", "broken", "own"]
    assert [clash_of(pipeline) != "" for pipeline in known if not pipeline.shipped] == [
        False,
        True,
        False,
        False,
    ]
    troubles = {pipeline.name: mismatch_of(pipeline) for pipeline in known if not pipeline.shipped}
    assert [name for name, trouble in troubles.items() if trouble] == ["alias", "broken"]


def test_a_shipped_pipeline_cannot_be_replaced_by_a_file(folder: Path) -> None:
    for name in ("book", "default"):
        assert len(find_pipeline(name, folder=folder).stages) == 9
    assert len(find_pipeline("own", folder=folder).stages) == 3


@pytest.mark.parametrize("name", ["alias", "broken", "nothing", "../own.yaml", "/etc/passwd.yaml", "no.yml"])
def test_what_cannot_be_used_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(PipelineRefused) as raised:
        find_pipeline(name, folder=folder, beside=folder)
    assert raised.value.message.endswith(".")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PipelineRefused, match="cannot be read"):
        known_pipelines(tmp_path / "none")
