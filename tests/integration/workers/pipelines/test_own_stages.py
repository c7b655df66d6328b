# SPDX-License-Identifier: Apache-2.0
"""A batch with steps and stages of a site's own, one of them for the whole batch: run, and read by everything that looks."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.batch_table import print_summary
from archive.errors import StageUnknown
from archive.registry.board import read_board
from archive.registry.item_history import read_item
from archive.registry.pace import read_pace
from archive.registry.states import State
from workers.operations import retry_batch
from workers.pipelines.problems import Code
from workers.pipelines.reader import read_pipeline
from workers.steps.registry import forget_steps

MakeStation = Callable[..., Any]

STEPS = """\
import json
from workers.errors import ProgramMissing
from workers.steps.step import Step

def stamp(work):
    if not (work.folder.parent.parent.parent / "ink").exists():
        raise ProgramMissing("There is no ink.")
    return {"stamped": [page.number for page in work.pages()]}

def tell(work):
    (work.folder / "told.json").write_text(json.dumps(work.claim.batch))
    return {}

stamping = Step(run=stamp, applies_to=("item", "chunk"))
telling = Step(run=tell, applies_to=("batch",))
"""

PIPELINE = """\
name: own
version: 1
stages:
  - name: validate
    parameters: {language_data: false}
  - name: capture
    chunk_pages: 3
  - name: characterise
    chunk_pages: 3
    same_chunk: true
  - name: ink-stamp
    step: stamp
    applies_to: chunk
    chunk_pages: 2
  - name: bag
  - name: tell-all
    step: tell
    applies_to: batch
"""


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "own_steps.py").write_text(STEPS)
    facts = tmp_path / "own_steps-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: own_steps\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(
        "[recto.steps]\nstamp = own_steps:stamping\ntell = own_steps:telling\nbroken = own_steps:none\n"
    )
    (tmp_path / "own.yaml").write_text(PIPELINE)
    monkeypatch.syspath_prepend(str(tmp_path))
    forget_steps()
    yield
    forget_steps()
    sys.modules.pop("own_steps", None)


@pytest.mark.usefixtures("steps")
def test_own_stages_are_run_held_retried_and_shown(
    station: MakeStation, capsys: pytest.CaptureFixture[str]
) -> None:
    here = station()
    here.register("own.yaml", 5)
    assert here.run() == ["validate", *["capture"] * 2, *["characterise"] * 2, *["ink-stamp"] * 3]
    status = here.status()
    assert (status["state"], status["stages"]) == ("held", {"tell-all": "waiting"})
    assert status["items"][0]["stages"]["ink-stamp"] == "held"
    with here.node.registry.reading() as session:
        board = read_board(session, "batch")
        assert board.stages == ("validate", "capture", "characterise", "ink-stamp", "bag")
        assert board.items[0].cell("ink-stamp").codes == ("program.missing",)
        assert board.items[0].cell("capture").units == 2
        assert [(stage.name, stage.state) for stage in board.of_batch] == [("tell-all", State.WAITING)]
        history = read_item(session, "batch", "item-1")
        assert [unit.chunk for unit in history.of("ink-stamp")] == [0, 1, 2]
        assert read_pace(session, "batch").items == 1
    (here.node.settings.batches / "ink").touch()
    with pytest.raises(StageUnknown):
        retry_batch(here.node, "batch", stage="ink")
    retry_batch(here.node, "batch", stage="ink-stamp")
    here.run()
    assert (here.status()["state"], here.status()["stages"]) == ("done", {"tell-all": "done"})
    stamped = [unit.result["stamped"] for unit in here.units()["ink-stamp"]]
    assert stamped == [[1, 2], [3, 4], [5]]
    assert json.loads((here.node.settings.batches / "batch" / "told.json").read_text()) == "batch"
    with here.node.registry.reading() as session:
        assert read_board(session, "batch").items[0].state is State.DONE
    print_summary(here.node, here.status())
    assert "of the whole batch: tell-all done" in capsys.readouterr().out


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("  - name: bag\n", "  - name: bag\n    after: [ink-stamp, tell-all]\n", Code.CYCLE),
        (
            "    step: stamp\n    applies_to: chunk\n",
            "    step: tell\n    applies_to: batch\n",
            Code.AFTER_BATCH,
        ),
        ("    step: stamp\n", "    step: broken\n", Code.STEP_BROKEN),
        ("    applies_to: batch\n", "    applies_to: item\n", Code.STEP_APPLIES_TO),
        ("    step: tell\n", "    step: tell\n    parameters: {loud: yes}\n", Code.PARAMETER_UNKNOWN),
    ],
)
def test_what_is_wrong_with_own_stages_is_told(tmp_path: Path, right: str, wrong: str, code: Code) -> None:
    file = tmp_path / "wrong.yaml"
    assert right in PIPELINE
    file.write_text(PIPELINE.replace(right, wrong, 1))
    assert code in {problem.code for problem in read_pipeline(file).errors}
