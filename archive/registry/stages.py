# SPDX-License-Identifier: Apache-2.0
"""The nine stages of an item, what each one stands on, and which are cut into chunks of pages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """One stage in the way of an item, in order."""

    VALIDATE = "validate"
    CAPTURE = "capture"
    CHARACTERISE = "characterise"
    ENRICH = "enrich"
    OCR = "ocr"
    ASSEMBLE = "assemble"
    BAG = "bag"
    UPLOAD = "upload"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class StageRule:
    """What a stage stands on.

    Attributes:
        after: The stage that must be done before; None for the first.
        chunked: Whether the stage has one unit per chunk of pages, or one for the whole item.
        same_chunk: Whether only the unit of the same chunk must be done, or all of the stage before.
        in_order: Whether a chunk must wait for the chunk before it: sheets come off a stack in order.
    """

    after: Stage | None
    chunked: bool = False
    same_chunk: bool = False
    in_order: bool = False


RULES: dict[Stage, StageRule] = {
    Stage.VALIDATE: StageRule(after=None),
    Stage.CAPTURE: StageRule(after=Stage.VALIDATE, chunked=True, in_order=True),
    Stage.CHARACTERISE: StageRule(after=Stage.CAPTURE, chunked=True, same_chunk=True),
    Stage.ENRICH: StageRule(after=Stage.CHARACTERISE),
    Stage.OCR: StageRule(after=Stage.ENRICH, chunked=True),
    Stage.ASSEMBLE: StageRule(after=Stage.OCR),
    Stage.BAG: StageRule(after=Stage.ASSEMBLE),
    Stage.UPLOAD: StageRule(after=Stage.BAG),
    Stage.CONFIRM: StageRule(after=Stage.UPLOAD),
}
