# SPDX-License-Identifier: Apache-2.0
"""Problems of a manifest as values: what is wrong, where it stands in the file, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

Severity = Literal["error", "warning"]


class Code(StrEnum):
    """Every kind of problem a manifest can have. Scripts rely on the values; `docs/manifest.md` explains them."""

    # the file
    UNKNOWN_FORMAT = "unknown-format"
    TOO_BIG = "too-big"
    EMPTY = "empty"
    UNDECODABLE = "undecodable"
    ENCODING_GUESSED = "encoding-guessed"
    NOT_A_WORKBOOK = "not-a-workbook"
    SYNTAX = "syntax"
    TOO_DEEP = "too-deep"
    DUPLICATE_KEY = "duplicate-key"
    YAML_FEATURE = "yaml-feature"
    OTHER_SHEETS = "other-sheets"
    # the table
    NO_ITEM_TABLE = "no-item-table"
    NO_ITEMS = "no-items"
    TOO_MANY_ITEMS = "too-many-items"
    UNKNOWN_COLUMN = "unknown-column"
    UNKNOWN_KEY = "unknown-key"
    DUPLICATE_COLUMN = "duplicate-column"
    UNNAMED_COLUMN = "unnamed-column"
    EXTRA_CELL = "extra-cell"
    CONFLICTING_VALUES = "conflicting-values"
    FORMULA = "formula"
    CELL_ERROR = "cell-error"
    CELL_BECAME_DATE = "cell-became-date"
    # values
    REQUIRED = "required"
    WRONG_TYPE = "wrong-type"
    TOO_LONG = "too-long"
    ILLEGAL_CHARACTER = "illegal-character"
    NAME_ILLEGAL = "name-illegal"
    NAME_NOT_NFC = "name-not-nfc"
    DUPLICATE_ID = "duplicate-id"
    ID_COLLISION = "id-collision"
    RESOLUTION_RANGE = "resolution-range"
    RESOLUTION_DIFFERS = "resolution-differs"
    UNKNOWN_COLOR_PROFILE = "unknown-color-profile"
    SCANNER_ID_FORM = "scanner-id-form"
    SCANNER_MISSING = "scanner-missing"
    SETTING_VALUE = "setting-value"
    TAG_NAME = "tag-name"
    TAG_VALUE = "tag-value"
    TAG_MISSING = "tag-missing"
    BAG_PROFILE_UNKNOWN = "bag-profile-unknown"
    STORAGE_FORM = "storage-form"
    STORAGE_SECRET = "storage-secret"  # noqa: S105 - the name of a problem, not a secret
    STORAGE_UNKNOWN = "storage-unknown"
    PIPELINE_UNKNOWN = "pipeline-unknown"
    BATCH_EXISTS = "batch-exists"
    LANGUAGE_FORM = "language-form"
    LANGUAGE_DOUBTFUL = "language-doubtful"
    DATE_FORM = "date-form"
    PAGES_RANGE = "pages-range"
    PAGES_MANY = "pages-many"
    PAGES_OR_FILES = "pages-or-files"
    # files named by an item
    PATH_LEAVES_FOLDER = "path-leaves-folder"
    PATH_FORM = "path-form"
    FILE_MISSING = "file-missing"
    FILE_NOT_REGULAR = "file-not-regular"
    FILE_UNREADABLE = "file-unreadable"
    FILE_EMPTY = "file-empty"
    FILE_TYPE = "file-type"
    FILE_TWICE = "file-twice"
    ADDRESS_FORM = "address-form"
    ADDRESS_SECRET = "address-secret"  # noqa: S105 - the name of a problem, not a secret


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a manifest file.

    Attributes:
        row: Spreadsheet row as the spreadsheet program shows it, counting from 1; None for JSON and YAML.
        column: Column letter ("A", "AB"); None for JSON and YAML and where a whole row is meant.
        pointer: JSON pointer (RFC 6901) into a JSON or YAML document; None for spreadsheets.
        line: Line of a JSON or YAML file, counting from 1; None for spreadsheets.
    """

    row: int | None = None
    column: str | None = None
    pointer: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or doubtful, in a manifest.

    Attributes:
        row: As in `Place`.
        column: As in `Place`.
        pointer: As in `Place`.
        line: As in `Place`.
        code: A value of `Code`.
        message: What is wrong, in one sentence that names the value.
        remedy: What to do, in one sentence.
        severity: An "error" keeps the batch from being created; a "warning" may be accepted.
    """

    row: int | None
    column: str | None
    pointer: str | None
    line: int | None
    code: str
    message: str
    remedy: str
    severity: Severity = "error"

    @classmethod
    def at(cls, place: Place, code: Code, message: str, remedy: str, severity: Severity = "error") -> Problem:
        """A problem at a place."""
        return cls(place.row, place.column, place.pointer, place.line, code.value, message, remedy, severity)

    def to_json(self) -> dict[str, Any]:
        """The problem as a JSON object, with every key present."""
        return {
            "row": self.row,
            "column": self.column,
            "pointer": self.pointer,
            "line": self.line,
            "code": self.code,
            "message": self.message,
            "remedy": self.remedy,
            "severity": self.severity,
        }


class Refused(ValueError):
    """A value breaks a rule of the manifest; pydantic carries it to whoever validates.

    Args:
        code: The kind of problem.
        message: What is wrong.
        remedy: What to do.
    """

    def __init__(self, code: Code, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.code = code
        self.message = message
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[Refused], tuple[Code, str, str]]:
        return type(self), (self.code, self.message, self.remedy)


def shown(value: object, limit: int = 60) -> str:
    """A value as it may stand in a message: quoted, on one line, invisible characters written as escapes."""
    text = str(value)
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return "“" + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text) + "”"
