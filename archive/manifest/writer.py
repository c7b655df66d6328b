# SPDX-License-Identifier: Apache-2.0
"""A manifest as the bytes of a CSV, XLSX, JSON or YAML file, which the reader reads back equal."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import openpyxl
import yaml
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from archive.manifest.columns import BATCH_WORDS, ITEM_WORDS
from archive.manifest.model import Manifest, ManifestItem
from archive.manifest.separated import kept_as_text, write_separated
from archive.manifest.setting_text import SettingValue, setting_text

Format = Literal["csv", "xlsx", "json", "yaml"]
FORMATS: tuple[Format, ...] = ("csv", "xlsx", "json", "yaml")

CellValue = str | int | float | bool | None
LONGEST_CELL = 30_000
"""Characters put into one cell: a spreadsheet keeps 32,767 and silently drops the rest."""

_SHADE = PatternFill("solid", fgColor="DDE6F0")


def manifest_bytes(manifest: Manifest, format: Format, remarks: Sequence[str] = ()) -> bytes:  # noqa: A002
    """Write a manifest.

    Args:
        manifest: The manifest.
        format: One of `FORMATS`.
        remarks: Lines for the person who fills the file in, put on top; JSON has no place for them.
    """
    writers: dict[Format, Callable[[Manifest, Sequence[str]], bytes]] = {
        "csv": _csv,
        "xlsx": _xlsx,
        "json": _json,
        "yaml": _yaml,
    }
    return writers[format](manifest, remarks)


def _csv(manifest: Manifest, remarks: Sequence[str]) -> bytes:
    return rows_as_csv(_rows(manifest, remarks))


def rows_as_csv(rows: Sequence[Sequence[CellValue]]) -> bytes:
    """Rows of a sheet as CSV."""
    # spreadsheets take UTF-8 for what it is only with the byte order mark
    return write_separated([[_cell_text(value) for value in row] for row in rows]).encode("utf-8-sig")


def _cell_text(value: CellValue) -> str:
    if isinstance(value, str):
        return kept_as_text(value)
    return "" if value is None else setting_text(value)


def _xlsx(manifest: Manifest, remarks: Sequence[str]) -> bytes:
    rows = _rows(manifest, remarks)
    return rows_as_workbook(rows, len(rows) - len(manifest.items))


def rows_as_workbook(rows: Sequence[Sequence[CellValue]], header: int) -> bytes:
    """Rows of a sheet as XLSX; `header` is the row, from 1, that heads the table of items."""
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    sheet.title = "Manifest"
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            if value is None:
                continue
            if isinstance(value, float) and float(f"{value:.16g}") != value:
                value = setting_text(value)  # noqa: PLW2901 - openpyxl writes sixteen digits, as Excel shows fifteen
            cell = sheet.cell(row, column, value)
            if isinstance(value, str):
                cell.data_type = "s"  # openpyxl would make a formula of "=..." and an error of "#N/A"
                cell.number_format = "@"  # text: the spreadsheet makes neither dates nor numbers of ids
            if row == header or (row < header and column == 1):
                cell.font = Font(bold=row == header)
                cell.fill = _SHADE
    for column in range(1, len(rows[header - 1]) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 24
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _json(manifest: Manifest, remarks: Sequence[str]) -> bytes:
    del remarks
    return (json.dumps(_document(manifest), ensure_ascii=False, indent=2) + "\n").encode()


def _yaml(manifest: Manifest, remarks: Sequence[str]) -> bytes:
    document = _document(manifest)
    for part in (document, *document["items"]):
        for name, value in part.get("settings", {}).items():
            part["settings"][name] = _Quoted(value) if isinstance(value, str) else value
    text = "".join(f"# {remark}\n" if remark else "#\n" for remark in remarks)
    text += yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text.encode()


class _Quoted(str):
    """Text that must not be taken for a number or a boolean."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """SafeDumper that keeps types and characters where YAML would bend them."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # only in double quotes are line ends of all kinds (U+0085, U+2028) written as escapes
    style = '"' if isinstance(text, _Quoted) or not text.isprintable() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Quoted, _text)


def _document(manifest: Manifest) -> dict[str, Any]:
    """The manifest as a JSON document, without what it does not say."""
    document = _said(manifest.model_dump(mode="json"))
    document["items"] = [_said(item) for item in document["items"]]
    return document


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, [], {})}


def _rows(manifest: Manifest, remarks: Sequence[str]) -> list[list[CellValue]]:
    """The sheet: remarks, batch values, an empty row, the header, one row an item."""
    rows: list[list[CellValue]] = [[f"# {remark}"] for remark in remarks]
    for word in BATCH_WORDS:
        value = getattr(manifest, word)
        if value not in (None, ()):
            rows.append([f"batch_{word}" if word == "id" else word, _joined(value)])
    rows += [[f"settings.{name}", _setting(value)] for name, value in manifest.settings.items()]
    rows += [[f"tag.{name}", value] for name, value in manifest.tags.items()]
    columns = _columns(manifest.items)
    rows += [[], [heading for heading, _ in columns]]
    rows += [[value(item) for _, value in columns] for item in manifest.items]
    return rows


_Column = tuple[str, Callable[[ManifestItem], CellValue]]


def _columns(items: Sequence[ManifestItem]) -> list[_Column]:
    columns: list[_Column] = []
    for word in ITEM_WORDS:
        if word in {"file_paths", "attachments"}:
            columns += _path_columns(items, word)
        elif word in ("id", "title") or any(getattr(item, word) is not None for item in items):
            columns.append((word, _attribute(word)))
    for name in _in_order(item.settings for item in items):
        columns.append((f"settings.{name}", _named_setting(name)))
    for name in _in_order(item.tags for item in items):
        columns.append((f"tag.{name}", _named_tag(name)))
    return columns


def _path_columns(items: Sequence[ManifestItem], word: str) -> list[_Column]:
    """As many columns as the longest list of paths needs."""
    cells = {item.id: _path_cells(getattr(item, word)) for item in items}
    width = max(map(len, cells.values()))

    def column(number: int) -> _Column:
        return word, lambda item: cells[item.id][number] if number < len(cells[item.id]) else None

    return [column(number) for number in range(width)]


def _path_cells(paths: Sequence[str]) -> list[str]:
    cells: list[list[str]] = []
    length = LONGEST_CELL
    for path in paths:
        if length + len(path) + 1 > LONGEST_CELL:
            cells.append([])
            length = 0
        cells[-1].append(path)
        length += len(path) + 1
    return [str(_joined(tuple(cell))) for cell in cells]


def _joined(value: CellValue | tuple[str, ...]) -> CellValue:
    """A list in one cell; the closing '|' keeps a ';' in a lone entry from dividing it."""
    if isinstance(value, tuple):
        return value[0] + "|" if len(value) == 1 and ";" in value[0] else "|".join(value)
    return value


def _attribute(word: str) -> Callable[[ManifestItem], CellValue]:
    return lambda item: getattr(item, word)


def _named_setting(name: str) -> Callable[[ManifestItem], CellValue]:
    return lambda item: _setting(item.settings[name]) if name in item.settings else None


def _named_tag(name: str) -> Callable[[ManifestItem], CellValue]:
    return lambda item: item.tags.get(name)


def _setting(value: SettingValue) -> CellValue:
    return setting_text(value) if isinstance(value, str) else value


def _in_order(mappings: Iterable[dict[str, Any]]) -> list[str]:
    """All keys of several mappings, in the order in which they first come."""
    return list(dict.fromkeys(key for mapping in mappings for key in mapping))
