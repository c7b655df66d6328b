# SPDX-License-Identifier: Apache-2.0
"""From a record's fields to the plain values that the model takes, each in the type it should have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.manifest import rules
from archive.manifest.draft import FAULTY, Field, Kind, Record
from archive.manifest.problems import Code, Place, Problem, Refused, shown
from archive.manifest.setting_text import read_setting

_WHOLE = re.compile(r"([+-]?[0-9]{1,18})(?:[.,]0*)?")


@dataclass(slots=True)
class Conversion:
    """The values of one record.

    Attributes:
        values: Python values by field name, ready for the model.
        problems: What could not be converted.
        settled: Names of fields of which a problem is reported already.
        places: Places of the entries of lists and mappings, by (field, index or key) as in `values`.
    """

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    places: dict[tuple[str, int | str], Place] = field(default_factory=dict)

    def refuse(self, name: str, place: Place, refused: Refused) -> None:
        """Note a problem with a field."""
        self.settled.add(name)
        self.problems.append(Problem.at(place, refused.code, refused.message, refused.remedy))


def convert(record: Record, kinds: Mapping[str, Kind]) -> Conversion:
    """Turn the fields of a record into values, collecting all problems."""
    conversion = Conversion()
    for name, entry in record.fields.items():
        if kinds[name] in (Kind.SETTINGS, Kind.TAGS):
            _convert_mapping(conversion, name, entry, kinds[name])
        elif kinds[name] is Kind.LIST:
            _convert_list(conversion, name, entry)
        else:
            value = _convert_one(conversion, name, entry, kinds[name])
            if value is not None:
                conversion.values[name] = value
    return conversion


def _convert_one(conversion: Conversion, name: str, entry: Field, kind: Kind) -> Any:
    try:
        return _whole_number(entry) if kind is Kind.INTEGER else _text(entry)
    except Refused as refused:
        conversion.refuse(name, entry.place, refused)
    except _AlreadyReportedError:
        conversion.settled.add(name)
    return None


def _convert_list(conversion: Conversion, name: str, entry: Field) -> None:
    if entry.value is FAULTY:
        conversion.settled.add(name)
        return
    entries = entry.value if isinstance(entry.value, tuple) else (entry,)
    values: list[str] = []
    for each in entries:
        value = _convert_one(conversion, name, each, Kind.TEXT)
        if value is not None:
            conversion.places[name, len(values)] = each.place
            values.append(value)
    conversion.values[name] = tuple(values)


def _convert_mapping(conversion: Conversion, name: str, entry: Field, kind: Kind) -> None:
    if entry.value is None:
        return
    if not isinstance(entry.value, dict):
        conversion.refuse(name, entry.place, _wrong(entry, f"{name} must be a list of names with values"))
        return
    values: dict[str, Any] = {}
    for key, each in entry.value.items():
        try:
            if kind is Kind.TAGS:
                value: Any = _text(each)
                key_there = rules.legal_tag_name(rules.tidy(key))
            else:
                value = _setting(each)
                key_there = rules.legal_setting_name(key)
                rules.legal_setting(key, value)
            if value is not None:
                values[key_there] = value
                conversion.places[name, key_there] = each.place
        except Refused as refused:
            conversion.refuse(name, each.place, refused)
        except _AlreadyReportedError:
            conversion.settled.add(name)
    conversion.values[name] = values


class _AlreadyReportedError(Exception):
    """The field is faulty and its problem stands in the list."""


def _text(entry: Field) -> str | None:
    value = entry.value
    if value is FAULTY:
        raise _AlreadyReportedError
    if isinstance(value, bool) and entry.loose:
        return str(value).upper()
    if isinstance(value, bool | tuple | dict):
        raise _wrong(entry, "Text is expected here")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None else str(value)


def _whole_number(entry: Field) -> int | None:
    value = entry.value
    if value is FAULTY:
        raise _AlreadyReportedError
    if isinstance(value, str):
        if not value.strip():
            return None
        if found := _WHOLE.fullmatch(value.strip()):
            return int(found[1])
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise _wrong(entry, "A whole number is expected here")


def _setting(entry: Field) -> str | int | float | bool | None:
    value = entry.value
    if value is FAULTY:
        raise _AlreadyReportedError
    if isinstance(value, tuple | dict):
        raise _wrong(entry, "A setting has one value")
    if isinstance(value, str) and entry.loose:
        return read_setting(value.strip()) if value.strip() else None
    return value


def _wrong(entry: Field, expectation: str) -> Refused:
    if isinstance(entry.value, tuple):
        found = "a list"
    elif isinstance(entry.value, dict):
        found = "a mapping"
    else:
        found = shown(entry.value)
    return Refused(Code.WRONG_TYPE, f"{expectation}, but there is {found}.", "Correct the value.")
