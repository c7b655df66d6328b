# SPDX-License-Identifier: Apache-2.0
"""The manifest: what a digitised batch is to be, and the items in it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from archive.manifest import rules
from archive.manifest.languages import legal_language
from archive.manifest.names import legal_id, same_name_key
from archive.manifest.problems import Code, Refused, shown
from archive.manifest.setting_text import SettingValue

ColorProfile = Literal["sRGB", "AdobeRGB", "eciRGBv2", "gray", "bitonal"]

Text = Annotated[
    str,
    BeforeValidator(rules.tidy),
    AfterValidator(rules.required_text),
    Field(json_schema_extra={"minLength": 1, "maxLength": rules.LONGEST_TEXT}),
]
Line = Annotated[Text, AfterValidator(rules.one_line)]
Id = Annotated[Text, AfterValidator(legal_id)]
ScannerId = Annotated[
    Line,
    AfterValidator(rules.legal_scanner_id),
    Field(json_schema_extra={"pattern": "^(sane|simulated|folder):.+"}),
]
Settings = Annotated[dict[str, SettingValue], BeforeValidator(rules.legal_settings)]
Tags = Annotated[dict[str, Text], BeforeValidator(rules.legal_tags)]
OptionalText = Annotated[Text | None, BeforeValidator(rules.blank_is_none)]
OptionalScannerId = Annotated[ScannerId | None, BeforeValidator(rules.blank_is_none)]
OptionalLanguage = Annotated[
    Annotated[Text, AfterValidator(legal_language)] | None, BeforeValidator(rules.blank_is_none)
]
Source = Annotated[Text, AfterValidator(rules.legal_source)]

_FROZEN = ConfigDict(frozen=True, extra="forbid")


class ManifestItem(BaseModel):
    """One item of a batch: a volume, a folder, a letter. It becomes one bag.

    Either `pages` or `file_paths` is given, never both.
    """

    model_config = ConfigDict(
        **_FROZEN,
        json_schema_extra={
            "oneOf": [
                {"required": ["pages"], "properties": {"pages": {"type": "integer"}}},
                {"required": ["file_paths"], "properties": {"file_paths": {"minItems": 1}}},
            ]
        },
    )

    id: Id = Field(description="Names the item's bag and files; unique in the batch.")
    title: Text = Field(description="Title of the item.")
    creator: OptionalText = Field(None, description="Who made it.")
    date: OptionalText = Field(
        None, description="When it was made, in EDTF: 1915, 1915-03, 1915~, 1914/1918."
    )
    language: OptionalLanguage = Field(
        None, description="ISO 639-2/3 codes or Tesseract model names joined by '+': eng, deu+fra, Fraktur."
    )
    rights: OptionalText = Field(None, description="Rights statement, or the address of one.")
    pages: Annotated[
        Annotated[int, Field(ge=1, le=rules.MOST_PAGES)] | None, BeforeValidator(rules.legal_pages)
    ] = Field(None, description="How many pages to capture.")
    file_paths: tuple[Source, ...] = Field(
        (),
        description="Existing page images in page order: relative to the manifest's folder, or addresses on a server.",
    )
    attachments: tuple[Source, ...] = Field(
        (), description="Files that go along with the pages into the bag, named as in file_paths."
    )
    scanner_id: OptionalScannerId = Field(
        None, description="Device that captures this item, if not the batch's."
    )
    settings: Settings = Field({}, description="Scanner settings of this item, over those of the batch.")
    tags: Tags = Field({}, description="Bag tags of this item, over those of the batch.")

    @model_validator(mode="after")
    def _pages_or_files(self) -> Self:
        require_pages_or_files(has_pages=self.pages is not None, has_files=bool(self.file_paths))
        return self


class BatchDescription(BaseModel):
    """What a manifest says of the batch as a whole."""

    model_config = _FROZEN

    id: Id = Field(description="Names the batch.")
    institution: Text = Field(description="Who owns the material: the bags' Source-Organization.")
    collection: OptionalText = Field(None, description="Collection that the items belong to.")
    scanner_id: OptionalScannerId = Field(
        None,
        description="Device that captures the items, as `recto devices` lists it; needed where items have pages.",
    )
    scanner_model: Text = Field(description="Make and model of the scanner.")
    resolution_dpi: Annotated[
        Annotated[int, Field(ge=rules.LOWEST_DPI, le=rules.HIGHEST_DPI)],
        BeforeValidator(rules.legal_resolution),
    ] = Field(description="Resolution in dots per inch.")
    color_profile: Annotated[ColorProfile, BeforeValidator(rules.legal_color_profile)] = Field(
        description="Colour space of the masters."
    )
    settings: Settings = Field({}, description="Scanner settings: SANE option name to value.")
    pipeline: Line = Field("default", description="Name of the pipeline that processes the batch.")
    bag_profile: Line = Field("aptrust-2.3", description="Name of the bag profile.")
    storage: tuple[Annotated[Line, AfterValidator(rules.legal_storage)], ...] = Field(
        (), description="Storage targets, by name or URL."
    )
    tags: Tags = Field({}, description="Bag tags of all items.")


class Manifest(BatchDescription):
    """A batch: how it is captured, packed and stored, and its items in order."""

    items: Annotated[tuple[ManifestItem, ...], Field(min_length=1)] = Field(
        description="The items of the batch."
    )

    @model_validator(mode="after")
    def _items_fit_together(self) -> Self:
        seen: dict[str, str] = {}
        for item in self.items:
            key = same_name_key(item.id)
            if key in seen:
                raise Refused(
                    Code.DUPLICATE_ID if seen[key] == item.id else Code.ID_COLLISION,
                    f"The ids {shown(seen[key])} and {shown(item.id)} would name the same bag.",
                    "Give each item an id of its own.",
                )
            seen[key] = item.id
            if item.pages is not None and self.scanner_of(item) is None:
                raise Refused(Code.SCANNER_MISSING, *no_scanner(item.id))
        return self

    def scanner_of(self, item: ManifestItem) -> str | None:
        """The device that captures an item: its own, else the batch's."""
        return item.scanner_id or self.scanner_id

    def settings_of(self, item: ManifestItem) -> dict[str, SettingValue]:
        """The scanner settings of an item: the batch's, with the item's own over them."""
        return {**self.settings, **item.settings}

    def tags_of(self, item: ManifestItem) -> dict[str, str]:
        """The bag tags of an item: the batch's, with the item's own over them."""
        return {**self.tags, **item.tags}


def require_pages_or_files(*, has_pages: bool, has_files: bool) -> None:
    """Refuse an item that has both pages to capture and files, or neither."""
    if has_pages and has_files:
        raise Refused(
            Code.PAGES_OR_FILES,
            "The item has both pages to capture and files that exist already.",
            "Keep pages for an item to be scanned, or file_paths for images that exist; make two items of it if needed.",
        )
    if not has_pages and not has_files:
        raise Refused(
            Code.PAGES_OR_FILES,
            "The item says neither how many pages to capture nor which files to take.",
            "Fill in pages with the number of pages to scan, or file_paths with the images.",
        )


def no_scanner(item_id: str) -> tuple[str, str]:
    """Message and remedy for an item to be captured where no scanner is named."""
    return (
        f"The item {shown(item_id)} is to be captured, but neither it nor the batch names a scanner_id.",
        "Write a scanner_id for the batch, as `recto devices` lists it.",
    )
