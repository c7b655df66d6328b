# SPDX-License-Identifier: Apache-2.0
"""What steps ask of the pipeline around them: what they are applied to, what comes before them, what may be left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive.registry.stages import SHIPPED, Per
from workers.pipelines.problems import Code, Place, Problems
from workers.pipelines.stage_draft import StageDraft

INDISPENSABLE = frozenset({"validate", "capture", "characterise", "bag", "upload", "confirm"})
"""Steps that an item cannot do without once they are in its pipeline: a failure of theirs must stop it."""
MAKES_FILES = frozenset({"capture", "fetch", "characterise", "jpeg2000", "enrich", "ocr", "assemble"})
"""Steps whose outcome belongs into the bag."""


def check_steps(
    stages: Sequence[StageDraft], before: Mapping[str, frozenset[str]], problems: Problems
) -> None:
    """Tell every problem between stages and their steps.

    Args:
        stages: The stages, in order.
        before: For each stage those that are done before it begins.
        problems: Takes what is wrong.
    """
    by_name = {stage.name: stage for stage in reversed(stages)}
    for stage in stages:
        _check_name(stage, problems)
        _check_applied(stage, problems)
        _check_limits(stage, problems)
        if stage.step is not None and stage.name:
            steps = {by_name[name].step_name: by_name[name] for name in before.get(stage.name, ())}
            _check_needs(stage, steps, problems)
            if stage.step_name == "bag":
                _check_bag(stage, stages, steps, problems)


def check_end(stages: Sequence[StageDraft], place: Place, problems: Problems) -> None:
    """Warn of a pipeline that ends before its bags are proved."""
    steps = {stage.step_name for stage in stages}
    for step, needed, code, outcome in (
        ("bag", True, Code.NO_BAG, "its items become no bags: nothing of them can be stored or proved"),
        ("upload", "bag" in steps, Code.NO_UPLOAD, "its bags stay on the computer that wrote them"),
        (
            "confirm",
            "upload" in steps,
            Code.NO_CONFIRM,
            "nobody reads back what was stored, and no receipt is written",
        ),
    ):
        if needed and step not in steps:
            problems.tell(
                place,
                code,
                f"The pipeline has no stage {step}, so {outcome}.",
                f"Add a stage {step}, unless that is what you want.",
                "warning",
            )


def _check_name(stage: StageDraft, problems: Problems) -> None:
    if not stage.name or stage.name == stage.step_name:
        return
    for name, key in ((stage.step_name, "step"), (stage.name, "name")):
        if name in SHIPPED:
            problems.tell(
                stage.place_of(key),
                Code.NAME_RESERVED,
                f"The stage {stage.name} is done by the step {stage.step_name}; a stage and a step that comes with "
                "Recto have the same name.",
                f"Call the stage {stage.step_name}." if key == "step" else "Give the stage another name.",
            )
            return


def _check_applied(stage: StageDraft, problems: Problems) -> None:
    step = stage.step
    if step is not None and stage.per not in step.applies_to:
        problems.tell(
            stage.place_of("applies_to"),
            Code.STEP_APPLIES_TO,
            f"The step {stage.step_name} cannot be applied to each {stage.per}.",
            f"Write: applies_to: {' or '.join(step.applies_to)}.",
        )
    if step is not None and (stage.queue == "capture") is not (stage.step_name == "capture"):
        if stage.step_name == "capture":
            message = "The stage capture needs the scanner, and only the queue capture reaches it."
            remedy = "Write: queue: capture, or leave queue out."
        else:
            message = f"The queue capture is the scanner's; {stage.name} would keep it waiting."
            remedy = "Write: queue: default, compute_intensive, imaging_heavy or io_bound."
        problems.tell(stage.place_of("queue"), Code.QUEUE_WRONG, message, remedy)
    if stage.values.get("optional") and stage.step_name in INDISPENSABLE:
        problems.tell(
            stage.place_of("optional"),
            Code.STEP_NEEDED,
            f"An item cannot go on without its stage {stage.name}, so it cannot be optional.",
            "Leave optional out.",
        )


def _check_limits(stage: StageDraft, problems: Problems) -> None:
    soft, hard = stage.limits()
    if soft >= hard:
        problems.tell(
            stage.place_of("soft_limit"),
            Code.LIMITS_REVERSED,
            f"The soft limit of {stage.name or 'the stage'} ({soft} s) is not below its hard limit ({hard} s), "
            "so it could never end by itself.",
            "Make the soft limit the shorter one.",
        )


def _check_needs(stage: StageDraft, before: Mapping[str, StageDraft], problems: Problems) -> None:
    for need in stage.step.needs if stage.step else ():
        needed = before.get(need)
        if needed is None:
            problems.tell(
                stage.place_of("name"),
                Code.STEP_NEEDS,
                f"The step {stage.step_name} needs what {need} makes, and the stage {stage.name} does not stand on it.",
                f"Put a stage {need} before {stage.name}.",
            )
            continue
        own, other = (" ".join(each.values.get("when", "").split()) for each in (stage, needed))
        if other and other != own:
            problems.tell(
                stage.place_of("when"),
                Code.STEP_NEEDS,
                f"{stage.name} needs what {needed.name} makes, and {needed.name} is done only under a condition.",
                f"Give {stage.name} the same condition: {other}.",
            )


def _check_bag(
    bag: StageDraft, stages: Sequence[StageDraft], before: Mapping[str, StageDraft], problems: Problems
) -> None:
    for stage in stages:
        makes = stage.step_name in MAKES_FILES and stage.per is not Per.BATCH
        if makes and stage.step_name not in before:
            problems.tell(
                stage.place_of("name"),
                Code.NOT_IN_BAG,
                f"What {stage.name} makes belongs into the bag, but {bag.name} does not wait for it.",
                f"Let {bag.name} stand on {stage.name}.",
            )
