# SPDX-License-Identifier: Apache-2.0
"""Templates that the reader accepts, and the published schema that accepts what the reader accepts."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from jsonschema import Draft202012Validator

from archive.errors import ManifestExists
from archive.manifest.draft import BATCH_FIELDS, ITEM_FIELDS
from archive.manifest.model import BatchDescription, Manifest, ManifestItem
from archive.manifest.reader import read_manifest
from archive.manifest.schema import manifest_schema, schema_text
from archive.manifest.template import example_manifest, template_bytes, write_template
from archive.manifest.writer import FORMATS, Format

REPOSITORY = Path(__file__).resolve().parents[4]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_template_is_a_manifest_without_problems(tmp_path: Path, kind: Format) -> None:
    path = tmp_path / f"template.{kind}"
    write_template(kind, path)
    reading = read_manifest(path)
    assert reading.problems == ()
    assert reading.manifest == example_manifest()
    assert len(reading.manifest.items) == 2


@pytest.mark.parametrize("kind", ["csv", "xlsx", "yaml"])
def test_a_template_tells_how_to_name_existing_files(kind: Format) -> None:
    content = template_bytes(kind)
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        text = "\n".join(str(row[0]) for row in sheet.iter_rows(values_only=True))
    else:
        text = content.decode("utf-8-sig")
    assert "file_paths" in text


def test_a_template_is_never_written_over_a_file(tmp_path: Path) -> None:
    path = tmp_path / "manifest.csv"
    path.write_text("mine")
    with pytest.raises(ManifestExists):
        write_template("csv", path)
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_a_template_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="csv, xlsx, json, yaml"):
        template_bytes("ods")


def test_the_published_schema_is_that_of_the_model() -> None:
    published = REPOSITORY / "resources" / "manifest.schema.json"
    assert published.read_text(encoding="utf-8") == schema_text(), (
        "Write it anew: python -c 'from archive.manifest.schema import schema_text; "
        'open("resources/manifest.schema.json", "w").write(schema_text())\''
    )


def test_the_schema_is_one_and_accepts_the_templates() -> None:
    Draft202012Validator.check_schema(manifest_schema())
    validator = Draft202012Validator(manifest_schema())
    validator.validate(json.loads(template_bytes("json")))
    validator.validate(yaml.safe_load(template_bytes("yaml")))
    validator.validate(example_manifest().model_dump(mode="json"))


@pytest.mark.parametrize(
    "change",
    [
        {"resolution_dpi": 10},
        {"color_profile": "CMYK"},
        {"items": []},
        {"scanner_id": "test"},
        {"colour": 1},
        {"items": [{"id": "A", "title": "T"}]},
        {"items": [{"id": "A", "title": "T", "pages": 1, "file_paths": ["a.tif"]}]},
        {"items": [{"id": "A", "title": "", "pages": 1}]},
        {"items": [{"id": "A", "title": "T", "pages": 0}]},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(tmp_path: Path, change: dict[str, Any]) -> None:
    document = {**json.loads(template_bytes("json")), **change}
    assert not Draft202012Validator(manifest_schema()).is_valid(document)
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(document))
    assert not read_manifest(path).valid


def test_every_field_of_the_model_can_be_read() -> None:
    assert set(BATCH_FIELDS) == set(BatchDescription.model_fields)
    assert set(BATCH_FIELDS) | {"items"} == set(Manifest.model_fields)
    assert set(ITEM_FIELDS) == set(ManifestItem.model_fields)


def test_every_field_tells_what_it_is() -> None:
    for model in (Manifest, ManifestItem):
        assert all(field.description for field in model.model_fields.values())
