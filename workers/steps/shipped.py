# SPDX-License-Identifier: Apache-2.0
"""The steps that come with Recto: what pipelines may set for each; their code is loaded when one of them runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.steps.parameters import Parameter
from workers.steps.step import Step

if TYPE_CHECKING:
    from workers.work import Held, Work


@dataclass(frozen=True, slots=True)
class Loaded:
    """A function of a step that is imported at its first call.

    Reading a pipeline must need neither Tesseract's library nor a scanner's: a station has one, a compute
    node the other.
    """

    module: str
    name: str

    def __call__(self, work: Work) -> dict[str, Any] | Held:
        """Call it."""
        result: dict[str, Any] | Held = getattr(import_module(self.module), self.name)(work)
        return result


PAGE_SUGGESTIONS = (
    "blank",
    "format",
    "ink_share",
    "sheet_share",
    "duplicate",
    "unsharp",
    "noisy",
    "barcode",
    "separator",
)
"""Kinds of suggestions that images alone give."""
TEXT_SUGGESTIONS = ("language", "key_phrase", "date", "page_type", "duplicate")
"""Kinds of suggestions that an item's text gives."""
_MODELS = re.compile(r"[A-Za-z0-9_/-]{2,40}(\+[A-Za-z0-9_/-]{2,40})*")


def _no_quality_profile(name: str) -> str:
    from archive.errors import QualityProfileInvalid, QualityProfileUnknown
    from archive.imaging.quality.profile import load_quality_profile, shipped_quality_profiles

    if name not in shipped_quality_profiles() and not Path(name).is_absolute():
        # workers start in other folders than the one in which the pipeline was checked
        known = ", ".join(shipped_quality_profiles())
        return (
            f"There is no quality profile {name!r}; shipped are: {known}; a file is named by its whole path."
        )
    try:
        load_quality_profile(name)
    except (QualityProfileUnknown, QualityProfileInvalid) as error:
        return error.message
    return ""


_TAG_SET = "The tags that masters must and may have: baseline, slub, or the path of one's own set"


def _no_tag_set(name: str) -> str:
    from archive.errors import TagSetInvalid, TagSetUnknown
    from archive.imaging.tag_sets import load_tag_set, shipped_tag_sets

    if name not in shipped_tag_sets() and not Path(name).is_absolute():
        known = ", ".join(shipped_tag_sets())
        return f"There is no tag set {name!r}; shipped are: {known}; a file is named by its whole path."
    try:
        load_tag_set(name)
    except (TagSetUnknown, TagSetInvalid) as error:
        return error.message
    return ""


def _no_models(text: str) -> str:
    return (
        "" if _MODELS.fullmatch(text) else f"{text!r} does not name models of Tesseract, such as deu+Fraktur."
    )


def _no_engine(name: str) -> str:
    from archive.errors import EngineBroken, EngineUnknown
    from archive.text.engines import find_engine

    try:
        find_engine(name)
    except (EngineUnknown, EngineBroken) as error:
        return error.message
    return ""


def _stage(name: str) -> Loaded:
    return Loaded(f"workers.stages.{name}", name)


