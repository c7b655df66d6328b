# SPDX-License-Identifier: Apache-2.0
"""The nine stages: each a function from the work at hand to its result, or to the reason why it is held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archive.registry.stages import Stage
from workers.stages.assemble import assemble
from workers.stages.bag import bag
from workers.stages.capture import capture
from workers.stages.characterise import characterise
from workers.stages.confirm import confirm
from workers.stages.enrich import enrich
from workers.stages.ocr import ocr
from workers.stages.upload import upload
from workers.stages.validate import validate
from workers.work import Held, Work

StageFunction = Callable[[Work], dict[str, Any] | Held]

STAGES: dict[Stage, StageFunction] = {
    Stage.VALIDATE: validate,
    Stage.CAPTURE: capture,
    Stage.CHARACTERISE: characterise,
    Stage.ENRICH: enrich,
    Stage.OCR: ocr,
    Stage.ASSEMBLE: assemble,
    Stage.BAG: bag,
    Stage.UPLOAD: upload,
    Stage.CONFIRM: confirm,
}