SHIPPED: dict[str, Step] = {
    "validate": Step(
        run=_stage("validate"),
        title="See that sources, language data, bag profile and room on the disk are there",
        applies_to=("item",),
        parameters=(
            Parameter(
                "language_data", "flag", "Whether the engine must have the data of the item's language"
            ),
        ),
    ),
    "capture": Step(
        run=_stage("capture"),
        queue="capture",
        title="Bring pages from the scanner, or take existing images in",
        applies_to=("chunk",),
        parameters=(
            Parameter(
                "master_compression",
                "text",
                "How masters are compressed; files that are taken in stay as they are",
                choices=("none", "deflate"),
            ),
            Parameter("tag_set", "text", _TAG_SET, problem=_no_tag_set),
        ),
    ),
    "characterise": Step(
        run=_stage("characterise"),
        queue="compute_intensive",
        title="Technical metadata, quality checks and derivatives of each page",
        applies_to=("chunk",),
        needs=("capture",),
        parameters=(
            Parameter(
                "quality_profile",
                "text",
                "A quality profile that comes with Recto, or the path of one's own",
                problem=_no_quality_profile,
            ),
            Parameter("tag_set", "text", _TAG_SET, problem=_no_tag_set),
            Parameter("access_long_side", "whole", "Longest side of access images, in pixels", 200, 20000),
            Parameter("access_quality", "whole", "Quality of access JPEGs", 1, 95),
            Parameter("ocr_rendition", "flag", "Whether the image that text is recognised from is made here"),
            Parameter(
                "outside_tools",
                "flag",
                "Whether exiftool, jpylyzer and checkit_tiff are asked, where they are installed",
            ),
        ),
    ),
    "enrich": Step(
        run=_stage("enrich"),
        queue="compute_intensive",
        title="Suggest what the images tell about the pages",
        applies_to=("item",),
        needs=("characterise",),
        parameters=(
            Parameter(
                "kinds",
                "texts",
                "The kinds of suggestions that are made; all when left out",
                choices=PAGE_SUGGESTIONS,
            ),
            Parameter(
                "barcodes", "flag", "Whether QR codes, Code 128 and Code 39 are read; not when left out"
            ),
            Parameter(
                "separator", "text", "How the code of a sheet between items begins; RECTO:ITEM: when left out"
            ),
        ),
    ),
    "ocr": Step(
        run=_stage("ocr"),
        queue="compute_intensive",
        title="Recognise the text of each page",
        applies_to=("chunk",),
        needs=("capture",),
        parameters=(
            Parameter(
                "engine",
                "text",
                "What reads the pages: tesseract, or an engine that an installed package offers",
                problem=_no_engine,
            ),
            Parameter(
                "language",
                "text",
                "Tesseract models, joined by +, where the item names none",
                problem=_no_models,
            ),
            Parameter("page_segmentation", "whole", "Tesseract's --psm", 0, 13),
            Parameter(
                "second_page_segmentation",
                "whole",
                "Tried too where the first reading is unsure; ~ for none",
                0,
                13,
                may_be_none=True,
            ),
            Parameter(
                "detect_script",
                "flag",
                "Whether Tesseract tells Fraktur from Latin where the item names no language",
            ),
            Parameter("timeout_seconds", "number", "Longest time for one page, in seconds", 1, 86400),
        ),
    ),
    "assemble": Step(
        run=_stage("assemble"),
        queue="compute_intensive",
        title="The item's searchable PDF/A and its text",
        applies_to=("item",),
        needs=("characterise",),
        parameters=(
            Parameter("pdf", "flag", "Whether a PDF/A is made; the text always is"),
            Parameter(
                "kinds",
                "texts",
                "The kinds of suggestions that the text gives; all when left out",
                choices=TEXT_SUGGESTIONS,
            ),
        ),
    ),
    "bag": Step(
        run=_stage("bag"),
        queue="io_bound",
        title="Write the item's bag",
        applies_to=("item",),
        needs=("capture",),
    ),
    "upload": Step(
        run=_stage("upload"),
        queue="io_bound",
        title="Send the bag to the storage targets",
        applies_to=("item",),
        needs=("bag",),
        parameters=(Parameter("targets", "texts", "Names of storage targets where the manifest names none"),),
    ),
    "confirm": Step(
        run=_stage("confirm"),
        queue="io_bound",
        title="Prove the stored bytes and write the receipt",
        applies_to=("item",),
        needs=("upload",),
    ),
    "target": Step(
        run=_stage("target"),
        title="See that a colour target of that time proves the scanner true",
        applies_to=("item",),
        needs=("capture",),
        parameters=(
            Parameter("standard", "text", "Levels that come with Recto, or the path of one's own"),
            Parameter("level", "text", "The level that must be reached, such as 3 star"),
            Parameter(
                "max_age_hours",
                "number",
                "How long before or after a page the target may be scanned",
                1,
                8760,
            ),
        ),
    ),
    "jpeg2000": Step(
        run=_stage("jpeg2000"),
        queue="imaging_heavy",
        title="A JPEG 2000 image of each page for image servers",
        applies_to=("chunk",),
        needs=("characterise",),
        parameters=(
            Parameter("ratio", "whole", "Bytes of the pixels for each byte of the file", 1, 100),
            Parameter("outside_tools", "flag", "Whether jpylyzer is asked, where it is installed"),
        ),
    ),
    "enrich_remote": Step(
        run=_stage("enrich_remote"),
        queue="io_bound",
        title="Ask a provider for suggestions about the text, where a person consented",
        applies_to=("item",),
        needs=("ocr",),
        parameters=(
            Parameter("provider", "text", "Which provider; openai-compatible when left out"),
            Parameter(
                "images",
                "whole",
                "Images of so many first pages are sent too, small; none when left out",
                0,
                4,
            ),
        ),
    ),
    "fetch": Step(
        run=_stage("fetch"),
        queue="io_bound",
        title="Fetch the files that a manifest names on servers",
        applies_to=("chunk",),
    ),
}
"""By the name that pipelines call them by."""
